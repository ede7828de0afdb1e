"""Signed zones for tests, and the answers an honest authoritative server would give from them."""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, cached_property

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.DNAME
import dns.rrset
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from dns.dnssectypes import Algorithm, DSDigest
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS
from dns.rdtypes.ANY.RRSIG import RRSIG

from seg_cli.standards.dnssec.keys import TrustAnchor
from seg_cli.standards.dnssec.walk import Judgement, Walk, Wanted

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEEK = 7 * 86400
INCEPTION = int(NOW.timestamp()) - WEEK
EXPIRATION = int(NOW.timestamp()) + WEEK

ROOT = dns.name.root
Name = dns.name.Name
PrivateKey = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
)

MAKE: Mapping[Algorithm, Callable[[], PrivateKey]] = {
    Algorithm.RSASHA256: lambda: rsa.generate_private_key(65537, 2048),
    Algorithm.RSASHA512: lambda: rsa.generate_private_key(65537, 2048),
    Algorithm.ECDSAP256SHA256: lambda: ec.generate_private_key(ec.SECP256R1()),
    Algorithm.ECDSAP384SHA384: lambda: ec.generate_private_key(ec.SECP384R1()),
    Algorithm.ED25519: ed25519.Ed25519PrivateKey.generate,
    Algorithm.ED448: ed448.Ed448PrivateKey.generate,
}


@dataclass(frozen=True)
class Key:
    private: PrivateKey
    public: DNSKEY

    @classmethod
    def make(cls, algorithm: Algorithm = Algorithm.ED25519, number: int = 0) -> "Key":
        """The same key each time for the same number."""
        return _key(algorithm, number)

    def sign(
        self, rrset: dns.rrset.RRset, signer: Name, until: int = EXPIRATION, since: int = INCEPTION
    ) -> RRSIG:
        return dns.dnssec.sign(
            rrset, self.private, signer, self.public, inception=since, expiration=until
        )

    def ds(self, zone: Name, digest: DSDigest = DSDigest.SHA256) -> DS:
        return dns.dnssec.make_ds(zone, self.public, digest)


@cache
def _key(algorithm: Algorithm, _number: int) -> Key:
    private = MAKE[algorithm]()
    return Key(private, dns.dnssec.make_dnskey(private.public_key(), algorithm, 0x0101))


def name(text: str) -> Name:
    return dns.name.from_text(text)


def rrset(owner: str, rdtype: str, *texts: str, ttl: int = 3600) -> dns.rrset.RRset:
    return dns.rrset.from_text(owner, ttl, "IN", rdtype, *texts)


Records = dict[tuple[Name, RdataType], dns.rrset.RRset]
Signatures = dict[tuple[Name, RdataType], dns.rrset.RRset]


@dataclass(frozen=True)
class Nsec3:
    iterations: int = 0
    salt: bytes = b""
    opt_out: bool = False

    def hash(self, owner: Name) -> bytes:
        text = dns.dnssec.nsec3_hash(owner, self.salt, self.iterations, "SHA1")
        return base64.b32hexdecode(text)


@dataclass(frozen=True)
class Zone:
    """A zone as its text says, signed with a key by NSEC, or by NSEC3, or not at all."""

    origin: Name
    text: str
    key: Key | None = None
    nsec3: Nsec3 | None = None

    @cached_property
    def signed(self) -> tuple[Records, Signatures]:
        zone = dns.zone.from_text(self.text, self.origin, relativize=False)
        if self.key is not None and self.nsec3 is None:
            dns.dnssec.sign_zone(
                zone,
                keys=[(self.key.private, self.key.public)],
                inception=INCEPTION,
                expiration=EXPIRATION,
            )
        return self._with_nsec3(*sets_of(zone))

    def _with_nsec3(self, records: Records, signatures: Signatures) -> tuple[Records, Signatures]:
        if self.key is None or self.nsec3 is None:
            return records, signatures
        dnskey = dns.rrset.from_rdata(self.origin, 3600, self.key.public)
        records[self.origin, RdataType.DNSKEY] = dnskey
        records |= {
            (span.name, RdataType.NSEC3): span
            for span in nsec3_records(self.origin, records, self.nsec3)
        }
        for (owner, rdtype), one in records.items():
            if not self.hides(records, owner, rdtype):
                rrsig = self.key.sign(one, self.origin)
                signatures[owner, rdtype] = dns.rrset.from_rdata(owner, one.ttl, rrsig)
        return records, signatures

    def hides(self, records: Records, owner: Name, rdtype: RdataType) -> bool:
        """Whether these records are glue or the name servers of a delegation: never signed."""
        if (owner, RdataType.NS) in records and owner != self.origin:
            return rdtype != RdataType.DS
        return _below_cut(self.origin, records, owner)

    @property
    def names(self) -> set[Name]:
        """All names that exist, with those that only lie between others."""
        records, _ = self.signed
        return {
            above
            for owner, rdtype in records
            if rdtype != RdataType.NSEC3
            for above in _ancestors(owner)
            if above.is_subdomain(self.origin)
        }


def sets_of(zone: dns.zone.Zone) -> tuple[Records, Signatures]:
    records, signatures = Records(), Signatures()
    for owner, rdataset in zone.iterate_rdatasets():
        assert isinstance(owner, Name)
        one = dns.rrset.from_rdata_list(owner, rdataset.ttl, list(rdataset))
        if rdataset.rdtype == RdataType.RRSIG:
            signatures[owner, rdataset.covers] = one
        else:
            records[owner, rdataset.rdtype] = one
    return records, signatures


def _ancestors(owner: Name) -> Iterator[Name]:
    return (owner.split(depth)[1] for depth in range(len(owner), 0, -1))


def _below_cut(origin: Name, records: Records, owner: Name) -> bool:
    return any(
        (above, RdataType.NS) in records
        for above in _ancestors(owner)
        if above not in {owner, origin} and above.is_subdomain(origin)
    )


def nsec3_records(origin: Name, records: Records, nsec3: Nsec3) -> Iterator[dns.rrset.RRset]:
    """The NSEC3 chain of a zone (RFC 5155 s7.1)."""
    types: dict[Name, set[RdataType]] = {}
    for owner, rdtype in records:
        if _below_cut(origin, records, owner):
            continue
        delegation = (owner, RdataType.NS) in records and owner != origin
        if delegation and (owner, RdataType.DS) not in records and nsec3.opt_out:
            continue
        for above in _ancestors(owner):
            if above.is_subdomain(origin):
                types.setdefault(above, set())
        types[owner].add(rdtype)
        if not delegation or rdtype == RdataType.DS:
            types[owner].add(RdataType.RRSIG)
    hashes = sorted((nsec3.hash(owner), owner) for owner in types)
    for index, (hashed, owner) in enumerate(hashes):
        following = base64.b32hexencode(hashes[(index + 1) % len(hashes)][0]).decode()
        salt = nsec3.salt.hex() or "-"
        record = dns.rdata.from_text(
            "IN",
            "NSEC3",
            f"1 {int(nsec3.opt_out)} {nsec3.iterations} {salt} {following} "
            + " ".join(rdtype.name for rdtype in sorted(types[owner])),
        )
        label = base64.b32hexencode(hashed).decode().lower()
        yield dns.rrset.from_rdata(dns.name.from_text(label, origin), 300, record)


class Reply:
    """A message in the making, with the signatures of what is put into it."""

    def __init__(self, zone: Zone, wanted: Wanted) -> None:
        self.records, self.signatures = zone.signed
        self.zone = zone
        query = dns.message.make_query(wanted.name, wanted.rdtype, want_dnssec=True)
        self.message = dns.message.make_response(query)

    def add(
        self,
        section: list[dns.rrset.RRset],
        owner: Name,
        rdtype: RdataType,
        under: Name | None = None,
    ) -> None:
        for one in (self.records.get((owner, rdtype)), self.signatures.get((owner, rdtype))):
            if one is not None:
                section.append(dns.rrset.from_rdata_list(under or owner, one.ttl, list(one)))
                section[-1].covers = one.covers

    def answer(self, owner: Name, rdtype: RdataType) -> None:
        """The zone's own algorithm (RFC 1034 s4.3.2), with proofs (RFC 4035 s3.1)."""
        for _ in range(4):
            source = self._source(owner)
            if source != owner:
                self.deny(owner)
            if (source, rdtype) in self.records:
                self.add(self.message.answer, source, rdtype, owner)
                return
            if (source, RdataType.CNAME) in self.records:
                self.add(self.message.answer, source, RdataType.CNAME, owner)
                to = self.records[source, RdataType.CNAME][0]
                assert isinstance(to, dns.rdtypes.ANY.CNAME.CNAME)
                owner = to.target
            elif dname := self._dname(owner):
                self.add(self.message.answer, dname, RdataType.DNAME)
                to = self.records[dname, RdataType.DNAME][0]
                assert isinstance(to, dns.rdtypes.ANY.DNAME.DNAME)
                target = owner.relativize(dname).concatenate(to.target)
                self.message.answer.append(
                    dns.rrset.from_text(owner, 3600, "IN", "CNAME", str(target))
                )
                owner = target
            else:
                self.nothing(owner)
                return
            if not owner.is_subdomain(self.zone.origin):
                return

    def _source(self, owner: Name) -> Name:
        """The name itself, or the wildcard that stands in for it."""
        if owner in self.zone.names:
            return owner
        wildcard = dns.name.Name((b"*", *self._encloser(owner).labels))
        return wildcard if wildcard in self.zone.names else owner

    def _dname(self, owner: Name) -> Name | None:
        above = (each for each in _ancestors(owner) if each != owner)
        return next((each for each in above if (each, RdataType.DNAME) in self.records), None)

    def _encloser(self, owner: Name) -> Name:
        names = self.zone.names
        return next(above for above in _ancestors(owner) if above in names)

    def nothing(self, owner: Name) -> None:
        self.add(self.message.authority, self.zone.origin, RdataType.SOA)
        if owner not in self.zone.names and self._source(owner) == owner:
            self.message.set_rcode(dns.rcode.NXDOMAIN)
        self.deny(owner)

    def deny(self, owner: Name) -> None:
        if self.zone.nsec3 is not None:
            self._deny_hashed(owner, self.zone.nsec3)
            return
        names = [owner]
        if owner not in self.zone.names:
            names.append(dns.name.Name((b"*", *self._encloser(owner).labels)))
        for each in names:
            owners = sorted(at for at, rdtype in self.records if rdtype == RdataType.NSEC)
            before = [at for at in owners if at <= each]
            if before:
                self._once(before[-1], RdataType.NSEC)

    def _deny_hashed(self, owner: Name, nsec3: Nsec3) -> None:
        spans = sorted(at for at, rdtype in self.records if rdtype == RdataType.NSEC3)
        by_hash = {base64.b32hexdecode(at.labels[0], casefold=True): at for at in spans}
        names = [owner]
        if nsec3.hash(owner) not in by_hash:
            above = [each for each in _ancestors(owner) if nsec3.hash(each) in by_hash]
            wildcard = dns.name.Name((b"*", *above[0].labels))
            names = [above[0], owner.split(len(above[0]) + 1)[1], wildcard]
        for each in names:
            before = [hashed for hashed in sorted(by_hash) if hashed <= nsec3.hash(each)]
            self._once(by_hash[before[-1] if before else max(by_hash)], RdataType.NSEC3)

    def _once(self, owner: Name, rdtype: RdataType) -> None:
        if all((one.name, one.rdtype) != (owner, rdtype) for one in self.message.authority):
            self.add(self.message.authority, owner, rdtype)


@dataclass(frozen=True)
class Internet:
    """Zones that hang together; `forged` stands in for the answers of an attacker."""

    zones: tuple[Zone, ...]
    forged: Mapping[Wanted, Callable[[dns.message.Message], None]]

    @classmethod
    def of(cls, *zones: Zone) -> "Internet":
        return cls(zones, {})

    def forge(
        self, owner: str, rdtype: str, change: Callable[[dns.message.Message], None]
    ) -> "Internet":
        return replace(self, forged={**self.forged, wanted(owner, rdtype): change})

    def ask(self, wanted: Wanted) -> dns.message.Message:
        holders = [
            zone
            for zone in self.zones
            if wanted.name.is_subdomain(zone.origin)
            and (
                wanted.rdtype != RdataType.DS or wanted.name != zone.origin or len(zone.origin) == 1
            )
        ]
        reply = Reply(max(holders, key=lambda zone: len(zone.origin)), wanted)
        reply.answer(wanted.name, wanted.rdtype)
        message = dns.message.from_wire(reply.message.to_wire(max_size=65535))
        if wanted in self.forged:
            self.forged[wanted](message)
        return message

    @property
    def anchor(self) -> TrustAnchor:
        key = self.zones[0].key
        assert key is not None
        return TrustAnchor(self.zones[0].origin, (key.ds(self.zones[0].origin),))


def wanted(owner: str, rdtype: str) -> Wanted:
    return Wanted(name(owner), RdataType.make(rdtype))


def run(walk: Walk, internet: Internet) -> Judgement:
    while (need := walk.needs()) is not None:
        walk.feed(internet.ask(need))
    return walk.result()


def judge(internet: Internet, owner: str, rdtype: str, at: datetime = NOW) -> Judgement:
    return run(Walk(wanted(owner, rdtype), (internet.anchor,), at), internet)


SOA = "@ 3600 IN SOA ns.invalid. mail.invalid. 1 7200 900 1209600 300\n@ 3600 IN NS ns.invalid.\n"

LEAF = """
@ 3600 IN MX 10 mail
mail 3600 IN A 192.0.2.25
_25._tcp.mail 600 IN TLSA 3 1 1 {digest}
www 3600 IN CNAME mail
away 3600 IN CNAME mail.plain.test.
out 3600 IN CNAME mail.other.test.
*.wild 3600 IN A 192.0.2.26
*.alias 3600 IN CNAME mail
old 3600 IN DNAME new
x.new 3600 IN A 192.0.2.27
loop 3600 IN CNAME pool
pool 3600 IN CNAME loop
deep.down 3600 IN A 192.0.2.28
""".format(digest="ab" * 32)


def delegation(child: str, *ds: dns.rdata.Rdata) -> str:
    lines = [f"{child} 3600 IN NS ns.{child}\n", f"ns.{child} 3600 IN A 192.0.2.1\n"]
    return "".join(lines + [f"{child} 3600 IN DS {one.to_text()}\n" for one in ds])


def make_internet(
    algorithm: Algorithm = Algorithm.ED25519,
    nsec3: Nsec3 | None = None,
    digest: DSDigest = DSDigest.SHA256,
    leaf: Iterable[str] = (LEAF,),
) -> Internet:
    """A root, the zone `test`, and below it `secure` and `other` (signed) and `plain` (not)."""
    root, test, secure, other = (Key.make(algorithm, number) for number in range(4))
    children = (
        delegation("secure.test.", secure.ds(name("secure.test."), digest))
        + delegation("other.test.", other.ds(name("other.test."), digest))
        + delegation("plain.test.")
        + "host.test. 3600 IN A 192.0.2.9\n"
    )
    return Internet.of(
        Zone(ROOT, SOA + delegation("test.", test.ds(name("test."), digest)), root, nsec3),
        Zone(name("test."), SOA + children, test, nsec3),
        Zone(name("secure.test."), SOA + "".join(leaf), secure, nsec3),
        Zone(name("other.test."), SOA + "mail 3600 IN A 192.0.2.29\n", other, nsec3),
        Zone(name("plain.test."), SOA + "mail 3600 IN A 192.0.2.30\n"),
    )

"""What a DNS message holds for the validator: signed RRsets, aliases, and records of denial.

Only records of the name in question are read, so that a server cannot plant others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import dns.message
import dns.name
import dns.rdataclass
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.DNAME
import dns.rdtypes.ANY.SOA
import dns.rrset
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.RRSIG import RRSIG

from seg_cli.standards.dnssec.bogus import Bogus
from seg_cli.terms import Reason


@dataclass(frozen=True, slots=True)
class SignedSet:
    """An RRset and the signatures over it that came with it; `ttl` is the least of both (s)."""

    records: dns.rrset.RRset
    signatures: tuple[RRSIG, ...]
    ttl: int

    @property
    def name(self) -> dns.name.Name:
        return self.records.name

    @property
    def rdtype(self) -> RdataType:
        return self.records.rdtype

    @property
    def signer(self) -> dns.name.Name | None:
        """The zone that claims to have signed; None if none could have.

        It holds the name, and lies above it for a DS RRset, which is the parent's (RFC 4035
        s5.3.1). The deepest, should several zones claim it.
        """
        claims = [
            signature.signer
            for signature in self.signatures
            if self.name.is_subdomain(signature.signer)
            and (self.rdtype != RdataType.DS or signature.signer != self.name)
        ]
        return max(claims, key=len, default=None)


def signed_set(
    section: Sequence[dns.rrset.RRset], name: dns.name.Name, rdtype: RdataType
) -> SignedSet | None:
    """The RRset of a name and type in one section of a message, with its signatures; None: none."""
    records = _find(section, name, rdtype, RdataType.NONE)
    if records is None:
        return None
    signatures = _find(section, name, RdataType.RRSIG, rdtype)
    if signatures is None:
        return SignedSet(records, (), records.ttl)
    rrsigs = tuple(signature for signature in signatures if isinstance(signature, RRSIG))
    return SignedSet(records, rrsigs, min(records.ttl, signatures.ttl))


def _find(
    section: Sequence[dns.rrset.RRset], name: dns.name.Name, rdtype: RdataType, covers: RdataType
) -> dns.rrset.RRset | None:
    found = (one for one in section if one.match(name, dns.rdataclass.IN, rdtype, covers))
    return next(found, None)


@dataclass(frozen=True, slots=True)
class Alias:
    """The name is another name for `target` (CNAME), or lies below a name that is (DNAME)."""

    signed: SignedSet
    target: dns.name.Name


def alias_in(message: dns.message.Message, name: dns.name.Name) -> Alias | None:
    """The alias that a message gives for a name, or None.

    The CNAME made from a DNAME bears no signature, so it is not looked at: the target is worked
    out here (RFC 6672 s5.3.1). Bogus (DNS_MALFORMED): the target would be too long for a name.
    """
    cname = signed_set(message.answer, name, RdataType.CNAME)
    dname = None if cname and cname.signatures else _dname_above(message, name)
    for signed in (dname, cname):
        if signed is not None:
            return Alias(signed, _target(signed, name))
    return None


def _dname_above(message: dns.message.Message, name: dns.name.Name) -> SignedSet | None:
    candidates = (
        signed_set(message.answer, ancestor, RdataType.DNAME)
        for ancestor in ancestors(name)
        if ancestor != name
    )
    return next((signed for signed in candidates if signed is not None), None)


def _target(signed: SignedSet, name: dns.name.Name) -> dns.name.Name:
    to = signed.records[0]
    if isinstance(to, dns.rdtypes.ANY.CNAME.CNAME):
        return to.target
    assert isinstance(to, dns.rdtypes.ANY.DNAME.DNAME)
    try:
        return name.relativize(signed.name).concatenate(to.target)
    except dns.name.NameTooLong:
        raise Bogus(Reason.DNS_MALFORMED) from None


def ancestors(name: dns.name.Name) -> Iterator[dns.name.Name]:
    """The name and those above it, up to the root."""
    return (name.split(depth)[1] for depth in range(len(name), 0, -1))


def denials_in(message: dns.message.Message) -> tuple[SignedSet, ...]:
    """The NSEC and NSEC3 RRsets of the authority section."""
    sets = (
        signed_set(message.authority, rrset.name, rrset.rdtype)
        for rrset in message.authority
        if rrset.rdtype in {RdataType.NSEC, RdataType.NSEC3}
    )
    return tuple(signed for signed in sets if signed is not None)


def negative_ttl(message: dns.message.Message) -> int | None:
    """Seconds for which an absence may be kept: the least of the SOA's TTL and minimum.

    None if the message has no SOA. Source: RFC 2308 s5.
    """
    ttls = [
        min(rrset.ttl, soa.minimum)
        for rrset in message.authority
        for soa in rrset
        if isinstance(soa, dns.rdtypes.ANY.SOA.SOA)
    ]
    return min(ttls, default=None)

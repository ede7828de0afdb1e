"""The keys of a zone, and how they come to be trusted: through a DS RRset or an anchor.

What is not supported makes a zone insecure, not bogus (RFC 4035 s5.2). SHA-1 is not supported,
neither for signatures nor for digests (RFC 9905).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import dns.dnssec
import dns.name
import dns.rdata
from dns.dnssectypes import Algorithm, DSDigest
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS
from dns.rdtypes.dnskeybase import Flag

from seg_cli.standards.dnssec.bogus import Bogus
from seg_cli.terms import Reason

ALGORITHMS: Final = frozenset(
    {
        Algorithm.RSASHA256,
        Algorithm.RSASHA512,
        Algorithm.ECDSAP256SHA256,
        Algorithm.ECDSAP384SHA384,
        Algorithm.ED25519,
        Algorithm.ED448,
    }
)
DIGESTS: Final = frozenset({DSDigest.SHA256, DSDigest.SHA384})

MOST_COLLIDING_KEYS: Final = 4
"""Keys of one zone with one tag and algorithm; honest zones have one (KeyTrap, CVE-2023-50387)."""

MOST_DIGESTS: Final = 16
"""Digests compared for one zone, for the same reason."""


@dataclass(frozen=True, slots=True)
class TrustAnchor:
    """A zone that is trusted beforehand, by digests of its keys (RFC 4033 s2)."""

    zone: dns.name.Name
    ds: tuple[DS, ...]

    @classmethod
    def of(cls, zone: str, *ds: str) -> "TrustAnchor":
        """An anchor from the text of DS records, such as `20326 8 2 E06D...`."""
        read = (dns.rdata.from_text("IN", "DS", each) for each in ds)
        return cls(dns.name.from_text(zone), tuple(each for each in read if isinstance(each, DS)))

    @classmethod
    def read(cls, line: str) -> "TrustAnchor":
        """An anchor from one line of a zone file: owner, TTL, class, `DS`, and the data."""
        owner, _ttl, _class, _type, data = line.split(maxsplit=4)
        return cls.of(owner, data)


ROOT: Final = TrustAnchor.of(
    ".",
    "20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    "38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
)
"""The keys of the root of the Internet (IANA, root-anchors.xml: KSK-2017 and KSK-2024)."""


@dataclass(frozen=True, slots=True)
class TrustedKeys:
    """The validated keys of a zone, good until a time; a caller may keep them for later walks.

    `insecure` says why a zone is proven to have no keys that can be used; then `keys` is empty.
    """

    zone: dns.name.Name
    keys: tuple[DNSKEY, ...]
    until: datetime
    insecure: Reason | None = None

    def of_tag(self, tag: int, algorithm: Algorithm) -> tuple[DNSKEY, ...]:
        """The keys that a signature may mean; Bogus (DNSSEC_TOO_MUCH) if they are too many."""
        keys = tuple(key for key in self.keys if key.algorithm == algorithm and key.key_id() == tag)
        if len(keys) > MOST_COLLIDING_KEYS:
            raise Bogus(Reason.DNSSEC_TOO_MUCH)
        return keys


def zone_keys(records: Iterable[dns.rdata.Rdata]) -> tuple[DNSKEY, ...]:
    """The keys of a DNSKEY RRset that may sign the zone's records and are not revoked.

    Source: RFC 4034 s2.1.1, s2.1.2; RFC 5011 s2.1.
    """
    return tuple(
        key
        for key in records
        if isinstance(key, DNSKEY)
        and key.flags & Flag.ZONE
        and not key.flags & Flag.REVOKE
        and key.protocol == 3
    )


def supported(ds: Iterable[dns.rdata.Rdata]) -> tuple[DS, ...]:
    """The DS records whose algorithm and digest are supported; if none is, the zone is insecure."""
    return tuple(
        one
        for one in ds
        if isinstance(one, DS) and one.algorithm in ALGORITHMS and one.digest_type in DIGESTS
    )


def entry_keys(zone: dns.name.Name, keys: Iterable[DNSKEY], ds: Iterable[DS]) -> tuple[DNSKEY, ...]:
    """The keys that match a DS record: those that vouch for the others (RFC 4035 s5.2).

    Bogus: DNSSEC_DS_MISMATCH if none does, DNSSEC_TOO_MUCH if there is too much to compare.
    """
    pairs = [
        (key, one)
        for key in keys
        for one in ds
        if key.algorithm == one.algorithm and key.key_id() == one.key_tag
    ]
    if len(pairs) > MOST_DIGESTS:
        raise Bogus(Reason.DNSSEC_TOO_MUCH)
    matching = tuple(
        dict.fromkeys(
            key
            for key, one in pairs
            if dns.dnssec.make_ds(zone, key, one.digest_type).digest == one.digest
        )
    )
    if not matching:
        raise Bogus(Reason.DNSSEC_DS_MISMATCH)
    return matching

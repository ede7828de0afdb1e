"""Proofs that something does not exist: the words that NSEC and NSEC3 have in common."""

from enum import Enum, auto
from typing import Protocol

import dns.name
from dns.rdatatype import RdataType


class Denial(Enum):
    """What the records of a proof say of a claim of absence."""

    PROVEN = auto()
    OPT_OUT = auto()
    """Only that no signed name is there; unsigned delegations may be (RFC 5155 s6)."""
    MISSING = auto()
    """Nothing: the claim is bogus."""


class Proof(Protocol):
    """Verified records of denial of one zone."""

    def deny_name(self, name: dns.name.Name) -> Denial:
        """Neither the name exists, nor a wildcard that would stand in for it (NXDOMAIN)."""
        ...

    def deny_type(self, name: dns.name.Name, rdtype: RdataType) -> Denial:
        """The name, or the wildcard that stands in for it, has no such records (NODATA)."""
        ...

    def deny_closer(self, name: dns.name.Name, encloser: dns.name.Name) -> Denial:
        """No name between is closer to `name` than the wildcard under `encloser`."""
        ...

    def is_delegation(self, name: dns.name.Name) -> bool:
        """Whether a record says that another zone begins at the name."""
        ...


def types_of(windows: tuple[tuple[int, bytes], ...]) -> frozenset[int]:
    """The types in the bitmap of a record of denial (RFC 4034 s4.1.2)."""
    return frozenset(
        window * 256 + place * 8 + bit
        for window, bitmap in windows
        for place, octet in enumerate(bitmap)
        for bit in range(8)
        if octet & (0x80 >> bit)
    )


def is_cut(types: frozenset[int]) -> bool:
    """Whether these are the types of a delegation, as the zone above it sees them."""
    return RdataType.NS in types and RdataType.SOA not in types


def hides_below(types: frozenset[int]) -> bool:
    """Whether names below one with these types are somebody else's affair.

    The record says nothing about them then (RFC 6840 s4.1, RFC 5155 s8.3).
    """
    return is_cut(types) or RdataType.DNAME in types


def lacks(types: frozenset[int], rdtype: RdataType, name: dns.name.Name) -> bool:
    """Whether a name that has these types has no records of that one, and no alias instead.

    The zone above a delegation speaks for its DS RRset alone, and the zone below for all but
    that (RFC 6840 s4.1, s4.4).
    """
    if rdtype in types or RdataType.CNAME in types:
        return False
    if rdtype == RdataType.DS:
        return RdataType.SOA not in types or name == dns.name.root
    return not is_cut(types)

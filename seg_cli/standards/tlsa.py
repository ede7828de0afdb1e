"""TLSA records (RFC 6698): the value, the names it is published under, and the rules between
records. What a record has to do with a certificate is in dane.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from seg_cli.address_literals import is_address
from seg_cli.terms import Security

_FIXED_FIELDS = 3
"""Octets before the certificate association data: usage, selector, matching type."""


class Usage(IntEnum):
    """Certificate usages (RFC 7218 s2.1)."""

    PKIX_TA = 0
    PKIX_EE = 1
    DANE_TA = 2
    DANE_EE = 3


class Selector(IntEnum):
    """Which part of a certificate is meant (RFC 7218 s2.2)."""

    CERT = 0
    SPKI = 1


class MatchingType(IntEnum):
    """How that part is presented (RFC 7218 s2.3); of two digests the higher number is stronger."""

    FULL = 0
    SHA2_256 = 1
    SHA2_512 = 2


class Unusable(StrEnum):
    """Why a record counts for nothing in SMTP (RFC 7672 s3.1, DANE-20); a sentence each."""

    TOO_SHORT = "the record is too short"
    USAGE = "the usage is not for SMTP"
    SELECTOR = "unknown selector"
    MATCHING_TYPE = "unknown matching type"
    DIGEST_LENGTH = "the digest has a wrong length"
    DATA = "the certificate or key cannot be read"


@dataclass(frozen=True, slots=True)
class Tlsa:
    """One record as published; numbers that nobody has assigned are kept as they are."""

    usage: int
    selector: int
    matching_type: int
    data: bytes

    @classmethod
    def read(cls, rdata: bytes) -> "Tlsa | Unusable":
        """The record in this RDATA, or TOO_SHORT: a bad record is no failed look-up (DANE-21)."""
        if len(rdata) <= _FIXED_FIELDS:
            return Unusable.TOO_SHORT
        usage, selector, matching_type = rdata[:_FIXED_FIELDS]
        return cls(usage, selector, matching_type, rdata[_FIXED_FIELDS:])

    def __str__(self) -> str:
        """As in a zone file: `3 1 1 9f86d0…` (RFC 6698 s2.2)."""
        return f"{self.usage} {self.selector} {self.matching_type} {self.data.hex()}"


def owner_name(base_domain: str, port: int = 25) -> str:
    """Where the TLSA records of a server are: `_25._tcp.mx.example.` without the last dot; the
    port is the one that is really dialled (RFC 6698 s3, DANE-18)."""
    return f"_{port}._tcp.{base_domain}"


@dataclass(frozen=True, slots=True)
class AddressSeen:
    """How the addresses of a mail host were found.

    host: the name that was asked for. expanded: the name at the end of its aliases, the same
    name without one. security: of the whole answer, the weakest of its parts. alias_security: of
    the host's own CNAME record alone.
    """

    host: str
    expanded: str
    security: Security
    alias_security: Security = Security.INSECURE


def tlsa_base_domains(seen: AddressSeen) -> tuple[str, ...]:
    """The names under which to look for the TLSA records of a host, in this order; the first
    that has any decides. None where DANE is out of the question: nothing is to be asked then.

    A secure alias: the fully expanded name, then the original one, never one between (DANE-14).
    A secure alias with an insecure target: the original name only (DANE-15). Insecure addresses
    (DANE-10) and addresses in place of names (DANE-17): none. Source: RFC 7672 s2.2.3.
    """
    if is_address(seen.host.strip("[]")):
        return ()
    if seen.security is Security.SECURE:
        return tuple(dict.fromkeys((seen.expanded, seen.host)))
    aliased = seen.expanded != seen.host
    return (seen.host,) if aliased and seen.alias_security is Security.SECURE else ()


def reference_identifiers(base_domain: str, *next_hop: str) -> tuple[str, ...]:
    """The names of which the leaf must bear one if a record has usage 2 (DANE-28).

    `next_hop` is the next-hop domain and the name its aliases lead to, as far as DNSSEC protects
    the way from there to the host; nothing where the MX records are insecure, since they would
    let whoever forged them choose the name (DANE-07). Source: RFC 7672 s3.2.2.
    """
    return tuple(dict.fromkeys((base_domain, *next_hop)))


def without_weaker_digests(records: Iterable[Tlsa]) -> tuple[Tlsa, ...]:
    """Digest agility (RFC 7671 s9, DANE-27): of the digests with the same usage and selector
    only those of the strongest kind, and all that give the data in full. Only usable records may
    come in, lest one that nobody can match put out those that somebody can."""
    offered = tuple(records)
    strongest: dict[tuple[int, int], int] = {}
    for record in offered:
        kind = record.usage, record.selector
        strongest[kind] = max(strongest.get(kind, 0), record.matching_type)
    return tuple(
        record
        for record in offered
        if record.matching_type in (MatchingType.FULL, strongest[record.usage, record.selector])
    )

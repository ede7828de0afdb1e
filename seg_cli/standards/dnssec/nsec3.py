"""Proofs of absence by NSEC3 records: as NSEC, but between hashes of names (RFC 5155 s8)."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import dns.name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NSEC3 import NSEC3, OPTOUT, SHA1

from seg_cli.standards.dnssec.answers import SignedSet, ancestors
from seg_cli.standards.dnssec.bogus import Bogus
from seg_cli.standards.dnssec.denial import Denial, hides_below, is_cut, lacks, types_of
from seg_cli.terms import Reason

MOST_ITERATIONS: Final = 100
"""Beyond it the zone counts as insecure; zones should use none at all (RFC 9276 s3.2)."""


@dataclass(frozen=True, slots=True)
class Hashing:
    """How a zone hashes its names; all records of one proof agree (RFC 5155 s8.2)."""

    salt: bytes
    iterations: int

    def hash(self, name: dns.name.Name) -> bytes:
        digest = name.canonicalize().to_wire()
        assert digest is not None
        for _ in range(self.iterations + 1):
            digest = hashlib.sha1(digest + self.salt, usedforsecurity=False).digest()
        return digest


@dataclass(frozen=True, slots=True)
class HashedSpan:
    """One NSEC3 record: the types at the name behind its hash, and the next hash of the zone."""

    owner: bytes
    next: bytes
    types: frozenset[int]
    opt_out: bool

    def covers(self, hashed: bytes) -> bool:
        if self.owner < self.next:
            return self.owner < hashed < self.next
        return hashed > self.owner or hashed < self.next  # the last record leads to the first


@dataclass(frozen=True, slots=True)
class Nsec3Proof:
    """The NSEC3 records of one zone in an answer, verified already."""

    zone: dns.name.Name
    hashing: Hashing
    spans: tuple[HashedSpan, ...]

    @classmethod
    def read(cls, zone: dns.name.Name, sets: Sequence[SignedSet]) -> "Nsec3Proof":
        """Records of unknown hashes and flags are passed over (RFC 5155 s8.1, s8.2).

        Bogus (DNSSEC_NO_PROOF) if none is left or they disagree.
        """
        records = [
            (signed.name, record)
            for signed in sets
            for record in signed.records
            if isinstance(record, NSEC3)
            and record.algorithm == SHA1
            and record.flags in {0, OPTOUT}
        ]
        hashings = {Hashing(record.salt, record.iterations) for _, record in records}
        if len(hashings) != 1:
            raise Bogus(Reason.DNSSEC_NO_PROOF)
        spans = (_span(zone, name, record) for name, record in records)
        return cls(zone, hashings.pop(), tuple(span for span in spans if span is not None))

    @property
    def is_too_costly(self) -> bool:
        return self.hashing.iterations > MOST_ITERATIONS

    def deny_name(self, name: dns.name.Name) -> Denial:
        encloser = self._closest_encloser(name)
        if encloser is None or self._covering(_wildcard(encloser)) is None:
            return Denial.MISSING
        return self.deny_closer(name, encloser)

    def deny_type(self, name: dns.name.Name, rdtype: RdataType) -> Denial:
        own = self._types(name)
        if own is not None:
            return Denial.PROVEN if lacks(own, rdtype, name) else Denial.MISSING
        encloser = self._closest_encloser(name)
        if encloser is None:
            return Denial.MISSING
        wildcard = self._types(_wildcard(encloser))
        if wildcard is not None and not lacks(wildcard, rdtype, name):
            return Denial.MISSING
        closer = self.deny_closer(name, encloser)
        # An unsigned delegation, or a name above one, needs no record of its own (s8.6).
        return Denial.MISSING if wildcard is None and closer is Denial.PROVEN else closer

    def deny_closer(self, name: dns.name.Name, encloser: dns.name.Name) -> Denial:
        next_closer = name.split(len(encloser) + 1)[1]
        span = self._covering(next_closer)
        if span is None:
            return Denial.MISSING
        return Denial.OPT_OUT if span.opt_out else Denial.PROVEN

    def is_delegation(self, name: dns.name.Name) -> bool:
        own = self._types(name)
        return own is not None and is_cut(own)

    def _closest_encloser(self, name: dns.name.Name) -> dns.name.Name | None:
        """The closest name above that a record is for; None if that hides what lies below it."""
        for ancestor in ancestors(name):
            if ancestor == name or not ancestor.is_subdomain(self.zone):
                continue
            types = self._types(ancestor)
            if types is not None:
                return None if hides_below(types) else ancestor
        return None

    def _types(self, name: dns.name.Name) -> frozenset[int] | None:
        hashed = self.hashing.hash(name)
        return next((span.types for span in self.spans if span.owner == hashed), None)

    def _covering(self, name: dns.name.Name) -> HashedSpan | None:
        hashed = self.hashing.hash(name)
        return next((span for span in self.spans if span.covers(hashed)), None)


def _span(zone: dns.name.Name, name: dns.name.Name, record: NSEC3) -> HashedSpan | None:
    """None if the owner is no hash right below the apex (RFC 5155 s3)."""
    try:
        owner = base64.b32hexdecode(name.labels[0], casefold=True)
    except binascii.Error:
        return None
    if len(owner) != len(record.next) or name.parent() != zone:
        return None
    return HashedSpan(owner, record.next, types_of(record.windows), record.flags == OPTOUT)


def _wildcard(encloser: dns.name.Name) -> dns.name.Name:
    return dns.name.Name((b"*", *encloser.labels))

"""Proofs of absence by NSEC records: each says that no name lies between two (RFC 4035 s5.4)."""

from collections.abc import Sequence
from dataclasses import dataclass

import dns.name
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.NSEC import NSEC

from seg_cli.standards.dnssec.answers import SignedSet
from seg_cli.standards.dnssec.denial import Denial, hides_below, is_cut, lacks, types_of


@dataclass(frozen=True, slots=True)
class Span:
    """One NSEC record: the types at its owner, and the next name of the zone."""

    owner: dns.name.Name
    next: dns.name.Name
    types: frozenset[int]

    def covers(self, name: dns.name.Name) -> bool:
        """Whether the name lies between the two, and the record may speak for it."""
        if name.is_subdomain(self.owner) and hides_below(self.types):
            return False
        # The last record of a zone leads back to the apex.
        return bool(self.owner < name and (name < self.next or self.next <= self.owner))

    def encloser(self, name: dns.name.Name) -> dns.name.Name:
        """The closest name above a covered one that exists: both ends do, and all above them."""
        shared = max(_shared_labels(name, self.owner), _shared_labels(name, self.next))
        return name.split(shared)[1]


def _shared_labels(name: dns.name.Name, other: dns.name.Name) -> int:
    return name.fullcompare(other)[2]


@dataclass(frozen=True, slots=True)
class NsecProof:
    """The NSEC records of one zone in an answer, verified already."""

    spans: tuple[Span, ...]

    @classmethod
    def read(cls, zone: dns.name.Name, sets: Sequence[SignedSet]) -> "NsecProof":
        return cls(
            tuple(
                Span(signed.name, record.next, types_of(record.windows))
                for signed in sets
                for record in signed.records
                if isinstance(record, NSEC) and record.next.is_subdomain(zone)
            )
        )

    def deny_name(self, name: dns.name.Name) -> Denial:
        span = self._covering(name)
        if span is None or span.next.is_subdomain(name):  # a name between others has no records
            return Denial.MISSING
        wildcard = self._covering(_wildcard(span.encloser(name)))
        return Denial.PROVEN if wildcard else Denial.MISSING

    def deny_type(self, name: dns.name.Name, rdtype: RdataType) -> Denial:
        own = self._types(name)
        if own is not None:
            return Denial.PROVEN if lacks(own, rdtype, name) else Denial.MISSING
        span = self._covering(name)
        if span is None:
            return Denial.MISSING
        if span.next.is_subdomain(name):
            return Denial.PROVEN
        wildcard = self._types(_wildcard(span.encloser(name)))
        absent = wildcard is not None and lacks(wildcard, rdtype, name)
        return Denial.PROVEN if absent else Denial.MISSING

    def deny_closer(self, name: dns.name.Name, encloser: dns.name.Name) -> Denial:
        span = self._covering(name)
        closest = span is not None and span.encloser(name) == encloser
        return Denial.PROVEN if closest else Denial.MISSING

    def is_delegation(self, name: dns.name.Name) -> bool:
        own = self._types(name)
        return own is not None and is_cut(own)

    def _types(self, name: dns.name.Name) -> frozenset[int] | None:
        return next((span.types for span in self.spans if span.owner == name), None)

    def _covering(self, name: dns.name.Name) -> Span | None:
        return next((span for span in self.spans if span.covers(name)), None)


def _wildcard(encloser: dns.name.Name) -> dns.name.Name:
    return dns.name.Name((b"*", *encloser.labels))

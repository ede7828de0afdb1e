"""The chain of trust: from an anchor down to the zone that holds a name, cut by cut.

Each step asks for the DS RRset of one name more. It is there, and a signed zone begins; or it is
proven absent, and then either an unsigned zone begins or none at all (RFC 4035 s5.2).
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

import dns.message
import dns.name
import dns.rcode
from dns.rdatatype import RdataType

from seg_cli.standards.dnssec.answers import (
    SignedSet,
    alias_in,
    ancestors,
    denials_in,
    negative_ttl,
    signed_set,
)
from seg_cli.standards.dnssec.bogus import Bogus, Indeterminate
from seg_cli.standards.dnssec.denial import Denial, Proof
from seg_cli.standards.dnssec.keys import (
    TrustAnchor,
    TrustedKeys,
    entry_keys,
    supported,
    zone_keys,
)
from seg_cli.standards.dnssec.nsec import NsecProof
from seg_cli.standards.dnssec.nsec3 import Nsec3Proof
from seg_cli.standards.dnssec.signatures import verify, verify_own
from seg_cli.terms import Reason

MOST_DENIALS: Final = 8
"""NSEC or NSEC3 RRsets in one answer; an honest one needs three at most (RFC 5155 s7.2.2)."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An RRset that the caller is to ask for, with DO and CD set (RFC 4035 s3.1.6, s3.2.2)."""

    name: dns.name.Name
    rdtype: RdataType


Asking = Generator[Wanted, dns.message.Message, T]
"""Steps that yield what they need, are sent the answer, and return a result."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a zone vouches for, good for `ttl` seconds; `insecure` says why it does not.

    `delegation`: the absence is one at a name where another zone begins.
    """

    ttl: int
    insecure: Reason | None = None
    delegation: bool = False


class Chain:
    """The zones found so far, and how the next one is found; each answer is judged at one time."""

    def __init__(
        self,
        anchors: Iterable[TrustAnchor],
        known: Mapping[dns.name.Name, TrustedKeys],
        at: datetime,
    ) -> None:
        self._anchors = {anchor.zone: anchor for anchor in anchors}
        self._known = known
        self._at = at
        # Which zone holds a name, for cuts and for names found to be none.
        self._zones: dict[dns.name.Name, TrustedKeys] = {}

    @property
    def trusted(self) -> dict[dns.name.Name, TrustedKeys]:
        """The zones found so far by their names, without those that were known before."""
        return {name: zone for name, zone in self._zones.items() if name == zone.zone}

    def zone_of(self, name: dns.name.Name) -> Asking[TrustedKeys]:
        """The zone that holds a name, with its keys; or one above that is proven insecure.

        Bogus where the chain breaks; Indeterminate (DNSSEC_NO_ANCHOR) if it has no beginning.
        """
        start, current = yield from self._start(name)
        below = [each for each in ancestors(name) if len(each) > len(start)]
        for each in reversed(below):
            if current.insecure is not None:
                break
            current = yield from self._enter(current, each)
            self._zones[each] = current
        return current

    def _start(self, name: dns.name.Name) -> Asking[tuple[dns.name.Name, TrustedKeys]]:
        """The closest name above whose zone is known, or is an anchor."""
        for ancestor in ancestors(name):
            if ancestor in self._zones:
                return ancestor, self._zones[ancestor]
            known = self._known.get(ancestor)
            if known is not None and known.until > self._at:
                return ancestor, known
            if ancestor in self._anchors:
                anchor = self._anchors[ancestor]
                zone = yield from self._trust(anchor, Checked(_DAY))
                self._zones[ancestor] = zone
                return ancestor, zone
        raise Indeterminate(Reason.DNSSEC_NO_ANCHOR)

    def _enter(self, parent: TrustedKeys, name: dns.name.Name) -> Asking[TrustedKeys]:
        """The zone that holds a name right below names of `parent`: a new one, or `parent`."""
        message = yield Wanted(name, RdataType.DS)
        ds = signed_set(message.answer, name, RdataType.DS)
        if ds is not None:
            verified = verify_own(ds, parent, self._at)
            records = supported(ds.records)
            if not records:
                return self._insecure(name, Checked(verified.ttl, Reason.DNSSEC_UNSUPPORTED))
            return (yield from self._trust(TrustAnchor(name, records), Checked(verified.ttl)))
        checked = self._check_no_ds(message, name, parent)
        return parent if checked.insecure is None else self._insecure(name, checked)

    def _check_no_ds(
        self, message: dns.message.Message, name: dns.name.Name, parent: TrustedKeys
    ) -> Checked:
        """That no signed zone begins at a name; insecure if an unsigned one does, or may."""
        alias = alias_in(message, name)
        if alias is not None:
            # A name with an alias, or below one, is no delegation (RFC 1034 s3.6.2, RFC 6672 s2.4).
            return self.check(alias.signed, message, parent)
        checked = self.check_absence(message, Wanted(name, RdataType.DS), parent)
        if checked.insecure is None and checked.delegation:
            return Checked(checked.ttl, Reason.DNSSEC_UNSIGNED)
        return checked

    def _trust(self, anchor: TrustAnchor, ds: Checked) -> Asking[TrustedKeys]:
        """The keys of a zone, vouched for by those that match the DS records."""
        message = yield Wanted(anchor.zone, RdataType.DNSKEY)
        signed = signed_set(message.answer, anchor.zone, RdataType.DNSKEY)
        if signed is None:
            raise Bogus(Reason.DNSSEC_DS_MISMATCH)
        keys = zone_keys(signed.records)
        entries = TrustedKeys(anchor.zone, entry_keys(anchor.zone, keys, anchor.ds), self._at)
        verified = verify_own(signed, entries, self._at)
        return TrustedKeys(anchor.zone, keys, self._until(min(ds.ttl, verified.ttl)))

    def _insecure(self, name: dns.name.Name, checked: Checked) -> TrustedKeys:
        return TrustedKeys(name, (), self._until(checked.ttl), checked.insecure)

    def _until(self, ttl: int) -> datetime:
        return self._at + timedelta(seconds=ttl)

    def check(self, signed: SignedSet, message: dns.message.Message, zone: TrustedKeys) -> Checked:
        """An RRset that a signed zone vouches for, with the proof that a wildcard needs.

        Bogus if it does not; insecure if the proof is one of an opt-out (RFC 5155 s9.2).
        """
        verified = verify(signed, zone, self._at)
        if verified.encloser is None:
            return Checked(verified.ttl)
        proof, ttl = self._proof(message, zone)
        ttl = min(ttl, verified.ttl)
        if isinstance(proof, Reason):
            return Checked(ttl, proof)
        return Checked(ttl, _outcome(proof.deny_closer(signed.name, verified.encloser)))

    def check_absence(
        self, message: dns.message.Message, wanted: Wanted, zone: TrustedKeys
    ) -> Checked:
        """An absence that a signed zone vouches for. Bogus (DNSSEC_NO_PROOF) if it does not."""
        proof, ttl = self._proof(message, zone)
        if isinstance(proof, Reason):
            return Checked(ttl, proof)
        if message.rcode() == dns.rcode.NXDOMAIN:
            return Checked(ttl, _outcome(proof.deny_name(wanted.name)))
        denied = _outcome(proof.deny_type(wanted.name, wanted.rdtype))
        return Checked(ttl, denied, proof.is_delegation(wanted.name))

    def _proof(self, message: dns.message.Message, zone: TrustedKeys) -> tuple[Proof | Reason, int]:
        """The records of denial in a message, verified, and the seconds they may be kept.

        DNSSEC_ITERATIONS instead if they are too costly; they are verified first, so that nobody
        else can make a zone insecure by it (RFC 9276 s3.2).
        """
        denials = [signed for signed in denials_in(message) if signed.signer == zone.zone]
        if not denials:
            raise Bogus(Reason.DNSSEC_NO_PROOF)
        if len(denials) > MOST_DENIALS:
            raise Bogus(Reason.DNSSEC_TOO_MUCH)
        ttls = [verify_own(signed, zone, self._at).ttl for signed in denials]
        soa = negative_ttl(message)
        ttl = min(ttls if soa is None else [*ttls, soa])
        if any(signed.rdtype == RdataType.NSEC for signed in denials):
            return NsecProof.read(zone.zone, denials), ttl
        proof = Nsec3Proof.read(zone.zone, denials)
        return (Reason.DNSSEC_ITERATIONS if proof.is_too_costly else proof), ttl


_DAY: Final = 86400
"""The keys under an anchor are asked for again after a day at the latest."""


def _outcome(denial: Denial) -> Reason | None:
    """Why a denial does not make secure; None if it does. Bogus (DNSSEC_NO_PROOF): no denial."""
    if denial is Denial.MISSING:
        raise Bogus(Reason.DNSSEC_NO_PROOF)
    return Reason.DNSSEC_OPT_OUT if denial is Denial.OPT_OUT else None

"""DANE: what is known of the TLSA records of one mail host, and what that means for mail to it.

Records are looked for before a host is connected to. Usable ones bind it: its certificate has to
match. Without them Mandatory keeps the mail, and Opportunistic does what `after_opportunistic`
reads out of the tech note.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from seg_cli.policy.facts import Absent, Failed, Found, Lookup
from seg_cli.standards.dane import usable_records
from seg_cli.standards.tlsa import Tlsa
from seg_cli.terms import DaneMode, Reason, Security


@dataclass(frozen=True, slots=True)
class DaneHost:
    """A mail host as DANE knows it.

    base_domain: the name its TLSA records are looked for under; also for SNI (DANE-29).
    references: the names its certificate may bear (`tlsa.reference_identifiers`). mx: the status
    of the MX records that led to it, secure also where an answer proved that there are none.
    """

    base_domain: str
    references: tuple[str, ...]
    mx: Security


@dataclass(frozen=True, slots=True)
class UsableTlsa:
    """Secure records of which at least one is usable; the usable ones."""

    records: tuple[Tlsa, ...]
    host: DaneHost


@dataclass(frozen=True, slots=True)
class UnusableTlsa:
    """Secure records of which none is usable (DANE-12)."""


@dataclass(frozen=True, slots=True)
class NoTlsa:
    """No records that count: none, insecure ones (DANE-06), or nobody asked since the address
    is insecure (DANE-10)."""

    reason: Reason = Reason.TLSA_NONE


@dataclass(frozen=True, slots=True)
class TlsaFailed:
    """The look-up failed, or its answer is bogus: nobody knows whether there are records."""


TlsaFacts = UsableTlsa | UnusableTlsa | NoTlsa | TlsaFailed


def tlsa_facts(looked_up: Lookup[tuple[Tlsa, ...]], host: DaneHost) -> TlsaFacts:
    """What an answer about the TLSA records of a host amounts to.

    `looked_up` holds every record that could be read, usable or not: a set of which none could
    be is Found, with no records, since it is there. Source: RFC 7672 s2.1, s2.2, DNS-01.
    """
    match looked_up:
        case Failed() | Found(security=Security.BOGUS | Security.INDETERMINATE):
            return TlsaFailed()
        case Absent(security=Security.BOGUS | Security.INDETERMINATE):
            return TlsaFailed()
        case Absent():
            return NoTlsa()
        case Found(security=Security.INSECURE):
            return NoTlsa(Reason.TLSA_INSECURE)
        case Found(records):
            usable = usable_records(records)
            return UsableTlsa(usable, host) if usable else UnusableTlsa()
        case _:
            assert_never(looked_up)


def first_decisive(answers: Iterable[TlsaFacts]) -> TlsaFacts:
    """Of the answers for each base domain, in the order of `tlsa.tlsa_base_domains`, the first
    that is more than absence (DANE-14): an error decides too. No base domain at all is an
    insecure address."""
    last: TlsaFacts = NoTlsa(Reason.DANE_ADDRESS_INSECURE)
    for last in answers:
        if not isinstance(last, NoTlsa):
            break
    return last


class Floor(Enum):
    """The least that a connection must have where DANE does not decide."""

    CLEAR_TEXT = auto()
    TLS = auto()


@dataclass(frozen=True, slots=True)
class MustMatch:
    """DANE decides: one of these records must match, and nothing else is asked (AOS-21)."""

    tlsa: UsableTlsa


@dataclass(frozen=True, slots=True)
class GoesOn:
    """DANE does not decide: MTA-STS does or, where it is skipped, the TLS setting."""

    reason: Reason
    floor: Floor = Floor.CLEAR_TEXT


@dataclass(frozen=True, slots=True)
class Forbids:
    """Nothing is to be sent to this host now."""

    reason: Reason


def under_dane(mode: DaneMode, tlsa: TlsaFacts) -> MustMatch | GoesOn | Forbids:
    """What follows for a host from its records, under a mode in which DANE applies."""
    return after_mandatory(tlsa) if mode is DaneMode.MANDATORY else after_opportunistic(tlsa)


def after_mandatory(tlsa: TlsaFacts) -> MustMatch | Forbids:
    """The tech note: "If DANE Mandatory fails, mail is not delivered" (AOS-22).

    It needs usable records, and MX records that are secure as well: with insecure ones whoever
    forged them chose the host (RFC 7672 s2.2.1, DANE-07).
    """
    match tlsa:
        case UsableTlsa(host=DaneHost(mx=Security.SECURE)):
            return MustMatch(tlsa)
        case UsableTlsa():
            return Forbids(Reason.DANE_MX_INSECURE)
        case UnusableTlsa():
            return Forbids(Reason.TLSA_UNUSABLE)
        case NoTlsa(reason):
            return Forbids(reason)
        case TlsaFailed():
            return Forbids(Reason.DNSSEC_INVALID)
        case _:
            assert_never(tlsa)


def after_opportunistic(tlsa: TlsaFacts) -> MustMatch | GoesOn | Forbids:
    """The tech note: "If DANE Opportunistic fails and MTA-STS is skipped due to a configuration
    error, the gateway attempts to deliver with the configured TLS setting" (AOS-23).

    The note does not say what failing is. Read here: the host has no records that count. Where
    it has usable ones a certificate that does not match them keeps the mail from the host, as
    does a look-up that fails, for else an attacker could bring about either, and MTA-STS must
    not override it (RFC 7672 s2.2, RFC 8461 s2). What the appliance is seen to do instead is a
    line here.
    """
    match tlsa:
        case UsableTlsa():
            return MustMatch(tlsa)
        case UnusableTlsa():  # DANE-12
            return GoesOn(Reason.TLSA_UNUSABLE, Floor.TLS)
        case NoTlsa(reason):  # DANE-04, DANE-06, DANE-10
            return GoesOn(reason)
        case TlsaFailed():  # DANE-05
            return Forbids(Reason.DNSSEC_INVALID)
        case _:
            assert_never(tlsa)

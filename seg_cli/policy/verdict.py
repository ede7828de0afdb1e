"""The verdict: whether what a mail host showed is what it had to show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from types import MappingProxyType
from typing import assert_never

from seg_cli.policy.dane import UsableTlsa
from seg_cli.policy.facts import HostNames, TlsFacts
from seg_cli.policy.names import match_hosted, match_mta_sts, match_verify, named_by_dane
from seg_cli.policy.requirement import TlsRequirement
from seg_cli.policy.tls_settings import AfterHandshake, CheckKind, Encryption
from seg_cli.standards.certificates import CertificateNames
from seg_cli.standards.dane import Shown, authenticate
from seg_cli.standards.pkix import TrustAnchors, check_chain, names_of
from seg_cli.terms import Reason


class Course(Enum):
    """What to do with the connection."""

    SEND = auto()
    """Deliver over it, under TLS."""

    SEND_IN_CLEAR = auto()
    """Deliver over it, without TLS."""

    RECONNECT_IN_CLEAR = auto()
    """Deliver without TLS, over a new connection."""

    REFUSE = auto()
    """Deliver nothing to this host now."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do, and why.

    `peer` is the verified name as the log shows it, empty where no check passed. `why` is what
    went wrong as the log words it, empty where mail is sent under TLS; `verification` tells a
    failed check from a failed handshake.
    """

    course: Course
    peer: str = ""
    why: str = ""
    verification: bool = False
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """What certificates are judged by: trusted roots, the time, and the names of the host."""

    anchors: TrustAnchors
    at: datetime
    names: HostNames


Match = Callable[[CertificateNames, HostNames], str | None]

MATCHES: Mapping[CheckKind, Match] = MappingProxyType(
    {
        CheckKind.VERIFY: match_verify,
        CheckKind.VERIFY_HOSTED: match_hosted,
        CheckKind.MTA_STS: match_mta_sts,
    }
)


@dataclass(frozen=True, slots=True)
class Passed:
    """The check passed; the name that vouches for the host."""

    peer: str


@dataclass(frozen=True, slots=True)
class NotPassed:
    """The check failed."""

    reason: Reason
    why: str


def judge(requirement: TlsRequirement, seen: TlsFacts, reference: Reference) -> Verdict:
    """What to do with a host that showed this."""
    if seen.refusal is not None:
        return without_tls(requirement, seen, seen.refusal)
    if not requirement.minimum_version.admits(seen.protocol):
        return without_tls(requirement, seen, Reason.PROTOCOL_TOO_OLD)
    results = [check(kind, requirement, seen, reference) for kind in requirement.checks]
    for result in results:
        if isinstance(result, NotPassed):
            return Verdict(
                Course.REFUSE,
                why=result.why,
                verification=True,
                reasons=(*requirement.reasons, result.reason),
            )
    passed = [result.peer for result in results if isinstance(result, Passed)]
    if requirement.tried is not None:
        return tried(requirement, check(requirement.tried, requirement, seen, reference))
    return Verdict(Course.SEND, peer=passed[0] if passed else "", reasons=requirement.reasons)


def tried(requirement: TlsRequirement, result: Passed | NotPassed) -> Verdict:
    """Setting 4: delivered in either case, and only the log differs (AOS-04)."""
    match result:
        case Passed(peer):
            return Verdict(Course.SEND, peer=peer, reasons=requirement.reasons)
        case NotPassed(reason):
            return Verdict(Course.SEND, reasons=(*requirement.reasons, reason))
        case _:
            assert_never(result)


def without_tls(requirement: TlsRequirement, seen: TlsFacts, refusal: Reason) -> Verdict:
    """There is no TLS: before the 220 an opportunistic setting goes on in clear text, over a new
    connection if this one is lost; behind it only setting 4 does, always over a new one (AOS-02,
    AOS-04)."""
    reasons = (*requirement.reasons, refusal)
    why = (seen.detail or refusal.value) if seen.behind_220 else refusal.value
    if requirement.encryption is Encryption.MANDATORY:
        return Verdict(Course.REFUSE, why=why, reasons=reasons)
    if not seen.behind_220:
        course = Course.RECONNECT_IN_CLEAR if seen.lost else Course.SEND_IN_CLEAR
        return Verdict(course, why=why, reasons=reasons)
    match requirement.failed_handshake:
        case AfterHandshake.CLEAR_TEXT:
            return Verdict(Course.RECONNECT_IN_CLEAR, why=why, reasons=reasons)
        case AfterHandshake.HOLD:
            return Verdict(Course.REFUSE, why=why, reasons=reasons)
        case _:
            assert_never(requirement.failed_handshake)


def check(
    kind: CheckKind, requirement: TlsRequirement, seen: TlsFacts, reference: Reference
) -> Passed | NotPassed:
    """One check of the certificate."""
    if kind is CheckKind.DANE:
        assert requirement.tlsa is not None  # the check is demanded with its records
        return check_dane(requirement.tlsa, seen, reference)
    return check_pkix(MATCHES[kind], seen, reference)


def check_pkix(names_host: Match, seen: TlsFacts, reference: Reference) -> Passed | NotPassed:
    """A trusted chain (AOS-08), and a name that vouches for the host."""
    problem = check_chain(seen.chain, reference.anchors, reference.at)
    if problem is not None:
        return NotPassed(problem, problem.value)
    presented = names_of(seen.chain[0])
    assert not isinstance(presented, Reason)  # a trusted chain has a readable leaf
    peer = names_host(presented, reference.names)
    if peer is None:
        reason = Reason.CERTIFICATE_HOST_MISMATCH
        return NotPassed(reason, f"{reason.value} domain {reference.names.domain}")
    return Passed(peer)


def check_dane(tlsa: UsableTlsa, seen: TlsFacts, reference: Reference) -> Passed | NotPassed:
    """The check DANE: a record matches (DANE-01, DANE-03); trusted roots do not count here."""
    shown = Shown(seen.chain, tlsa.host.references, reference.at)
    matched = authenticate(tlsa.records, shown)
    match matched:
        case Reason.CERTIFICATE_HOST_MISMATCH:
            return NotPassed(matched, f"{matched.value} domain {tlsa.host.base_domain}")
        case Reason():
            return NotPassed(matched, matched.value)
        case _:
            return Passed(named_by_dane(matched))

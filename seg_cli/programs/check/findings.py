"""Findings: what of a domain is to be mended, and by whom.

Every reason is one that the policy room gave: what a host would be refused for under the choice of
destconfig that asks for it. Nothing is judged here a second time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from seg_cli.delivery.forecast import Choice, Fate, attempt, demanded, governance_of
from seg_cli.delivery.probe import Shown
from seg_cli.delivery.survey import MailHost, Survey, listed
from seg_cli.policy.facts import Failed
from seg_cli.policy.outcome import NotReached
from seg_cli.policy.requirement import InForce, NoPolicy, Refusal, TlsRequirement
from seg_cli.policy.trial import AS_IF_ENFORCED
from seg_cli.programs.check.cures import cure_of
from seg_cli.terms import DaneMode, MtaStsSupport, PolicyMode, Reason, TlsMode

BY_MTA_STS = Choice(TlsMode.REQUIRED, DaneMode.NONE, MtaStsSupport.ON)
BY_DANE = Choice(TlsMode.REQUIRED, DaneMode.MANDATORY, MtaStsSupport.OFF)
NOT_TAKING_PART = {Reason.TLSA_NONE, Reason.DANE_ADDRESS_INSECURE}
"""Who has no TLSA records does without DANE; that is no fault."""


class Standing(IntEnum):
    """How a domain stands; the exit status of `check`."""

    IN_ORDER = 0
    """Mail can be delivered to every host under a check that holds: DANE or an enforced policy."""

    TO_BE_MENDED = 1
    """Something is to be mended first."""

    UNKNOWN = 2
    """It could not be found out where mail goes."""


class Weight(StrEnum):
    """What a finding means."""

    PROBLEM = "problem"
    """To be mended."""

    NOTE = "note"
    """Good to know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a domain, or about one of its hosts; `detail` is what was seen of it."""

    reason: Reason
    domain: str
    host: str = ""
    detail: str = ""
    weight: Weight = Weight.PROBLEM

    @property
    def what(self) -> str:
        """What it is, in one sentence."""
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.host or self.domain}: {self.reason.value}{detail}."

    @property
    def cure(self) -> str:
        """Who can mend it, and how, in one sentence."""
        return cure_of(self.reason, self.domain, self.host)


def standing_of(survey: Survey) -> Standing:
    """How the domain stands."""
    if isinstance(survey.hosts, NotReached) and not survey.hosts.permanent:
        return Standing.UNKNOWN
    problems = [each for each in findings_of(survey) if each.weight is Weight.PROBLEM]
    return Standing.TO_BE_MENDED if problems else Standing.IN_ORDER


def findings_of(survey: Survey) -> tuple[Finding, ...]:
    """Everything that was found, each once: what is about the domain, then host by host."""
    return tuple(dict.fromkeys(find(survey)))


def find(survey: Survey) -> Iterator[Finding]:
    domain = survey.destination.domain
    if survey.destination.route is not None:
        yield Finding(Reason.MTA_STS_ROUTE, domain)
    if isinstance(survey.hosts, NotReached):
        yield Finding(survey.hosts.reason, domain, detail=survey.hosts.detail)
        return
    yield from about_policy(survey)
    if isinstance(survey.validated, NotReached):
        yield Finding(survey.validated.reason, domain)
    for host in survey.hosts:
        yield from about_host(survey, host)
    for host in listed(survey.validated):
        yield from about_records(survey, host)


def about_policy(survey: Survey) -> Iterator[Finding]:
    """Why no policy is enforced, if none is; to do without one is no fault where DANE holds."""
    domain = survey.destination.domain
    match survey.sts:
        case NoPolicy(Reason.STS_NO_RECORD as reason):
            hosts = listed(survey.validated)
            holds = bool(hosts) and all(is_secured_by_dane(survey, host) for host in hosts)
            weight = Weight.NOTE if holds else Weight.PROBLEM
            yield Finding(reason, domain, weight=weight)
        case NoPolicy(reason):
            yield Finding(reason, domain, detail=survey.cause)
        case InForce(policy) if policy.mode is PolicyMode.TESTING:
            yield Finding(Reason.STS_TESTING, domain)
        case InForce(policy) if policy.mode is PolicyMode.NONE:
            yield Finding(Reason.STS_NONE, domain)


def about_host(survey: Survey, host: MailHost) -> Iterator[Finding]:
    """What keeps a host from being reached, listed and authenticated as MTA-STS asks for."""
    domain, name = survey.destination.domain, host.hop.host
    if not host.addresses:
        yield Finding(Reason.NO_ADDRESS, domain, name)
    requirement = demanded(governance_of(survey, BY_MTA_STS), host, survey.sts)
    reason = requirement.reason if isinstance(requirement, Refusal) else None
    if reason is not None or Reason.STS_MX_NOT_LISTED in reasons_of(requirement):
        yield Finding(reason or Reason.STS_MX_NOT_LISTED, domain, name)
    if isinstance(survey.sts, NoPolicy) and is_secured_by_dane(survey, host):
        return
    yield from at_addresses(survey, host, AS_IF_ENFORCED)


def reasons_of(requirement: TlsRequirement | Refusal) -> tuple[Reason, ...]:
    return () if isinstance(requirement, Refusal) else requirement.reasons


def about_records(survey: Survey, host: MailHost) -> Iterator[Finding]:
    """What keeps a host from being authenticated by its TLSA records."""
    domain, name = survey.destination.domain, host.hop.host
    requirement = demanded(governance_of(survey, BY_DANE), host, survey.sts)
    if isinstance(requirement, Refusal):
        weight = Weight.NOTE if requirement.reason in NOT_TAKING_PART else Weight.PROBLEM
        yield Finding(requirement.reason, domain, name, weight=weight)
        return
    yield from at_addresses(survey, host, requirement)


def at_addresses(survey: Survey, host: MailHost, requirement: TlsRequirement) -> Iterator[Finding]:
    """What keeps mail from the addresses of a host. One that cannot be reached is no fault beside
    one that can: it may be this machine that has no IPv6."""
    domain, name = survey.destination.domain, host.hop.host
    shown = {
        address: survey.of(host, address, requirement.server_name(name))
        for address in host.addresses
    }
    is_reached = not all(isinstance(each, Failed) for each in shown.values())
    for address, each in shown.items():
        tried = attempt(requirement, each)
        if tried.fate is not Fate.VERIFIED:
            is_spare = isinstance(each, Failed) and is_reached
            weight = Weight.NOTE if is_spare else Weight.PROBLEM
            detail = ", ".join(filter(None, (address, said_at(each))))
            yield Finding(tried.reasons[-1], domain, name, detail, weight)


def said_at(shown: Shown | Failed) -> str:
    """What an address, or the network on the way there, said in words of its own."""
    if isinstance(shown, Failed):
        return shown.detail
    return shown.silenced.detail if shown.silenced is not None else shown.facts.detail


def is_secured_by_dane(survey: Survey, host: MailHost) -> bool:
    """Whether DANE Mandatory would deliver to the host, at every address of it."""
    found = [each for each in listed(survey.validated) if each.hop.host == host.hop.host]
    if not found or not found[0].addresses:
        return False
    requirement = demanded(governance_of(survey, BY_DANE), found[0], survey.sts)
    if isinstance(requirement, Refusal):
        return False
    faults = at_addresses(survey, found[0], requirement)
    return all(fault.weight is Weight.NOTE for fault in faults)

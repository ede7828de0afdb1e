"""A forecast: what would become of mail to a domain under one choice of TLS, DANE and MTA-STS.

A rendering of a survey: the same four steps as in a delivery decide, over facts that were seen
once. What a mail host says of sender, recipients and message is beyond it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from typing import assert_never

from seg_cli.config.destinations import DestinationControl
from seg_cli.delivery.addresses import is_preferred
from seg_cli.delivery.probe import Shown
from seg_cli.delivery.survey import MailHost, Survey
from seg_cli.policy.facts import Failed
from seg_cli.policy.outcome import NotReached
from seg_cli.policy.precedence import Applies, Governance, govern
from seg_cli.policy.requirement import (
    NOT_ASKED,
    NeedsPolicy,
    Refusal,
    Sts,
    TlsRequirement,
    demand,
)
from seg_cli.policy.tls_settings import Encryption
from seg_cli.policy.verdict import Course
from seg_cli.terms import DaneMode, MtaStsSupport, Reason, TlsMode


@dataclass(frozen=True, slots=True)
class Choice:
    """What a destination control may say of TLS."""

    tls: TlsMode
    dane: DaneMode
    mta_sts: MtaStsSupport


CHOICES = tuple(Choice(*each) for each in product(TlsMode, DaneMode, MtaStsSupport))
"""Every choice of the menus, in their order."""


class Fate(StrEnum):
    """What becomes of the mail."""

    VERIFIED = "verified"
    """It leaves under TLS, to a host whose certificate passed a check."""

    ENCRYPTED = "encrypted"
    """It leaves under TLS, to a host that nobody vouches for."""

    CLEAR = "clear"
    """It leaves in clear text."""

    HELD = "held"
    """It stays in the queue."""

    BOUNCED = "bounced"
    """It goes back to its sender, by an answer of the DNS."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The fate of mail under a choice: at which host, with which verified name (empty where none
    was asked for), and why; where no host takes it, the reasons of all of them."""

    fate: Fate
    host: str = ""
    peer: str = ""
    reasons: tuple[Reason, ...] = ()


def forecasts(survey: Survey) -> dict[Choice, Forecast]:
    """What would become of mail under every choice."""
    return {choice: forecast(survey, choice) for choice in CHOICES}


def forecast(survey: Survey, choice: Choice) -> Forecast:
    """What would become of mail under one choice: the first host that does takes it."""
    governance = governance_of(survey, choice)
    hosts = survey.validated if isinstance(governance.dane, Applies) else survey.hosts
    sts = survey.sts if isinstance(governance.mta_sts, Applies) else NOT_ASKED
    if isinstance(hosts, NotReached):
        fate = Fate.BOUNCED if hosts.permanent else Fate.HELD
        return Forecast(fate, reasons=(hosts.reason,))
    reasons: list[Reason] = []
    for tried in attempts(survey, hosts, governance, sts):
        if tried.fate is not Fate.HELD:
            return tried
        reasons += tried.reasons
    return Forecast(Fate.HELD, reasons=tuple(dict.fromkeys(reasons)) or (Reason.NO_ADDRESS,))


def governance_of(survey: Survey, choice: Choice) -> Governance:
    """What governs mail to the domain under a choice, and with the appliance's route to it."""
    settings = survey.destination.settings
    entry = DestinationControl("", tls=choice.tls, dane=choice.dane, mta_sts=choice.mta_sts)
    return govern(entry.effective(settings), survey.destination.route)


def attempts(
    survey: Survey, hosts: tuple[MailHost, ...], governance: Governance, sts: Sts
) -> Iterator[Forecast]:
    """What comes of each address, in the order in which they are tried."""
    preference = survey.destination.settings.ip_sort
    by_host = {host: demanded(governance, host, sts) for host in hosts}
    for host, requirement in by_host.items():
        if isinstance(requirement, Refusal):
            yield Forecast(Fate.HELD, host.hop.host, reasons=(requirement.reason,))
    addresses = [
        (host, requirement, address)
        for host, requirement in by_host.items()
        if isinstance(requirement, TlsRequirement)
        for address in host.addresses
    ]
    addresses.sort(key=lambda each: (each[0].hop.rank, not is_preferred(each[2], preference)))
    for host, requirement, address in addresses:
        shown = survey.of(host, address, requirement.server_name(host.hop.host))
        yield replace(attempt(requirement, shown), host=host.hop.host)


def demanded(governance: Governance, host: MailHost, sts: Sts) -> TlsRequirement | Refusal:
    """What a host must show. The policy has been sought already, so nobody asks for it."""
    requirement = demand(governance, host.hop.host, sts, host.tlsa)
    assert not isinstance(requirement, NeedsPolicy)
    return requirement


def attempt(requirement: TlsRequirement, shown: Shown | Failed) -> Forecast:
    """What comes of one address that showed this."""
    if isinstance(shown, Failed):
        return Forecast(Fate.HELD, reasons=(shown.reason,))
    if requirement.encryption is Encryption.NEVER:
        return Forecast(Fate.CLEAR, reasons=requirement.reasons)
    verdict = shown.under(requirement).verdict
    match verdict.course:
        case Course.SEND if shown.silenced is not None:
            return Forecast(Fate.HELD, reasons=(shown.silenced.reason,))
        case Course.SEND:
            is_verified = bool(requirement.checks or verdict.peer)
            fate = Fate.VERIFIED if is_verified else Fate.ENCRYPTED
            return Forecast(fate, peer=verdict.peer, reasons=verdict.reasons)
        case Course.SEND_IN_CLEAR | Course.RECONNECT_IN_CLEAR:
            return Forecast(Fate.CLEAR, reasons=verdict.reasons)
        case Course.REFUSE:
            return Forecast(Fate.HELD, reasons=verdict.reasons[-1:])
        case _:
            assert_never(verdict.course)

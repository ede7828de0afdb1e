"""Precedence: which mechanisms may apply to a destination, and why the others do not.

The rules stand in the order of the tech note: an SMTP route takes the domain out of DANE and
MTA-STS; TLS No leaves nothing to protect; then each mechanism has its own switch, and DANE goes
before MTA-STS.
"""

from dataclasses import dataclass

from seg_cli.config.destinations import DestinationSettings
from seg_cli.config.smtp_routes import SmtpRoute
from seg_cli.terms import DaneMode, MtaStsSupport, Reason, TlsMode


@dataclass(frozen=True, slots=True)
class Applies:
    """The mechanism is to be asked about this destination."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """The mechanism has no say, and why."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Refusal:
    """No mail may go to this host; with no host left, the message stays queued."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Governance:
    """Who decides about mail to one destination: DANE, then MTA-STS, and always the setting."""

    tls: TlsMode
    dane: Skipped | Refusal
    mta_sts: Applies | Skipped


def govern(settings: DestinationSettings, route: SmtpRoute | None) -> Governance:
    """What the settings of a destination, and its SMTP route if it has one, amount to."""
    return Governance(settings.tls, dane_applies(settings, route), mta_sts_applies(settings, route))


def dane_applies(settings: DestinationSettings, route: SmtpRoute | None) -> Skipped | Refusal:
    """DANE is skipped for domains with an SMTP route, without TLS, and where it is off; else
    its mode says what its absence means (AOS-28, AOS-29)."""
    if goes_by_route(route):
        return Skipped(Reason.DANE_ROUTE)
    if goes_without_tls(settings):
        return Skipped(Reason.DANE_TLS_NO)
    match settings.dane:
        case DaneMode.NONE:
            return Skipped(Reason.DANE_OFF)
        case DaneMode.OPPORTUNISTIC:
            return opportunistic_unavailable()
        case DaneMode.MANDATORY:
            return mandatory_unavailable()


def mta_sts_applies(settings: DestinationSettings, route: SmtpRoute | None) -> Applies | Skipped:
    """MTA-STS applies where it is switched on for the destination (AOS-20), unless an SMTP route
    exists (AOS-28) or the destination goes without TLS (AOS-29)."""
    if goes_by_route(route):
        return Skipped(Reason.MTA_STS_ROUTE)
    if goes_without_tls(settings):
        return Skipped(Reason.MTA_STS_TLS_NO)
    match settings.mta_sts:
        case MtaStsSupport.OFF:
            return Skipped(Reason.MTA_STS_OFF)
        case MtaStsSupport.ON:
            return Applies()


def goes_by_route(route: SmtpRoute | None) -> bool:
    """With an SMTP route for the domain neither DANE nor MTA-STS is applied (AOS-28)."""
    return route is not None


def goes_without_tls(settings: DestinationSettings) -> bool:
    """DANE and MTA-STS are available with the TLS settings 2 to 6 only (AOS-29)."""
    return settings.tls is TlsMode.NO


def opportunistic_unavailable() -> Skipped:
    """This release cannot do DANE: Opportunistic goes on as if the domain had no records."""
    return Skipped(Reason.DANE_UNAVAILABLE)


def mandatory_unavailable() -> Refusal:
    """This release cannot do DANE: Mandatory holds the mail, as its failure does (AOS-22)."""
    return Refusal(Reason.DANE_UNAVAILABLE)

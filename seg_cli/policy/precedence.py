"""Precedence: which mechanisms may apply to mail for a domain, and why not the others.

One named function for each rule, in the order of the tech note.
"""

from dataclasses import dataclass

from seg_cli.config.destinations import DestinationSettings
from seg_cli.config.smtp_routes import SmtpRoute
from seg_cli.terms import DaneMode, MtaStsSupport, Reason, TlsMode


@dataclass(frozen=True, slots=True)
class Applies:
    """The mechanism may apply: what is found outside decides."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """The mechanism is not used, whatever is found outside."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Governance:
    """What governs one destination; `dane_mode` is what was configured."""

    tls: TlsMode
    mta_sts: Applies | Skipped
    dane: Applies | Skipped
    dane_mode: DaneMode = DaneMode.NONE


def govern(settings: DestinationSettings, route: SmtpRoute | None) -> Governance:
    """What governs mail to a destination with these settings and this route, if it has one."""
    return Governance(
        settings.tls,
        mta_sts_applies(settings, route),
        dane_applies(settings, route),
        settings.dane,
    )


def mta_sts_applies(settings: DestinationSettings, route: SmtpRoute | None) -> Applies | Skipped:
    """MTA-STS is a switch of the destination (AOS-20), needs TLS (AOS-29), and is not enforced
    for domains with an SMTP route (AOS-28)."""
    if settings.tls is TlsMode.NO:
        return Skipped(Reason.MTA_STS_TLS_NO)
    if settings.mta_sts is MtaStsSupport.OFF:
        return Skipped(Reason.MTA_STS_OFF)
    if route is not None:
        return Skipped(Reason.MTA_STS_ROUTE)
    return Applies()


def dane_applies(settings: DestinationSettings, route: SmtpRoute | None) -> Applies | Skipped:
    """DANE is chosen by destination, needs TLS (AOS-29), and is not used with an SMTP route
    (AOS-28). It takes precedence over MTA-STS: `requirement.demand` asks it first."""
    if settings.tls is TlsMode.NO:
        return Skipped(Reason.DANE_TLS_NO)
    if settings.dane is DaneMode.NONE:
        return Skipped(Reason.DANE_OFF)
    if route is not None:
        return Skipped(Reason.DANE_ROUTE)
    return Applies()

"""The messages that are sent into Postfix: with which settings, to which port of it, and what the
domain publishes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from seg_cli.config.destinations import DestinationControl
from seg_cli.lab.spec import Issuer
from seg_cli.terms import DaneMode, MtaStsSupport, TlsMode

SETTINGS: Final = {
    TlsMode.NO: "1 No",
    TlsMode.PREFERRED: "2 Preferred",
    TlsMode.REQUIRED: "3 Required",
    TlsMode.PREFERRED_VERIFY: "4 Preferred - Verify",
    TlsMode.REQUIRED_VERIFY: "5 Required - Verify",
    TlsMode.REQUIRED_VERIFY_HOSTED: "6 Required - Verify Hosted Domains",
}

POSTFIXES: Final = {
    "sound": ("may", Issuer.INTERMEDIATE),
    "selfsigned": ("may", Issuer.SELF),
    "clear": ("none", Issuer.INTERMEDIATE),
    "strict": ("encrypt", Issuer.INTERMEDIATE),
}
"""Ports of Postfix by name: smtpd_tls_security_level, and who signed the certificate."""


@dataclass(frozen=True, slots=True)
class Case:
    """One message: its domain, the port of Postfix behind that, the settings, and the policy."""

    title: str
    domain: str
    port: str
    control: DestinationControl
    policy: str = ""
    tlsa: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The mail host: one of its own where it has TLSA records, else that of the port."""
        return f"mx.{self.domain if self.tlsa else f'{self.port}.example'}"

    @property
    def recipient(self) -> str:
        return f"someone@{self.domain}"


def cases() -> tuple[Case, ...]:
    return (*cases_of_settings(), *cases_of_policies(), *cases_of_dane())


def cases_of_settings() -> Iterator[Case]:
    """Each setting with each port."""
    for mode, title in SETTINGS.items():
        for port in POSTFIXES:
            domain = f"set{mode.value}.{port}.example"
            control = DestinationControl(domain, tls=mode)
            yield Case(f"{title}: {port}", domain, port, control)


def cases_of_policies() -> Iterator[Case]:
    """TLS Preferred: what holds mail back is the policy alone."""
    for title, port, mode, mx in (
        ("enforce, listed", "sound", "enforce", "mx.sound.example"),
        ("enforce, listed by a wildcard", "sound", "enforce", "*.sound.example"),
        ("enforce, not listed", "sound", "enforce", "mail.other.example"),
        ("enforce, certificate not trusted", "selfsigned", "enforce", "mx.selfsigned.example"),
        ("enforce, no STARTTLS", "clear", "enforce", "mx.clear.example"),
        ("testing, certificate not trusted", "selfsigned", "testing", "mx.selfsigned.example"),
        ("none, no STARTTLS", "clear", "none", "mx.clear.example"),
    ):
        domain = f"{title.replace(',', '').replace(' ', '-').lower()}.example"
        control = DestinationControl(domain, tls=TlsMode.PREFERRED, mta_sts=MtaStsSupport.ON)
        policy = f"version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: 86400\n"
        yield Case(f"MTA-STS: {title}", domain, port, control, policy)


def cases_of_dane() -> Iterator[Case]:
    """TLS Preferred in signed zones; the records are of the key that Postfix has, or of none."""
    for mode in (DaneMode.OPPORTUNISTIC, DaneMode.MANDATORY):
        for title, port, tlsa in (
            ("record of the key", "sound", "3 1 1 own"),
            ("record of the key, signed by itself", "selfsigned", "3 1 1 own"),
            ("record of the authority", "sound", "2 1 1 ca"),
            ("record of another key", "sound", "3 1 1 mismatch"),
            ("record, no STARTTLS", "clear", "3 1 1 own"),
            ("unusable record", "sound", "1 1 1 own"),
        ):
            name = f"{mode.name}-{title}".replace(",", "").replace(" ", "-").lower()
            control = DestinationControl(f"{name}.example", tls=TlsMode.PREFERRED, dane=mode)
            yield Case(
                f"DANE {mode.name.capitalize()}: {title}",
                control.domain,
                port,
                control,
                tlsa=(tlsa,),
            )


def names_of(port: str) -> tuple[str, ...]:
    """The names in the certificate of a port."""
    own = tuple(case.host for case in cases() if case.port == port)
    return tuple(dict.fromkeys((f"mx.{port}.example", f"*.{port}.example", *own)))

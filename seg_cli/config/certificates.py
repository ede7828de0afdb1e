"""Certificates of the appliance's own, and the authorities whose certificates it believes
(`certconfig`).

All are PEM texts without a line end behind them; standards/identities.py reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

DEMO = "Demo"
"""The certificate that every appliance comes with: it is in no configuration, and always there."""


def is_demo(name: str) -> bool:
    """Whether this is the name of the Demo certificate, in any case."""
    return name.lower() == DEMO.lower()


@dataclass(frozen=True, slots=True)
class CertificateProfile:
    """A certificate, the private key that belongs to it, and the certificates above it, the next
    one first."""

    name: str
    certificate: str
    key: str = field(repr=False)
    intermediates: tuple[str, ...] = ()

    @property
    def pem(self) -> str:
        """Key and chain in one text, in the order in which OpenSSL reads them. Not to be shown."""
        return "\n".join((self.key, self.certificate, *self.intermediates, ""))


@dataclass(frozen=True, slots=True)
class Certificates:
    """Certificate profiles by name, and which lists of authorities are believed (AOS-08)."""

    profiles: Mapping[str, CertificateProfile] = field(default_factory=lambda: MappingProxyType({}))
    system_list: bool = True
    custom_list: bool = False
    custom_authorities: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What a service may be told to use: each profile, and last the Demo certificate."""
        return (*sorted(self.profiles), DEMO)

    def with_profile(self, profile: CertificateProfile) -> "Certificates":
        """With this profile added, or put in place of the one of the same name."""
        return replace(self, profiles=MappingProxyType({**self.profiles, profile.name: profile}))

    def without(self, name: str) -> "Certificates":
        """Without the profile of this name."""
        rest = {other: profile for other, profile in self.profiles.items() if other != name}
        return replace(self, profiles=MappingProxyType(rest))

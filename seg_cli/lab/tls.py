"""TLS as the lab's servers offer it: contexts made when first asked for, new on each lab day.

A certificate's dates are counted from the lab's present day, so a server renews it as the clock
is advanced; one that the spec made expired stays expired.
"""

import ssl
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeVar

from seg_cli.lab.ca import CertificateAuthority
from seg_cli.lab.spec import Certificate, TlsVersion
from seg_cli.smtp.profile import TlsOffer

T = TypeVar("T")

VERSIONS = {
    TlsVersion.V1_2: ssl.TLSVersion.TLSv1_2,
    TlsVersion.V1_3: ssl.TLSVersion.TLSv1_3,
}


@dataclass(slots=True)
class EachDay(Generic[T]):
    """A value made when first asked for, and again when the lab's day has changed."""

    make: Callable[[], T]
    now: Callable[[], datetime]
    _made: tuple[date, T] | None = field(default=None, init=False)

    def get(self) -> T:
        """Today's value."""
        today = self.now().date()
        if self._made is None or self._made[0] != today:
            self._made = today, self.make()
        return self._made[1]


@dataclass(frozen=True, slots=True)
class TlsSetup:
    """Makes what a server needs for TLS, with certificates of the lab's authority."""

    authority: CertificateAuthority
    now: Callable[[], datetime]

    def offer(
        self, certificate: Certificate, versions: tuple[TlsVersion, ...]
    ) -> EachDay[TlsOffer]:
        """TLS in these versions with one certificate, whatever name the client asks for."""
        return EachDay(lambda: TlsOffer(self._context(certificate, versions)), self.now)

    def offer_by_name(self, certificates: Mapping[str, Certificate]) -> EachDay[TlsOffer]:
        """TLS with a certificate for each name; who asks for no known name gets the first."""

        def make() -> TlsOffer:
            first = next(iter(certificates.values()))
            versions = tuple(TlsVersion)
            by_name = {n: self._context(c, versions) for n, c in certificates.items()}
            return TlsOffer(self._context(first, versions), by_name)

        return EachDay(make, self.now)

    def _context(
        self, certificate: Certificate, versions: tuple[TlsVersion, ...]
    ) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        offered = [VERSIONS[version] for version in versions]
        context.minimum_version, context.maximum_version = min(offered), max(offered)
        with tempfile.NamedTemporaryFile() as file:  # OpenSSL reads chains from files only
            file.write(self.authority.issue(certificate).pem)
            file.flush()
            context.load_cert_chain(file.name)
        return context

"""TLS as the lab's servers offer it: contexts made when first asked for, new on each lab day.

A certificate's dates are counted from the lab's present day, so a server renews it as the clock
is advanced; one that the spec made expired stays expired.
"""

import ssl
import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from seg_cli.lab.ca import CertificateAuthority
from seg_cli.lab.spec import MODERN, Certificate, ClientCertificate, TlsVersion
from seg_cli.net.web_pki import NO_CHECK_TIME
from seg_cli.smtp.profile import TlsOffer

VERSIONS = {
    TlsVersion.V1_1: ssl.TLSVersion.TLSv1_1,
    TlsVersion.V1_2: ssl.TLSVersion.TLSv1_2,
    TlsVersion.V1_3: ssl.TLSVersion.TLSv1_3,
}

OLD_CIPHERS = "ALL:@SECLEVEL=0"
"""What OpenSSL wants to hear before it speaks TLS 1.1, where it was built with it at all."""


@dataclass(frozen=True, slots=True)
class ServerTls:
    """What one server offers."""

    certificate: Certificate
    versions: tuple[TlsVersion, ...] = MODERN
    client_certificate: ClientCertificate = ClientCertificate.NOT_ASKED


class AlertingTls(ssl.SSLObject):
    """TLS that lets the peer read why its handshake failed.

    asyncio closes the connection before the alert is sent. It sends the alert when it is told
    that the handshake waits for more, and what then comes is that the peer leaves.
    """

    def do_handshake(self) -> None:
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError:
            raise ssl.SSLWantReadError from None


@dataclass(frozen=True, slots=True)
class TlsSetup:
    """Makes what a server needs for TLS, with certificates of the lab's authority.

    Offers are kept for the day: a server asks at each connection, since its spec may have changed.
    """

    authority: CertificateAuthority
    now: Callable[[], datetime]
    _made: dict[tuple[object, ...], tuple[date, TlsOffer]] = field(default_factory=dict)

    def offer(self, tls: ServerTls) -> TlsOffer:
        """One certificate, whatever name the client asks for."""
        return self._today((tls,), lambda: TlsOffer(self._context(tls)))

    def offer_by_name(self, by_name: Mapping[str, ServerTls]) -> TlsOffer:
        """A certificate for each name; who asks for no known name gets the first."""

        def make() -> TlsOffer:
            contexts = {name: self._context(tls) for name, tls in by_name.items()}
            return TlsOffer(self._context(next(iter(by_name.values()))), contexts)

        return self._today(tuple(by_name.items()), make)

    def _today(self, key: tuple[object, ...], make: Callable[[], TlsOffer]) -> TlsOffer:
        today = self.now().date()
        made = self._made.get(key)
        if made is None or made[0] != today:
            made = self._made[key] = today, make()
        return made[1]

    def _context(self, tls: ServerTls) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sslobject_class = AlertingTls
        offer_versions(context, tls.versions)
        with tempfile.NamedTemporaryFile() as file:  # OpenSSL reads chains from files only
            file.write(self.authority.issue(tls.certificate).pem)
            file.flush()
            context.load_cert_chain(file.name)
        if tls.client_certificate is ClientCertificate.DEMANDED:
            context.verify_mode = ssl.CERT_REQUIRED
            context.verify_flags |= NO_CHECK_TIME  # dates are judged at the lab's time
            context.load_verify_locations(cadata=self.authority.root_der)
        return context


def offer_versions(context: ssl.SSLContext, versions: tuple[TlsVersion, ...]) -> None:
    """Set the oldest and the newest of the versions as limits of a context."""
    offered = [VERSIONS[version] for version in versions]
    if TlsVersion.V1_1 in versions:
        context.set_ciphers(OLD_CIPHERS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a host of TLS 1.1 is meant to be old
        context.minimum_version, context.maximum_version = min(offered), max(offered)


def speaks_tls_1_1() -> bool:
    """Whether this OpenSSL can do what a host of TLS 1.1 is for: a first flight of a client, made
    in memory, says so, since a build or a policy of the system may leave the version out."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_mode = ssl.CERT_NONE
    try:
        offer_versions(client, (TlsVersion.V1_1,))
        client.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO()).do_handshake()
    except ssl.SSLWantReadError:
        return True
    except (ssl.SSLError, ValueError):
        return False
    return False

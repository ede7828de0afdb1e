"""Whom the appliance believes, and who it says it is: what `certconfig` and `destconfig > SETUP`
decide, renewed by each commit.
"""

import ssl

from seg_cli.config.certificates import CertificateProfile, Certificates
from seg_cli.config.tree import Config
from seg_cli.errors import Invalid
from seg_cli.net.identity import load_identity, server_context
from seg_cli.net.starttls import client_context
from seg_cli.smtp.profile import TlsOffer
from seg_cli.standards.identities import read_certificates
from seg_cli.standards.pkix import TrustAnchors


class Credentials:
    """Trusted roots and the certificate to show; `adopt` makes anew only what has changed.

    `roots` are DER, `anchors` the same ready for a verdict (AOS-08). `context` is for mail hosts:
    it judges nobody, and shows the certificate of the global settings to a host that asks for one
    (TLS-08, AOS-13). `inbound` is TLS as the listener offers it. `edition` counts the changes.
    """

    def __init__(self, system_roots: tuple[bytes, ...], demo: CertificateProfile) -> None:
        self._system_roots = system_roots
        self._demo = demo
        self._shown: CertificateProfile | None = None
        self.edition = 0
        self.roots: tuple[bytes, ...] = ()
        self.anchors = TrustAnchors.of(())
        self.context: ssl.SSLContext = client_context()
        own = server_context(demo.pem)
        self.inbound = TlsOffer(own) if own is not None else None

    def adopt(self, config: Config) -> None:
        """Work by this configuration from the next connection on."""
        roots = self._roots(config.certificates)
        if roots != self.roots:
            self.edition += 1
            self.roots, self.anchors = roots, TrustAnchors.of(roots)
        name = config.destinations.default.certificate
        shown = config.certificates.profiles.get(name, self._demo)
        if shown != self._shown:
            self.edition += 1
            self._shown, self.context = shown, client_context()
            load_identity(self.context, shown.pem)  # one that OpenSSL refuses is not shown

    def _roots(self, certificates: Certificates) -> tuple[bytes, ...]:
        system = self._system_roots if certificates.system_list else ()
        if not certificates.custom_list:
            return system
        return (*system, *(der for pem in certificates.custom_authorities for der in _ders(pem)))


def _ders(pem: str) -> tuple[bytes, ...]:
    """The certificates of a PEM text; nothing for a text that a configuration file brought in and
    that is none."""
    try:
        return tuple(certificate.der for certificate in read_certificates(pem))
    except Invalid:
        return ()

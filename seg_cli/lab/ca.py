"""The lab's certificate authority: a root that stands in the appliance's system list, and leaves
that are issued when a server needs them.

The root is made once and kept; dates are counted from the lab's clock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from seg_cli.lab.spec import Certificate, Issuer

ROOT_YEARS = 30
ROOT_EARLIER = timedelta(days=3650)
"""The root is older than any date a lesson plays in."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key, and the chain that a server sends with it (leaf first)."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def pem(self) -> bytes:
        """Key and chain as `SSLContext.load_cert_chain` reads them."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return key + b"".join(one.public_bytes(Encoding.PEM) for one in self.chain)


class CertificateAuthority:
    """Root and intermediate of one lab; keys are kept in `directory`."""

    def __init__(self, directory: Path, now: Callable[[], datetime]) -> None:
        self._now = now
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root = self._kept(directory / "root.pem") or self._make_root(directory / "root.pem")
        self._intermediate = self._make_ca("seg-cli lab intermediate", self._root)

    @property
    def root_der(self) -> bytes:
        """The trusted root."""
        return self._root.certificate.public_bytes(Encoding.DER)

    def issue(self, wanted: Certificate) -> Issued:
        """A leaf as the spec describes it, with the chain that leads to its root."""
        key = ec.generate_private_key(ec.SECP256R1())
        by = {Issuer.ROOT: self._root, Issuer.INTERMEDIATE: self._intermediate}.get(wanted.issuer)
        above = (by.certificate,) if by is self._intermediate else ()
        now = self._now()
        builder = (
            _builder(wanted.common_name, key, by)
            .not_valid_before(now - timedelta(days=wanted.days_old))
            .not_valid_after(now + timedelta(days=wanted.days_left))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        )
        if wanted.names:
            names = x509.SubjectAlternativeName([x509.DNSName(name) for name in wanted.names])
            builder = builder.add_extension(names, critical=False)
        leaf = builder.sign(by.key if by else key, SHA256())
        return Issued(leaf, key, (leaf, *above))

    def _kept(self, path: Path) -> Issued | None:
        if not path.is_file():
            return None
        pem = path.read_bytes()
        key = load_pem_private_key(pem, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        certificate = x509.load_pem_x509_certificate(pem)
        return Issued(certificate, key, (certificate,))

    def _make_root(self, path: Path) -> Issued:
        root = self._make_ca("seg-cli lab root", None)
        path.touch(mode=0o600)
        path.write_bytes(root.pem)
        return root

    def _make_ca(self, name: str, by: Issued | None) -> Issued:
        key = ec.generate_private_key(ec.SECP256R1())
        start = self._now() - ROOT_EARLIER
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        certificate = (
            _builder(name, key, by)
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=365 * ROOT_YEARS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(by.key if by else key, SHA256())
        )
        return Issued(certificate, key, (certificate,))


def _builder(
    name: str, key: ec.EllipticCurvePrivateKey, by: Issued | None
) -> x509.CertificateBuilder:
    """Subject, issuer, key, number, and the identifiers that tie a chain together."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer_key = (by.key if by else key).public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False
        )
    )

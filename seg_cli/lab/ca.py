"""The lab's certificate authority: a root that stands in the appliance's system list, an
intermediate, and leaves that are issued when a server needs them; and a private root beside it
that stands in no list.

Keys are made once and kept in a directory; dates are counted from the lab's clock.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import assert_never

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from seg_cli.errors import BadFile
from seg_cli.lab.spec import Certificate, Chain, Issuer

AUTHORITY_BEFORE = timedelta(days=3650)
AUTHORITY_AFTER = timedelta(days=7300)
"""Long enough for every date that a lesson plays in."""

PURPOSES = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key, and the chain that a server sends with it (leaf first)."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def pem(self) -> bytes:
        """Key and chain as `SSLContext.load_cert_chain` reads them."""
        return key_pem(self.key) + b"".join(one.public_bytes(Encoding.PEM) for one in self.chain)


class CertificateAuthority:
    """Root and intermediate of one lab; a pair that does not suit `now` is made anew."""

    def __init__(self, directory: Path, now: Callable[[], datetime]) -> None:
        self.now = now
        self._directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root = self._authority("root", None)
        self._intermediate = self._authority("intermediate", self._root)
        self._private = self._authority("private", None)

    @property
    def root_der(self) -> bytes:
        """The trusted root."""
        return self._root.certificate.public_bytes(Encoding.DER)

    def issue(self, wanted: Certificate) -> Issued:
        """A leaf as the spec describes it, with as much of its chain as a server sends."""
        key = self.leaf_key(wanted)
        by = self._issuer(wanted.issuer)
        now = self.now()
        builder = (
            _builder(wanted.common_name, key, by)
            .not_valid_before(now - timedelta(days=wanted.days_old))
            .not_valid_after(now + timedelta(days=wanted.days_left))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(PURPOSES), critical=False)
        )
        if wanted.names:
            names = x509.SubjectAlternativeName([x509.DNSName(name) for name in wanted.names])
            builder = builder.add_extension(names, critical=not wanted.common_name)
        leaf = builder.sign(by.key if by else key, SHA256())
        if by is None or by is self._root or wanted.chain is Chain.LEAF:
            return Issued(leaf, key, (leaf,))
        return Issued(leaf, key, (leaf, *by.chain))

    def leaf_key(self, wanted: Certificate) -> ec.EllipticCurvePrivateKey:
        """The key of a leaf; it goes by the names, and outlives every certificate for them."""
        identity = "\n".join((wanted.common_name, *wanted.names))
        return self.key_called("leaf", identity)

    def key_called(self, kind: str, identity: str) -> ec.EllipticCurvePrivateKey:
        """A key that is not an authority's, made when it is first asked for."""
        return self._key(f"{kind}-{sha256(identity.encode()).hexdigest()[:32]}")

    def above(self, wanted: Certificate) -> x509.Certificate | None:
        """The certificate of who issues a leaf; None for one that signs itself."""
        by = self._issuer(wanted.issuer)
        return by.certificate if by else None

    def write(self, file: str, content: bytes) -> None:
        """Keep a file in the directory, for somebody else to use."""
        _write(self._directory / file, content)

    def write_pem(self, name: str, wanted: Certificate) -> None:
        """Keep key and chain in the directory, for somebody else to use."""
        self.write(f"{name}.pem", self.issue(wanted).pem)

    def _issuer(self, issuer: Issuer) -> Issued | None:
        """Who signs; None for a certificate that signs itself."""
        match issuer:
            case Issuer.ROOT:
                return self._root
            case Issuer.INTERMEDIATE:
                return self._intermediate
            case Issuer.PRIVATE:
                return self._private
            case Issuer.SELF:
                return None
            case _:
                assert_never(issuer)

    def _authority(self, role: str, by: Issued | None) -> Issued:
        """The kept authority of this role if its certificate still holds, else a new one."""
        key = self._key(role)
        path = self._directory / f"{role}.pem"
        if path.is_file():
            with readable(path):
                kept = x509.load_pem_x509_certificate(path.read_bytes())
            if self._holds(kept, by):
                return Issued(kept, key, (kept,))
        now = self.now()
        certificate = (
            _builder(f"Lab {role} CA", key, by)
            .not_valid_before(now - AUTHORITY_BEFORE)
            .not_valid_after(now + AUTHORITY_AFTER)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .sign(by.key if by else key, SHA256())
        )
        _write(path, certificate.public_bytes(Encoding.PEM))
        return Issued(certificate, key, (certificate,))

    def _holds(self, certificate: x509.Certificate, by: Issued | None) -> bool:
        if not certificate.not_valid_before_utc <= self.now() <= certificate.not_valid_after_utc:
            return False
        try:
            certificate.verify_directly_issued_by(by.certificate if by else certificate)
        except (ValueError, InvalidSignature):
            return False
        return True

    def _key(self, name: str) -> ec.EllipticCurvePrivateKey:
        path = self._directory / f"{name}.key"
        if path.is_file():
            with readable(path):
                kept = load_pem_private_key(path.read_bytes(), None)
            assert isinstance(kept, ec.EllipticCurvePrivateKey)
            return kept
        key = ec.generate_private_key(ec.SECP256R1())
        _write(path, key_pem(key))
        return key


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Raises BadFile for a damaged file: a new one would not fit the others that are kept."""
    try:
        yield
    except ValueError:
        raise BadFile(f'"{path}" is damaged; remove its folder for a new lab CA.') from None


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A private key as PEM, not encrypted: it protects nothing but a lab."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing: a run that was cut short leaves no half a file."""
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _builder(
    name: str, key: ec.EllipticCurvePrivateKey, by: Issued | None
) -> x509.CertificateBuilder:
    """Subject, issuer, key, number, and the identifiers that tie a chain together."""
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else []
    subject = x509.Name(attributes)
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

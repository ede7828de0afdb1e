"""Certificates made here: signed by their own key, and the request that asks a CA for a better one.

Keys come from the operating system's randomness, dates from the caller. Source: RFC 5280 s4,
RFC 2986.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from seg_cli.standards.certificates import Certificate
from seg_cli.standards.identifiers import is_host_name
from seg_cli.standards.identities import Identity, PrivateKey

PUBLIC_EXPONENT = 65537


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a certificate is for. `country` has two letters, no other part more than 64 characters
    (RFC 5280 Appendix A); empty parts are left out."""

    common_name: str
    organization: str = ""
    unit: str = ""
    locality: str = ""
    state: str = ""
    country: str = ""

    @property
    def name(self) -> x509.Name:
        """The distinguished name, from the country down."""
        parts = (
            (NameOID.COUNTRY_NAME, self.country),
            (NameOID.STATE_OR_PROVINCE_NAME, self.state),
            (NameOID.LOCALITY_NAME, self.locality),
            (NameOID.ORGANIZATION_NAME, self.organization),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, self.unit),
            (NameOID.COMMON_NAME, self.common_name),
        )
        return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text])


@dataclass(frozen=True, slots=True)
class Term:
    """How long a certificate is to hold."""

    begin: datetime
    days: int

    @property
    def end(self) -> datetime:
        return self.begin + timedelta(days=self.days)


def rsa_key(size: int) -> PrivateKey:
    """A new RSA key of so many bits."""
    return rsa.generate_private_key(PUBLIC_EXPONENT, size)


def ec_key() -> PrivateKey:
    """A new key on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def self_signed(subject: Subject, key: PrivateKey, term: Term) -> Identity:
    """A certificate for the subject by its own key; a common name that is a host name is its
    DNS-ID, too."""
    name = subject.name
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(term.begin)
        .not_valid_after(term.end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if is_host_name(subject.common_name):
        dns_id = x509.SubjectAlternativeName([x509.DNSName(subject.common_name)])
        builder = builder.add_extension(dns_id, critical=False)
    certificate = Certificate.read(builder.sign(key, _digest(key)).public_bytes(Encoding.DER))
    assert isinstance(certificate, Certificate)
    return Identity(certificate, key)


def signing_request(identity: Identity) -> str:
    """What a CA is sent to sign for the subject and names of this certificate and its key; PEM."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(identity.certificate.subject)
    if names := identity.certificate.names.dns_names:
        wanted = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(wanted, critical=False)
    request = builder.sign(identity.key, _digest(identity.key))
    return request.public_bytes(Encoding.PEM).decode("ascii").strip()


def _digest(key: PrivateKey) -> SHA256 | None:
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()

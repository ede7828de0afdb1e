"""A certificate authority for tests: any certificate, good or odd, in one call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2024, 1, 31, 12, 0, tzinfo=UTC)
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Validity:
    not_before: datetime
    not_after: datetime


IN_DATE = Validity(NOW - MONTH, NOW + MONTH)
PAST = Validity(NOW - 3 * MONTH, NOW - 2 * MONTH)
FUTURE = Validity(NOW + 2 * MONTH, NOW + 3 * MONTH)

CA = x509.BasicConstraints(ca=True, path_length=None)
LAST_CA = x509.BasicConstraints(ca=True, path_length=0)
NOT_CA = x509.BasicConstraints(ca=False, path_length=None)
ONLY_CLIENTS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
SERVERS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
ANY_PURPOSE = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE])
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key, so that it can issue others."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def dns(*names: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.DNSName(name) for name in names])


def mail_address(address: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.RFC822Name(address)])


def permitted(domain: str) -> x509.NameConstraints:
    return x509.NameConstraints([x509.DNSName(domain)], None)


def key_usage(*, key_cert_sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def subject(*common_names: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name) for name in common_names])


def issue(
    name: str | x509.Name,
    *extensions: x509.ExtensionType,
    by: Issued | None = None,
    validity: Validity = IN_DATE,
) -> Issued:
    """A certificate for the common name, signed `by` its issuer or, without one, by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = subject(name) if isinstance(name, str) else name
    builder = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(by.certificate.subject if by else own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity.not_before)
        .not_valid_after(validity.not_after)
    )
    for extension in extensions:
        critical = not isinstance(extension, x509.SubjectAlternativeName)
        builder = builder.add_extension(extension, critical)
    return Issued(builder.sign(by.key if by else key, hashes.SHA256()), key)


def ders(chain: Sequence[Issued]) -> tuple[bytes, ...]:
    return tuple(issued.der for issued in chain)

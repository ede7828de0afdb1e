"""One certificate (RFC 5280 s4): what it says of itself, before anybody vouches for it.

Reading is separate from trusting: bytes that a server sent become a value here or are found
malformed; whether the value is to be believed is for pkix to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from seg_cli.printable import printable
from seg_cli.terms import Reason

_UNREADABLE = (
    ValueError,
    TypeError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class CertificateNames:
    """What a leaf presents: the dNSNames of its subjectAltName and its common name, as written.

    Of several common names the last, the most specific, is kept (RFC 2818 s3.1).
    """

    dns_names: tuple[str, ...]
    common_name: str | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with everything asked of it read out at once, since the library parses
    lazily and a bad part would raise wherever it is first touched. Times are aware UTC."""

    parsed: x509.Certificate
    subject: x509.Name
    issuer: x509.Name
    not_before: datetime
    not_after: datetime
    names: CertificateNames

    @classmethod
    def read(cls, der: bytes) -> "Certificate | Reason":
        """The certificate in these DER bytes, or CERTIFICATE_MALFORMED."""
        try:
            parsed = x509.load_der_x509_certificate(der)
            return cls(
                parsed,
                parsed.subject,
                parsed.issuer,
                parsed.not_valid_before_utc,
                parsed.not_valid_after_utc,
                CertificateNames(_dns_names(parsed.extensions), _common_name(parsed.subject)),
            )
        except _UNREADABLE:
            return Reason.CERTIFICATE_MALFORMED

    @property
    def der(self) -> bytes:
        return self.parsed.public_bytes(Encoding.DER)

    @property
    def pem(self) -> str:
        """As PEM (RFC 7468), without a line end behind it."""
        return self.parsed.public_bytes(Encoding.PEM).decode("ascii").strip()

    @property
    def is_authority(self) -> bool:
        """Whether it says that it may sign others (RFC 5280 s4.2.1.9)."""
        return any(
            isinstance(extension.value, x509.BasicConstraints) and extension.value.ca
            for extension in self.parsed.extensions
        )

    def check_dates(self, at: datetime) -> Reason | None:
        """CERTIFICATE_NOT_YET_VALID or CERTIFICATE_EXPIRED at this time (aware), None in date."""
        if at < self.not_before:
            return Reason.CERTIFICATE_NOT_YET_VALID
        if at > self.not_after:
            return Reason.CERTIFICATE_EXPIRED
        return None


def certificates_above(leaf: Certificate, pool: Sequence[Certificate]) -> list[Certificate]:
    """The certificates of the pool above the leaf by their names, level by level, each once."""
    above: list[Certificate] = []
    level = [leaf]
    while level:
        issuers = {certificate.issuer for certificate in level}
        level = [certificate for certificate in pool if certificate.subject in issuers]
        pool = [certificate for certificate in pool if certificate.subject not in issuers]
        above += level
    return above


def format_name(name: x509.Name) -> str:
    """A distinguished name in the order in which it is written: `C=US,O=Example,CN=a.example`."""
    return ",".join(
        f"{attribute.rfc4514_attribute_name}={printable(attribute.value)}" for attribute in name
    )


def format_common_name(name: x509.Name) -> str:
    """The common name of a subject or an issuer, printable; without one the whole name."""
    found = _common_name(name)
    return format_name(name) if found is None else printable(found)


def _dns_names(extensions: x509.Extensions) -> tuple[str, ...]:
    return tuple(
        name
        for extension in extensions
        if isinstance(extension.value, x509.SubjectAlternativeName)
        for name in extension.value.get_values_for_type(x509.DNSName)
    )


def _common_name(subject: x509.Name) -> str | None:
    values = [str(name.value) for name in subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return values[-1] if values else None

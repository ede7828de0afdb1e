"""An identity: a certificate, the private key that belongs to it, and the certificates above it.

It comes and goes as PEM (RFC 7468) or as one PKCS #12 file (RFC 7292). What cannot be read raises
Invalid with a sentence, which never repeats what was given: that may be a key.
"""

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)

from seg_cli.errors import Invalid
from seg_cli.standards.certificates import Certificate

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
"""The keys that certificates for TLS are made for."""

NOT_A_CERTIFICATE = "The certificate is not valid PEM."
NOT_A_KEY = "The private key is not valid PEM."
ENCRYPTED = "The private key is encrypted. Remove its passphrase first."
WRONG_KIND = "The private key is of a kind that is not supported."
NO_FIT = "The certificate and the private key do not match."
NOT_PKCS12 = "The file is not PKCS#12, or the passphrase is wrong."
INCOMPLETE = "The file does not hold a certificate and its private key."


@dataclass(frozen=True, slots=True)
class Identity:
    """Who one says one is in TLS; `intermediates` are sent along, the next one above first."""

    certificate: Certificate
    key: PrivateKey = field(repr=False)
    intermediates: tuple[Certificate, ...] = ()


def read_certificates(pem: str) -> tuple[Certificate, ...]:
    """Every certificate in a PEM text, one at least; raises Invalid."""
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
    except (ValueError, x509.InvalidVersion):
        raise Invalid(NOT_A_CERTIFICATE) from None
    return tuple(map(_readable, found))


def read_key(pem: str) -> PrivateKey:
    """The private key in a PEM text; raises Invalid, also for one that is encrypted."""
    try:
        key = load_pem_private_key(pem.encode(), None)
    except TypeError:
        raise Invalid(ENCRYPTED) from None
    except ValueError:
        raise Invalid(NOT_A_KEY) from None
    except UnsupportedAlgorithm:
        raise Invalid(WRONG_KIND) from None
    return _supported(key)


def require_fit(certificate: Certificate, key: PrivateKey) -> None:
    """Raises Invalid unless the certificate is for this key."""
    try:
        certified = certificate.parsed.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise Invalid(WRONG_KIND) from None
    spki = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if certified.public_bytes(*spki) != key.public_key().public_bytes(*spki):
        raise Invalid(NO_FIT)


def key_pem(key: PrivateKey) -> str:
    """The key as PEM (PKCS #8), not encrypted and without a line end behind it."""
    encoded = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return encoded.decode("ascii").strip()


def read_pkcs12(data: bytes, passphrase: str) -> Identity:
    """The identity in a PKCS #12 file; raises Invalid if there is none, or the passphrase is wrong.

    An empty passphrase is tried as the absence of one, too: programs write both. One with a NUL
    in it is wrong by itself: no program can have written it, and the library dies of it.
    """
    if "\0" in passphrase:
        raise Invalid(NOT_PKCS12)
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(
            data, passphrase.encode() or None
        )
    except (ValueError, UnsupportedAlgorithm):
        raise Invalid(NOT_PKCS12) from None
    if key is None or certificate is None:
        raise Invalid(INCOMPLETE)
    identity = Identity(_readable(certificate), _supported(key), tuple(map(_readable, others)))
    require_fit(identity.certificate, identity.key)
    return identity


def write_pkcs12(name: str, identity: Identity, passphrase: str) -> bytes:
    """The identity as a PKCS #12 file under a friendly name, encrypted with the passphrase."""
    return pkcs12.serialize_key_and_certificates(
        name.encode(),
        identity.key,
        identity.certificate.parsed,
        [above.parsed for above in identity.intermediates],
        BestAvailableEncryption(passphrase.encode()),
    )


def _readable(parsed: x509.Certificate) -> Certificate:
    certificate = Certificate.read(parsed.public_bytes(Encoding.DER))
    if isinstance(certificate, Certificate):
        return certificate
    raise Invalid(NOT_A_CERTIFICATE)


def _supported(key: object) -> PrivateKey:
    if isinstance(key, PrivateKey):
        return key
    raise Invalid(WRONG_KIND)

"""Public keys as certificates carry them: the exact bytes, and whether a bare key signed."""

from collections.abc import Iterator

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

_VERSION = 0xA0
"""The tag of the optional first field of a TBSCertificate (RFC 5280 s4.1)."""

_FIELDS_BEFORE_KEY = 5
"""Serial number, signature algorithm, issuer, validity, subject."""


def subject_public_key_info(certificate: x509.Certificate) -> bytes:
    """The SubjectPublicKeyInfo in DER, byte for byte as it stands in the certificate.

    Cut out, for a key that the library reads and writes again may come out otherwise
    (RSASSA-PSS, compressed points), and its digest with it. Source: RFC 5280 s4.1.
    """
    (body,) = _elements(certificate.tbs_certificate_bytes)
    fields = [field for field in _elements(_contents(body)) if field[0] != _VERSION]
    return fields[_FIELDS_BEFORE_KEY]


def is_signed_by(certificate: x509.Certificate, key: PublicKeyTypes) -> bool:
    """Whether this key made the signature, whatever names say; False for keys that sign nothing
    and for a signature of another kind."""
    signature, signed = certificate.signature, certificate.tbs_certificate_bytes
    digest = certificate.signature_hash_algorithm
    parameters = certificate.signature_algorithm_parameters
    try:
        match key, parameters:
            case rsa.RSAPublicKey(), padding.PKCS1v15() | padding.PSS() if digest is not None:
                key.verify(signature, signed, parameters, digest)
            case ec.EllipticCurvePublicKey(), ec.ECDSA():
                key.verify(signature, signed, parameters)
            case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey(), None:
                key.verify(signature, signed)
            case _:
                return False
    except InvalidSignature:
        return False
    return True


def _elements(der: bytes) -> Iterator[bytes]:
    """The elements of a sequence of DER that the library has found to be sound, each whole."""
    while der:
        end = _header(der) + _length(der)
        yield der[:end]
        der = der[end:]


def _contents(element: bytes) -> bytes:
    return element[_header(element) :]


def _header(element: bytes) -> int:
    """Octets of tag and length; a long length says first how many octets follow (X.690 s8.1.3)."""
    return 2 + (element[1] & 0x7F if element[1] & 0x80 else 0)


def _length(element: bytes) -> int:
    long_form = element[2 : _header(element)]
    return int.from_bytes(long_form, "big") if long_form else element[1]

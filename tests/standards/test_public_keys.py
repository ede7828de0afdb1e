"""Public keys in certificates: the very bytes, and what a bare key has signed."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from seg_cli.standards.public_keys import is_signed_by, subject_public_key_info
from tests.standards.certificates import IN_DATE, dns, subject

RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP384R1())
ED25519 = ed25519.Ed25519PrivateKey.generate()
ED448 = ed448.Ed448PrivateKey.generate()

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
Signer = Key | ed448.Ed448PrivateKey


def self_signed(
    key: Signer, digest: hashes.SHA256 | hashes.SHA384 | None, pss: padding.PSS | None = None
) -> x509.Certificate:
    name = subject("so long that lengths take", "more than one octet", "of their own" * 5)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(IN_DATE.not_before).not_valid_after(IN_DATE.not_after)
    return builder.add_extension(dns("mx.domain.com"), critical=False).sign(
        key, digest, rsa_padding=pss
    )


PSS = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
SIGNED = {
    "RSA": (RSA, self_signed(RSA, hashes.SHA256())),
    "RSA with PSS": (RSA, self_signed(RSA, hashes.SHA256(), PSS)),
    "ECDSA": (EC, self_signed(EC, hashes.SHA384())),
    "Ed25519": (ED25519, self_signed(ED25519, None)),
    "Ed448": (ED448, self_signed(ED448, None)),
}
OTHERS: list[Signer | x25519.X25519PrivateKey] = [
    rsa.generate_private_key(65537, 2048),
    ec.generate_private_key(ec.SECP384R1()),
    ed25519.Ed25519PrivateKey.generate(),
    x25519.X25519PrivateKey.generate(),
]


@pytest.mark.parametrize(("key", "certificate"), SIGNED.values(), ids=SIGNED)
def test_the_key_is_cut_out_whole(key: Signer, certificate: x509.Certificate) -> None:
    written = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert subject_public_key_info(certificate) == written


@pytest.mark.parametrize(("key", "certificate"), SIGNED.values(), ids=SIGNED)
def test_a_key_knows_its_own_signature_and_no_other(
    key: Signer, certificate: x509.Certificate
) -> None:
    assert is_signed_by(certificate, key.public_key())
    assert not any(is_signed_by(certificate, other.public_key()) for other in OTHERS)

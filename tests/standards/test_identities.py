"""Identities: what PEM and PKCS #12 hold, and the certificates that are made here."""

from base64 import b64encode
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.errors import Invalid
from seg_cli.standards.certificates import Certificate, format_common_name, format_name
from seg_cli.standards.identities import (
    Identity,
    key_pem,
    read_certificates,
    read_key,
    read_pkcs12,
    require_fit,
    write_pkcs12,
)
from seg_cli.standards.issuing import Subject, Term, ec_key, self_signed, signing_request
from tests.standards.certificates import NOW, dns, issue

LEAF = issue("mx.example.com", dns("mx.example.com"))
OTHER = issue("other.example")

EC_KEY = bytes.fromhex("06072a8648ce3d0201")
"""id-ecPublicKey (RFC 5480 s2.1.1); with another last octet it names no algorithm."""


def unknown(der: bytes) -> bytes:
    assert EC_KEY in der
    return der.replace(EC_KEY, EC_KEY[:-1] + b"\x7f")


def pem(label: str, der: bytes) -> str:
    return f"-----BEGIN {label}-----\n{b64encode(der).decode()}\n-----END {label}-----\n"


def identity() -> Identity:
    return self_signed(Subject("mx.example.com", country="US"), ec_key(), Term(NOW, 30))


def test_pkcs12_loses_nothing() -> None:
    own = identity()
    above = Certificate.read(LEAF.der)
    assert isinstance(above, Certificate)
    whole = Identity(own.certificate, own.key, (above,))
    again = read_pkcs12(write_pkcs12("name", whole, "secret"), "secret")
    assert (again.certificate.pem, key_pem(again.key)) == (own.certificate.pem, key_pem(own.key))
    assert [one.pem for one in again.intermediates] == [above.pem]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"", "The file is not PKCS#12", id="empty"),
        pytest.param(
            pkcs12.serialize_key_and_certificates(
                b"x", None, LEAF.certificate, None, BestAvailableEncryption(b"secret")
            ),
            "does not hold a certificate and its private key",
            id="no key",
        ),
        pytest.param(
            pkcs12.serialize_key_and_certificates(
                b"x", LEAF.key, None, None, BestAvailableEncryption(b"secret")
            ),
            "does not hold a certificate and its private key",
            id="no certificate",
        ),
    ],
)
def test_files_that_hold_no_identity(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read_pkcs12(data, "secret")


def test_every_certificate_of_a_pem_text_is_read() -> None:
    read = read_certificates("".join(pem("CERTIFICATE", one.der) for one in (LEAF, OTHER)))
    assert [one.parsed for one in read] == [LEAF.certificate, OTHER.certificate]


def test_a_key_is_read_as_it_was_written() -> None:
    key = ec_key()
    assert key_pem(read_key(key_pem(key))) == key_pem(key)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "The private key is not valid PEM.", id="no PEM"),
        pytest.param(
            LEAF.key.private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
            ).decode(),
            "The private key is encrypted. Remove its passphrase first.",
            id="encrypted",
        ),
        pytest.param(
            pem(
                "PRIVATE KEY",
                unknown(LEAF.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
            ),
            "The private key is of a kind that is not supported.",
            id="an unknown algorithm",
        ),
    ],
)
def test_keys_that_cannot_be_read(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_key(text)
    assert str(refused.value) == sentence


def test_certificate_and_key_must_fit() -> None:
    certificate = identity().certificate
    with pytest.raises(Invalid, match=r"^The certificate and the private key do not match\.$"):
        require_fit(certificate, ec_key())


def test_a_certificate_for_a_key_of_an_unknown_algorithm_fits_none() -> None:
    certificate = Certificate.read(unknown(LEAF.der))
    assert isinstance(certificate, Certificate)
    with pytest.raises(Invalid, match=r"^The private key is of a kind that is not supported\.$"):
        require_fit(certificate, ec_key())


def test_a_certificate_with_a_name_of_no_kind_is_refused() -> None:
    spoilt = LEAF.der.replace(b"\x82\x0emx.example.com", b"\x8e\x0emx.example.com")
    assert spoilt != LEAF.der
    with pytest.raises(Invalid, match=r"^The certificate is not valid PEM\.$"):
        read_certificates(pem("CERTIFICATE", spoilt))


def test_a_file_bears_its_friendly_name() -> None:
    data = write_pkcs12("a name", identity(), "secret")
    leaf = pkcs12.load_pkcs12(data, b"secret").cert
    assert leaf is not None
    assert leaf.friendly_name == b"a name"


def test_a_key_of_another_kind_is_refused() -> None:
    encoded = x25519.X25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(Invalid, match=r"^The private key is of a kind that is not supported\.$"):
        read_key(encoded.decode())


@given(
    st.text(max_size=60).map(
        lambda body: f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----"
    )
)
def test_other_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Invalid, match=r"^The certificate is not valid PEM\.$"):
        read_certificates(text)


def test_a_self_signed_certificate_says_what_it_was_told() -> None:
    made = identity().certificate
    assert (made.not_before, made.not_after) == (NOW, NOW + timedelta(days=30))
    assert (format_name(made.subject), made.subject) == ("C=US,CN=mx.example.com", made.issuer)
    assert made.names.dns_names == ("mx.example.com",)
    assert not made.is_authority
    made.parsed.verify_directly_issued_by(made.parsed)


def test_a_request_asks_for_subject_and_names() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    own = self_signed(Subject("Example Ltd"), key, Term(NOW, 30))
    request = x509.load_pem_x509_csr(signing_request(own).encode())
    assert request.is_signature_valid
    assert (request.subject, list(request.extensions)) == (own.certificate.subject, [])
    named = x509.load_pem_x509_csr(signing_request(identity()).encode())
    names = named.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["mx.example.com"]


def test_the_common_name_is_shown_printable() -> None:
    assert format_common_name(issue("a\x1b[2Jb").certificate.subject) == r"a\x1b[2Jb"


def test_names_are_shown_printable() -> None:
    odd = issue(x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "a\x1b[2Jb")]))
    subject = odd.certificate.subject
    assert format_common_name(subject) == format_name(subject) == r"O=a\x1b[2Jb"


@pytest.mark.parametrize("passphrase", ["\0", "secret\0"])
def test_a_passphrase_with_a_nul_is_wrong(passphrase: str) -> None:
    with pytest.raises(Invalid, match="the passphrase is wrong"):
        read_pkcs12(write_pkcs12("name", identity(), "secret"), passphrase)

"""What is made here holds to RFC 5280 and RFC 2986 in its details."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from seg_cli.standards.identities import Identity
from seg_cli.standards.issuing import Subject, Term, ec_key, rsa_key, self_signed, signing_request
from tests.standards.certificates import NOW

WHOLE = Subject("mx.example.com", "Example Ltd", "Mail", "Seoul", "Seoul-si", "KR")


def made() -> Identity:
    return self_signed(WHOLE, ec_key(), Term(NOW, 30))


def test_an_rsa_key_has_its_size_and_the_usual_exponent() -> None:
    key = rsa_key(2048)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert (key.key_size, key.public_key().public_numbers().e) == (2048, 65537)


def test_an_ec_key_is_on_p_256() -> None:
    key = ec_key()
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert key.curve.name == "secp256r1"


def test_a_name_goes_from_the_country_down_and_leaves_out_what_is_empty() -> None:
    order = "C=KR,ST=Seoul-si,L=Seoul,O=Example Ltd,OU=Mail,CN=mx.example.com"
    assert WHOLE.name.rfc4514_string().split(",")[::-1] == order.split(",")
    assert Subject("mx").name.rfc4514_string() == "CN=mx"


@pytest.mark.parametrize(
    ("extension", "critical"),
    [
        (x509.BasicConstraints, True),
        (x509.SubjectKeyIdentifier, False),
        (x509.SubjectAlternativeName, False),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_only_what_a_reader_must_understand_is_critical(
    extension: type[x509.ExtensionType], critical: bool
) -> None:
    found = made().certificate.parsed.extensions.get_extension_for_class(extension)
    assert found.critical is critical


def test_the_key_identifier_is_that_of_the_key() -> None:
    own = made()
    extensions = own.certificate.parsed.extensions
    found = extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert found == x509.SubjectKeyIdentifier.from_public_key(own.key.public_key())


def test_a_request_does_not_make_its_names_critical() -> None:
    request = x509.load_pem_x509_csr(signing_request(made()).encode())
    names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert not names.critical

"""What a commit changes of whom we believe and who we say we are."""

import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from seg_cli.config.certificates import CertificateProfile, Certificates
from seg_cli.config.tree import Config
from seg_cli.delivery.credentials import Credentials
from seg_cli.delivery.demo import demo_certificate
from seg_cli.net.identity import load_identity, server_context
from seg_cli.standards.identities import key_pem
from seg_cli.standards.issuing import Subject, Term, ec_key, self_signed
from tests.standards.certificates import CA, NOW, issue

SYSTEM, CUSTOM = issue("System Root", CA), issue("Custom Root", CA)
CUSTOM_PEM = CUSTOM.certificate.public_bytes(Encoding.PEM).decode().strip()


def profile(name: str) -> CertificateProfile:
    identity = self_signed(Subject(f"{name}.example"), ec_key(), Term(NOW, 30))
    return CertificateProfile(name, identity.certificate.pem, key_pem(identity.key))


OURS, OTHER = profile("ours"), profile("other")


@pytest.fixture
def credentials(tmp_path: Path) -> Credentials:
    return Credentials((SYSTEM.der,), demo_certificate(tmp_path, NOW))


def believing(certificates: Certificates) -> Config:
    return replace(Config(), certificates=certificates)


@pytest.mark.requirement("AOS-08")
@pytest.mark.parametrize(
    ("certificates", "believed"),
    [
        pytest.param(Certificates(), [SYSTEM.der], id="the factory's"),
        pytest.param(
            Certificates(custom_authorities=(CUSTOM_PEM,)), [SYSTEM.der], id="a list that is off"
        ),
        pytest.param(
            Certificates(custom_list=True, custom_authorities=(CUSTOM_PEM,)),
            [SYSTEM.der, CUSTOM.der],
            id="both",
        ),
        pytest.param(
            Certificates(system_list=False, custom_list=True, custom_authorities=(CUSTOM_PEM,)),
            [CUSTOM.der],
            id="the custom list alone",
        ),
        pytest.param(Certificates(system_list=False), [], id="none"),
        pytest.param(
            Certificates(custom_list=True, custom_authorities=(OURS.key,)),
            [SYSTEM.der],
            id="text that is no certificate",
        ),
    ],
)
def test_the_lists_that_are_on_are_believed(
    credentials: Credentials, certificates: Certificates, believed: list[bytes]
) -> None:
    credentials.adopt(believing(certificates))
    assert list(credentials.roots) == believed
    assert [anchor.der for anchor in credentials.anchors.certificates] == believed


def showing(name: str, *profiles: CertificateProfile) -> Config:
    certificates = Certificates()
    for one in profiles:
        certificates = certificates.with_profile(one)
    config = believing(certificates)
    default = replace(config.destinations.default, certificate=name)
    return replace(config, destinations=replace(config.destinations, default=default))


def test_only_what_has_changed_is_made_anew(credentials: Credentials) -> None:
    credentials.adopt(showing("ours", OURS))
    edition, context, anchors = credentials.edition, credentials.context, credentials.anchors
    credentials.adopt(showing("ours", OURS, OTHER))
    assert (credentials.edition, credentials.context) == (edition, context)
    assert credentials.anchors is anchors
    credentials.adopt(showing("other", OURS, OTHER))
    assert credentials.edition == edition + 1
    assert credentials.context is not context


def test_a_certificate_that_openssl_refuses_is_not_shown(credentials: Credentials) -> None:
    mixed = CertificateProfile("mixed", OURS.certificate, OTHER.key)
    credentials.adopt(showing("mixed", mixed))
    assert not load_identity(credentials.context, mixed.pem)
    assert server_context(mixed.pem) is None
    assert not load_identity(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), "no PEM at all")


def test_the_demo_certificate_is_made_once(tmp_path: Path) -> None:
    first = demo_certificate(tmp_path, NOW)
    assert demo_certificate(tmp_path, NOW.replace(year=2030)) == first
    assert (tmp_path / "demo.pem").stat().st_mode & 0o777 == 0o600
    assert server_context(first.pem) is not None

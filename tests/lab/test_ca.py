"""The lab's certificates, judged by the verifier of cryptography, which is as strict as the web."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from seg_cli.lab.ca import CertificateAuthority, Issued
from seg_cli.lab.spec import Certificate, Chain, Issuer
from seg_cli.lab.tls import ServerTls, TlsSetup
from tests.lab.conftest import NOW

MX = "mx.a.example"


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def verify(issued: Issued, root_der: bytes, moment: datetime = NOW) -> None:
    store = Store([x509.load_der_x509_certificate(root_der)])
    verifier = PolicyBuilder().store(store).time(moment).build_server_verifier(x509.DNSName(MX))
    verifier.verify(issued.certificate, list(issued.chain[1:]))


@pytest.mark.parametrize("issuer", [Issuer.ROOT, Issuer.INTERMEDIATE])
@pytest.mark.parametrize("common_name", [MX, ""])
@pytest.mark.parametrize("moment", [NOW, datetime(2040, 2, 29, tzinfo=UTC)])
def test_a_chain_holds(tmp_path: Path, issuer: Issuer, common_name: str, moment: datetime) -> None:
    authority = CertificateAuthority(tmp_path, at(moment))
    issued = authority.issue(Certificate((MX,), common_name, issuer))
    verify(issued, authority.root_der, moment)
    assert isinstance(issued.key.curve, ec.SECP256R1)


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(Certificate(("other.example",), MX), id="for another name"),
        pytest.param(Certificate((), MX), id="with a common name only"),
        pytest.param(Certificate((MX,), MX, Issuer.SELF), id="that nobody signed"),
        pytest.param(Certificate((MX,), MX, days_old=9, days_left=-1), id="that has expired"),
        pytest.param(Certificate((MX,), MX, days_old=-1), id="that is not valid yet"),
    ],
)
def test_a_certificate_fails(tmp_path: Path, wanted: Certificate) -> None:
    authority = CertificateAuthority(tmp_path, at(NOW))
    with pytest.raises(VerificationError):
        verify(authority.issue(wanted), authority.root_der)


def test_another_lab_s_root_is_not_trusted(tmp_path: Path) -> None:
    one, other = (CertificateAuthority(tmp_path / name, at(NOW)) for name in "ab")
    with pytest.raises(VerificationError):
        verify(one.issue(Certificate((MX,), MX)), other.root_der)


def test_authority_and_keys_are_kept(tmp_path: Path) -> None:
    first = CertificateAuthority(tmp_path, at(NOW))
    issued = first.issue(Certificate((MX,), MX))
    later = NOW + timedelta(days=400)
    second = CertificateAuthority(tmp_path, at(later))
    assert second.root_der == first.root_der
    again = second.issue(Certificate((MX,), MX))
    assert again.certificate.public_key() == issued.certificate.public_key()
    assert again.chain[1:] == issued.chain[1:]
    verify(again, first.root_der, later)


def test_keys_are_nobody_else_s_to_read(tmp_path: Path) -> None:
    CertificateAuthority(tmp_path / "lab", at(NOW)).issue(Certificate((MX,), MX))
    assert (tmp_path / "lab").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "lab").iterdir())


def test_an_authority_that_the_clock_has_left_is_made_anew_with_its_key(tmp_path: Path) -> None:
    first = CertificateAuthority(tmp_path, at(NOW))
    far = NOW + timedelta(days=36_500)
    second = CertificateAuthority(tmp_path, at(far))
    assert second.root_der != first.root_der
    old, new = (x509.load_der_x509_certificate(one.root_der) for one in (first, second))
    assert old.public_key() == new.public_key()
    verify(second.issue(Certificate((MX,), MX)), second.root_der, far)


def test_an_intermediate_of_another_root_is_made_anew(tmp_path: Path) -> None:
    CertificateAuthority(tmp_path, at(NOW))
    for kept in ("root.pem", "root.key"):
        (tmp_path / kept).unlink()
    authority = CertificateAuthority(tmp_path, at(NOW))
    verify(authority.issue(Certificate((MX,), MX)), authority.root_der)


def test_an_offer_is_made_once_a_day(tmp_path: Path) -> None:
    today = NOW
    setup = TlsSetup(CertificateAuthority(tmp_path, at(NOW)), lambda: today)
    tls = ServerTls(Certificate((MX,), MX))
    first = setup.offer(tls)
    assert setup.offer(tls) is first
    today += timedelta(days=1)
    assert setup.offer(tls) is not first


def test_a_private_authority_is_sent_along_and_kept_for_whoever_wants_to_trust_it(
    tmp_path: Path,
) -> None:
    authority = CertificateAuthority(tmp_path, at(NOW))
    issued = authority.issue(Certificate((MX,), MX, Issuer.PRIVATE))
    with pytest.raises(VerificationError):
        verify(issued, authority.root_der)
    private = x509.load_pem_x509_certificate((tmp_path / "private.pem").read_bytes())
    assert issued.chain[1] == private
    verify(issued, private.public_bytes(Encoding.DER))


def test_a_server_may_keep_the_intermediate_to_itself(tmp_path: Path) -> None:
    authority = CertificateAuthority(tmp_path, at(NOW))
    issued = authority.issue(Certificate((MX,), MX, chain=Chain.LEAF))
    assert issued.chain == (issued.certificate,)
    with pytest.raises(VerificationError):
        verify(issued, authority.root_der)

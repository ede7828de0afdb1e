"""What a library thinks odd is for the developer, never for the operator's screen."""

import os
import subprocess
import sys
import warnings
from contextlib import redirect_stderr
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from seg_cli.app import report_warning
from seg_cli.standards.certificates import Certificate, format_name
from seg_cli.standards.issuing import ec_key
from tests.standards.certificates import NOW

WARN = (
    "import warnings, seg_cli.__main__ as m; m.main(['run', 'version']); warnings.warn('o\\x1bdd')"
)


def odd_certificate() -> bytes:
    """One with a country of three letters, which RFC 5280 does not allow and some have."""
    key = ec_key()
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "USA", _validate=False)
    name = x509.Name([country])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


def test_an_odd_certificate_is_read_with_a_warning() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        der = odd_certificate()
        told.clear()
        certificate = Certificate.read(der)
        assert isinstance(certificate, Certificate)
        assert format_name(certificate.subject) == "C=USA"
    assert {one.category for one in told} == {UserWarning}


def test_a_program_tells_the_developer_printably(tmp_path: os.PathLike[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-c", WARN],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "SEG_CLI_STORE": str(tmp_path)},
    )
    assert run.stderr == "UserWarning: o\\x1bdd\n"
    assert "Version: " in run.stdout


def test_nothing_is_written_where_the_operator_would_see_it() -> None:
    ours, terminal = os.openpty()
    with os.fdopen(terminal, "w") as screen, redirect_stderr(screen):
        report_warning("odd", UserWarning)
        os.set_blocking(ours, False)
        try:
            shown = os.read(ours, 100)
        except BlockingIOError:
            shown = b""
    os.close(ours)
    assert shown == b""

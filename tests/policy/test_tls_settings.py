"""Versions of TLS, in the words of the log."""

import pytest

from seg_cli.policy.tls_settings import TlsVersion

WORDS = ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]


@pytest.mark.requirement("TLS-08")
@pytest.mark.parametrize("minimum", TlsVersion)
def test_a_version_admits_itself_and_what_is_newer(minimum: TlsVersion) -> None:
    admitted = [word for word in WORDS if minimum.admits(word)]
    assert admitted == WORDS[WORDS.index(minimum) :]


@pytest.mark.requirement("TLS-08")
@pytest.mark.parametrize("word", ["", "tlsv1.3", "TLSv1.4", "TLSv1.2 "])
def test_a_version_without_a_name_is_not_admitted(word: str) -> None:
    assert not TlsVersion.SSL_3.admits(word)

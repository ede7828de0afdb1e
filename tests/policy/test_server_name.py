"""The name that a mail host is asked for in SNI."""

import pytest

from seg_cli.policy.requirement import TlsRequirement
from seg_cli.policy.tls_settings import Encryption
from tests.policy.tlsa import AUTHORITY, HOST, usable


@pytest.mark.requirement("DANE-29")
def test_with_tlsa_records_it_is_their_base_domain() -> None:
    requirement = TlsRequirement(Encryption.MANDATORY, tlsa=usable(AUTHORITY))
    assert requirement.server_name("alias.example") == HOST.base_domain


@pytest.mark.requirement("STS-52")
def test_without_them_it_is_the_name_of_the_host() -> None:
    assert TlsRequirement(Encryption.MANDATORY).server_name("mx.example") == "mx.example"

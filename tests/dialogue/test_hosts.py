import pytest

from seg_cli.dialogue.hosts import (
    ADDRESS_RULE,
    HOSTNAME_RULES,
    NOT_AN_ADDRESS,
    HostForm,
    parse_host,
)
from seg_cli.errors import Invalid

EVERY_FORM = frozenset(HostForm)
HOSTNAME = frozenset({HostForm.HOSTNAME})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Domain.COM.", "domain.com"),
        (".Example.com", ".example.com"),
        ("_mta-sts.domain.com", "_mta-sts.domain.com"),
        ("10.1.1.3", "10.1.1.3"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("메일.example", "xn--h32bq4v.example"),
    ],
)
def test_hosts_as_they_are_kept(typed: str, kept: str) -> None:
    assert parse_host(typed, EVERY_FORM) == kept


@pytest.mark.parametrize(
    ("typed", "forms", "sentence"),
    [
        ("-a.example", HOSTNAME, HOSTNAME_RULES),
        ("a..example", HOSTNAME, HOSTNAME_RULES),
        ("a" * 64 + ".example", HOSTNAME, HOSTNAME_RULES),
        (".example", HOSTNAME, HOSTNAME_RULES),
        ("_a.example", HOSTNAME, HOSTNAME_RULES),
        ("10.1.1.3", HOSTNAME, HOSTNAME_RULES),
        ("\u202e.example", HOSTNAME, HOSTNAME_RULES),
        ("10.1.1.300", EVERY_FORM, ADDRESS_RULE),
        ("::g", EVERY_FORM, NOT_AN_ADDRESS),
    ],
)
def test_hosts_that_are_none(typed: str, forms: frozenset[HostForm], sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_host(typed, forms)
    assert str(refused.value) == sentence

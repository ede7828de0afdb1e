"""Presented identifiers against reference identifiers (RFC 6125 s6.4, RFC 8461 s4.1, s4.2)."""

import pytest

from seg_cli.standards.identifiers import is_host_name, matches_dns_id

MATCHES = {
    "the same name matches": ("mail.example.com", "mail.example.com"),
    "case does not count": ("MAIL.example.COM", "mail.Example.com"),
    "the host may end in the root's dot": ("mail.example.com", "mail.example.com."),
    "a wildcard stands for one label": ("*.example.com", "mail.example.com"),
    "a wildcard behind the root's dot too": ("*.example.com", "mail.example.com."),
    "a wildcard stands for an A-label": ("*.example.com", "xn--bcher-kva.example.com"),
    "an A-label matches itself": ("xn--bcher-kva.example", "XN--BCHER-KVA.example"),
    "a host may have an underscore": ("*.example.com", "mx_1.example.com"),
    "a single label matches itself": ("localhost", "localhost"),
}

DIFFERS = {
    "another name": ("mail.example.com", "mx.example.com"),
    "a wildcard does not cover two labels": ("*.example.com", "a.mail.example.com"),
    "a wildcard does not cover no label": ("*.example.com", "example.com"),
    "a wildcard needs a parent": ("*", "localhost"),
    "a wildcard needs a parent behind its dot": ("*.", "localhost"),
    "a partial wildcard at the end": ("mail*.example.com", "mail1.example.com"),
    "a partial wildcard at the start": ("*mail.example.com", "1mail.example.com"),
    "a wildcard inside": ("mail.*.com", "mail.example.com"),
    "two wildcards": ("*.*.com", "mail.example.com"),
    "a host is no pattern": ("*.example.com", "*.example.com"),
    "a pattern with the root's dot": ("mail.example.com.", "mail.example.com"),
    "two dots at the end of the host": ("mail.example.com", "mail.example.com.."),
    "an empty label": ("*.example.com", ".example.com"),
    "an empty host": ("", ""),
    "the root": ("", "."),
    "a U-label in the pattern": ("bücher.example", "xn--bcher-kva.example"),
    "a U-label in the host": ("bücher.example", "bücher.example"),
    "a Kelvin sign in the pattern": ("\u212aelvin.example", "kelvin.example"),
    "a Kelvin sign in the host": ("kelvin.example", "\u212aelvin.example"),
    "a NUL and more in the pattern": ("mail.example.com\0.evil.example", "mail.example.com"),
    "an IPv4 address": ("192.0.2.1", "192.0.2.1"),
    "an IPv4 address under a wildcard": ("*.0.2.1", "192.0.2.1"),
    "an IPv6 address": ("2001:db8::1", "2001:db8::1"),
    "a newline at the end of the host": ("mail.example.com", "mail.example.com\n"),
}


@pytest.mark.requirement("STS-50")
@pytest.mark.requirement("STS-51")
@pytest.mark.parametrize(("pattern", "host"), MATCHES.values(), ids=MATCHES)
def test_names_the_host(pattern: str, host: str) -> None:
    assert matches_dns_id(pattern, host)


@pytest.mark.requirement("STS-50")
@pytest.mark.requirement("STS-51")
@pytest.mark.parametrize(("pattern", "host"), DIFFERS.values(), ids=DIFFERS)
def test_does_not_name_the_host(pattern: str, host: str) -> None:
    assert not matches_dns_id(pattern, host)


FOUR_LABELS = ("a" * 50 + ".") * 4

HOST_NAMES = {
    "labels of letters": ("mail.example.com", True),
    "one label": ("localhost", True),
    "digits and hyphens": ("mx-1.3com.example", True),
    "digits alone, by form": ("192.0.2.1", True),
    "a label of 63": ("a" * 63 + ".example", True),
    "a label of 64": ("a" * 64 + ".example", False),
    "253 characters": (FOUR_LABELS + "a" * 49, True),
    "254 characters": (FOUR_LABELS + "a" * 50, False),
    "a trailing dot": ("mail.example.com.", False),
    "a leading dot": (".example.com", False),
    "an underscore": ("mx_1.example.com", False),
    "a hyphen at the start of a label": ("-mail.example.com", False),
    "a hyphen at the end of a label": ("mail-.example.com", False),
    "a wildcard": ("*.example.com", False),
    "a U-label": ("bücher.example", False),
    "an address literal": ("[192.0.2.1]", False),
    "nothing": ("", False),
    "a newline at the end": ("mail.example.com\n", False),
}


@pytest.mark.requirement("STS-27")
@pytest.mark.parametrize(("text", "expected"), HOST_NAMES.values(), ids=HOST_NAMES)
def test_the_form_of_a_host_name(text: str, expected: bool) -> None:
    assert is_host_name(text) is expected

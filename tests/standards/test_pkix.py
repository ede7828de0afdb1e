"""Certificates and chains (RFC 5280) at a given time, under the profile for mail hosts."""

from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.standards.pkix import (
    CertificateNames,
    TrustAnchors,
    check_chain,
    check_dates,
    matches_dns_id,
    names_of,
)
from seg_cli.terms import Reason
from tests.standards.certificates import (
    ANY_PURPOSE,
    CA,
    FUTURE,
    IN_DATE,
    LAST_CA,
    MONTH,
    NOT_CA,
    NOW,
    ONLY_CLIENTS,
    PAST,
    SERVERS,
    UNKNOWN,
    Issued,
    Validity,
    ders,
    dns,
    issue,
    key_usage,
    mail_address,
    permitted,
    subject,
)

ROOT = issue("Root", CA)
STRANGER = issue("Stranger", CA)
IMPOSTOR = issue("Root", CA)
OLD_ROOT = issue("Old Root", CA, validity=PAST)
ROOT_BEFORE = issue("Root", CA, validity=PAST)
MIDDLE = issue("Middle", CA, by=ROOT)
LOWER = issue("Lower", CA, by=MIDDLE)
LAST = issue("Last", LAST_CA, by=ROOT)
OLD_MIDDLE = issue("Middle", CA, by=ROOT, validity=PAST)
EARLY_MIDDLE = issue("Early", CA, by=ROOT, validity=FUTURE)
STRANGE_OLD = issue("Strange", CA, by=STRANGER, validity=PAST)
NO_CA = issue("No CA", NOT_CA, by=ROOT)
SILENT = issue("Silent", by=ROOT)
NO_SIGNER = issue("No signer", CA, key_usage(key_cert_sign=False), by=ROOT)
SIGNER = issue("Signer", CA, key_usage(key_cert_sign=True), by=ROOT)
NARROW = issue("Narrow", CA, permitted("example.com"), by=ROOT)
LOOP = issue("Loop", CA, by=issue("Ring", CA))
RING = issue("Ring", CA, by=LOOP)
SELF_SIGNED = issue("mail.example.com", dns("mail.example.com"))

ANCHORS = TrustAnchors.of(ders([ROOT, OLD_ROOT, ROOT_BEFORE]))
UNREADABLE = b"\x30\x03\x02\x01\x00"


def leaf(by: Issued, *extensions: x509.ExtensionType, validity: Validity = IN_DATE) -> Issued:
    return issue("mail.example.com", *extensions, by=by, validity=validity)


def name_leaf(by: Issued) -> Issued:
    return leaf(by, dns("mail.example.com"))


TRUSTED = {
    "signed by a root": [name_leaf(ROOT)],
    "a common name and no subjectAltName": [leaf(ROOT)],
    "neither a common name nor a subjectAltName": [issue(subject(), by=ROOT)],
    "an intermediate one between": [name_leaf(MIDDLE), MIDDLE],
    "two between, with the root": [name_leaf(LOWER), LOWER, MIDDLE, ROOT],
    "two between, out of order": [name_leaf(LOWER), MIDDLE, LOWER],
    "others that are not needed": [name_leaf(ROOT), STRANGER, OLD_MIDDLE],
    "an old one beside its renewal": [name_leaf(MIDDLE), OLD_MIDDLE, MIDDLE],
    "a CA whose key may sign": [name_leaf(SIGNER), SIGNER],
    "a name within the constraints": [name_leaf(NARROW), NARROW],
    "for servers": [leaf(ROOT, SERVERS)],
    "for any purpose": [leaf(ROOT, ANY_PURPOSE)],
    "a root itself": [ROOT],
}


@pytest.mark.requirement("AOS-08")
@pytest.mark.requirement("STS-51")
@pytest.mark.parametrize("chain", TRUSTED.values(), ids=TRUSTED)
def test_trusts(chain: list[Issued]) -> None:
    assert check_chain(ders(chain), ANCHORS, NOW) is None


EXPIRED = Reason.CERTIFICATE_EXPIRED
NOT_YET_VALID = Reason.CERTIFICATE_NOT_YET_VALID
OF_ITSELF = Reason.CERTIFICATE_SELF_SIGNED
UNTRUSTED = Reason.CERTIFICATE_NOT_TRUSTED

REFUSED = {
    "no certificate": ([], Reason.NO_CERTIFICATE),
    "the leaf has expired": ([leaf(ROOT, validity=PAST)], EXPIRED),
    "the leaf is not yet valid": ([leaf(ROOT, validity=FUTURE)], NOT_YET_VALID),
    "a leaf that expired and is untrusted": ([leaf(STRANGER, validity=PAST)], EXPIRED),
    "the leaf is self-signed": ([SELF_SIGNED], OF_ITSELF),
    "a self-signed leaf beside a good CA": ([SELF_SIGNED, MIDDLE, ROOT], OF_ITSELF),
    "an unknown root": ([leaf(STRANGER)], UNTRUSTED),
    "an unknown root that is sent": ([leaf(STRANGER), STRANGER], UNTRUSTED),
    "an unknown root with a known name": ([leaf(IMPOSTOR), IMPOSTOR], UNTRUSTED),
    "the intermediate one is missing": ([leaf(MIDDLE)], UNTRUSTED),
    "one of two between is missing": ([leaf(LOWER), LOWER], UNTRUSTED),
    "the intermediate one has expired": ([leaf(OLD_MIDDLE), OLD_MIDDLE], EXPIRED),
    "the intermediate one is not yet valid": ([leaf(EARLY_MIDDLE), EARLY_MIDDLE], NOT_YET_VALID),
    "the root has expired": ([leaf(OLD_ROOT)], EXPIRED),
    "an expired one below an unknown root": ([leaf(STRANGE_OLD), STRANGE_OLD], UNTRUSTED),
    "issuers in a circle": ([leaf(LOOP), LOOP, RING], UNTRUSTED),
    "an issuer that is no CA": ([leaf(NO_CA), NO_CA], UNTRUSTED),
    "an issuer that does not say it is a CA": ([leaf(SILENT), SILENT], UNTRUSTED),
    "a CA whose key may not sign": ([leaf(NO_SIGNER), NO_SIGNER], UNTRUSTED),
    "a CA below the last one allowed": (
        [leaf(below := issue("Below", CA, by=LAST)), below, LAST],
        UNTRUSTED,
    ),
    "a name outside the constraints": ([leaf(NARROW, dns("mx.example.net")), NARROW], UNTRUSTED),
    "for clients only": ([leaf(ROOT, ONLY_CLIENTS)], UNTRUSTED),
    "an unknown critical extension": ([leaf(ROOT, UNKNOWN)], UNTRUSTED),
}


@pytest.mark.requirement("AOS-08")
@pytest.mark.requirement("STS-51")
@pytest.mark.parametrize(("chain", "reason"), REFUSED.values(), ids=REFUSED)
def test_refuses(chain: list[Issued], reason: Reason) -> None:
    assert check_chain(ders(chain), ANCHORS, NOW) is reason


@pytest.mark.requirement("AOS-08")
def test_without_anchors_nothing_is_trusted() -> None:
    nothing = TrustAnchors.of([])
    assert check_chain(ders([leaf(ROOT), ROOT]), nothing, NOW) is UNTRUSTED
    assert check_chain(ders([SELF_SIGNED]), nothing, NOW) is OF_ITSELF


@pytest.mark.requirement("AOS-08")
def test_an_anchor_need_not_be_self_signed() -> None:
    assert check_chain(ders([leaf(MIDDLE)]), TrustAnchors.of([MIDDLE.der]), NOW) is None


@pytest.mark.requirement("AOS-08")
def test_a_self_signed_certificate_on_the_list_is_trusted() -> None:
    assert check_chain([SELF_SIGNED.der], TrustAnchors.of([SELF_SIGNED.der]), NOW) is None


def test_an_anchor_that_cannot_be_read_is_passed_over() -> None:
    anchors = TrustAnchors.of([UNREADABLE, ROOT.der, b""])
    assert [anchor.parsed for anchor in anchors.certificates] == [ROOT.certificate]
    assert check_chain([leaf(ROOT).der], anchors, NOW) is None


@pytest.mark.parametrize("chain", [[UNREADABLE], [b""], [leaf(ROOT).der, UNREADABLE]])
def test_a_chain_that_cannot_be_read(chain: list[bytes]) -> None:
    assert check_chain(chain, ANCHORS, NOW) is Reason.CERTIFICATE_MALFORMED
    assert check_dates(chain, NOW) is Reason.CERTIFICATE_MALFORMED


SECOND = timedelta(seconds=1)
SEOUL = timezone(timedelta(hours=9))
MOMENTS = {
    "a second before the first": (NOW - MONTH - SECOND, NOT_YET_VALID),
    "the first second": (NOW - MONTH, None),
    "the last second": (NOW + MONTH, None),
    "a second after the last": (NOW + MONTH + SECOND, EXPIRED),
    "the last second in Seoul": ((NOW + MONTH).astimezone(SEOUL), None),
    "a second after the last in Seoul": ((NOW + MONTH + SECOND).astimezone(SEOUL), EXPIRED),
}


@pytest.mark.requirement("STS-51")
@pytest.mark.parametrize(("at", "expected"), MOMENTS.values(), ids=MOMENTS)
def test_both_ends_of_the_validity_count(at: datetime, expected: Reason | None) -> None:
    chain = ders([leaf(ROOT)])
    assert check_chain(chain, ANCHORS, at) is expected
    assert check_dates(chain, at) is expected


DATED = {
    "all in date": ([leaf(MIDDLE), MIDDLE, ROOT], None),
    "dates do not ask for trust": ([SELF_SIGNED], None),
    "the leaf has expired": ([leaf(ROOT, validity=PAST), ROOT], EXPIRED),
    "the root has expired": ([leaf(OLD_ROOT), OLD_ROOT], EXPIRED),
    "one between is not yet valid": ([leaf(EARLY_MIDDLE), EARLY_MIDDLE, ROOT], NOT_YET_VALID),
    "the first bad one gives the reason": ([leaf(ROOT), EARLY_MIDDLE, OLD_ROOT], NOT_YET_VALID),
    "no certificate": ([], Reason.NO_CERTIFICATE),
}


@pytest.mark.requirement("STS-11")
@pytest.mark.parametrize(("chain", "expected"), DATED.values(), ids=DATED)
def test_dates_of_a_chain(chain: list[Issued], expected: Reason | None) -> None:
    assert check_dates(ders(chain), NOW) is expected


NAMES = {
    "both kinds": (leaf(ROOT, dns("a.example", "*.b.example")), "a.example *.b.example"),
    "a common name alone": (leaf(ROOT), ""),
    "a subjectAltName without dNSName": (leaf(ROOT, mail_address("a@b.example")), ""),
}


@pytest.mark.parametrize(("certificate", "expected"), NAMES.values(), ids=NAMES)
def test_names_of_a_leaf(certificate: Issued, expected: str) -> None:
    names = CertificateNames(tuple(expected.split()), "mail.example.com")
    assert names_of(certificate.der) == names


def test_a_leaf_without_names() -> None:
    assert names_of(issue(subject(), by=ROOT).der) == CertificateNames((), None)


def test_the_last_common_name_is_the_most_specific() -> None:
    names = names_of(issue(subject("Example", "mail.example.com"), by=ROOT).der)
    assert names == CertificateNames((), "mail.example.com")


@pytest.mark.parametrize("der", [b"", UNREADABLE, ROOT.der[:-1], ROOT.der + b"\0"])
def test_names_that_cannot_be_read(der: bytes) -> None:
    assert names_of(der) is Reason.CERTIFICATE_MALFORMED


@pytest.mark.requirement("STS-51")
@pytest.mark.parametrize(
    ("certificate", "host", "expected"),
    [
        (leaf(ROOT, dns("mail.example.com")), "mail.example.com", True),
        (leaf(ROOT, dns("*.example.com")), "mail.example.com", True),
        (leaf(ROOT, dns("*.example.com")), "a.mail.example.com", False),
        (leaf(ROOT, dns("example.com")), "mail.example.com", False),
        (leaf(ROOT), "mail.example.com", False),
    ],
    ids=[
        "the MX host name",
        "a wildcard",
        "a wildcard over two labels",
        "the recipient domain",
        "only the common name",
    ],
)
def test_dns_names_against_the_host(certificate: Issued, host: str, expected: bool) -> None:
    names = names_of(certificate.der)
    assert isinstance(names, CertificateNames)
    assert any(matches_dns_id(name, host) for name in names.dns_names) is expected


SAMPLE = name_leaf(MIDDLE)


# The library warns of serial numbers and country codes that break the rules.
@pytest.mark.filterwarnings("ignore::UserWarning")
@given(st.sampled_from([SAMPLE, MIDDLE]), st.integers(0), st.integers(1, 255))
def test_damage_to_what_is_signed_is_noticed(issued: Issued, place: int, flips: int) -> None:
    damaged = bytearray(issued.der)
    # Behind the signed part one octet counts unused bits, and a change there may be harmless.
    damaged[place % len(issued.certificate.tbs_certificate_bytes)] ^= flips
    assert check_chain([bytes(damaged), MIDDLE.der], ANCHORS, NOW) is not None
    assert check_chain([SAMPLE.der, bytes(damaged)], ANCHORS, NOW) is not None


@given(st.binary())
def test_any_bytes_are_judged(der: bytes) -> None:
    assert check_chain([der], ANCHORS, NOW) is Reason.CERTIFICATE_MALFORMED
    assert names_of(der) is Reason.CERTIFICATE_MALFORMED

"""DANE for SMTP (RFC 7672, 7671): records against chains of certificates."""

from collections.abc import Sequence
from hashlib import sha256, sha512

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.standards.dane import (
    Authenticated,
    Shown,
    authenticate,
    check_usable,
    usable_records,
)
from seg_cli.standards.tlsa import Tlsa, Unusable
from seg_cli.terms import Reason
from tests.standards.certificates import (
    CA,
    FUTURE,
    IN_DATE,
    NOW,
    ONLY_CLIENTS,
    PAST,
    Issued,
    Validity,
    ders,
    dns,
    issue,
)

MX, DOMAIN = "mx.domain.com", "domain.com"

ROOT = issue("root", CA)
MIDDLE = issue("middle", CA, by=ROOT)
OLD_MIDDLE = issue("middle", CA, by=ROOT, validity=PAST)
OLD_ROOT = issue("old root", CA, validity=PAST)
STRANGER = issue("stranger", CA)
SELF_SIGNED = issue("mx", dns(MX))
UNREADABLE = b"\x30\x03\x02\x01\x00"
STRANGE_KEY = bytes.fromhex("302a300506032b65790321") + bytes(33)
"""A SubjectPublicKeyInfo of an algorithm that has no name."""


def leaf(by: Issued, *names: str, cn: str = "unnamed", validity: Validity = IN_DATE) -> Issued:
    return issue(cn, *([dns(*names)] if names else []), by=by, validity=validity)


LEAF = leaf(MIDDLE, MX)


def key_of(issued: Issued) -> bytes:
    public = issued.key.public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def tlsa(parameters: str, issued: Issued) -> Tlsa:
    """The record with these parameters (`3 1 1`) for this certificate."""
    usage, selector, matching_type = map(int, parameters.split())
    part = key_of(issued) if selector else issued.der
    digests = [part, sha256(part).digest(), sha512(part).digest()]
    return Tlsa(usage, selector, matching_type, digests[matching_type])


EVERY_FORM = [f"{selector} {matching_type}" for selector in (0, 1) for matching_type in (0, 1, 2)]


@pytest.mark.requirement("DANE-20")
@pytest.mark.parametrize("form", EVERY_FORM)
@pytest.mark.parametrize(
    ("usage", "problem"), [(0, Unusable.USAGE), (1, Unusable.USAGE), (2, None), (3, None)]
)
def test_each_form_is_usable_with_usages_2_and_3_alone(
    form: str, usage: int, problem: Unusable | None
) -> None:
    assert check_usable(tlsa(f"{usage} {form}", LEAF)) is problem


@pytest.mark.requirement("DANE-20")
@pytest.mark.requirement("DANE-21")
@pytest.mark.parametrize(
    ("record", "problem"),
    [
        pytest.param(Tlsa(255, 1, 1, bytes(32)), Unusable.USAGE, id="a usage nobody knows"),
        pytest.param(Tlsa(3, 2, 1, bytes(32)), Unusable.SELECTOR, id="a selector nobody knows"),
        pytest.param(Tlsa(3, 1, 3, bytes(32)), Unusable.MATCHING_TYPE, id="an unknown digest"),
        pytest.param(Tlsa(3, 1, 1, bytes(31)), Unusable.DIGEST_LENGTH, id="SHA-256 too short"),
        pytest.param(Tlsa(3, 1, 1, bytes(64)), Unusable.DIGEST_LENGTH, id="SHA-512 named SHA-256"),
        pytest.param(Tlsa(3, 1, 2, bytes(32)), Unusable.DIGEST_LENGTH, id="SHA-256 named SHA-512"),
        pytest.param(Tlsa(2, 0, 0, UNREADABLE), Unusable.DATA, id="no certificate in full"),
        pytest.param(Tlsa(2, 1, 0, UNREADABLE), Unusable.DATA, id="no key in full"),
        pytest.param(Tlsa(2, 0, 0, key_of(LEAF)), Unusable.DATA, id="a key as a certificate"),
        pytest.param(Tlsa(2, 1, 0, LEAF.der), Unusable.DATA, id="a certificate as a key"),
        pytest.param(Tlsa(3, 1, 0, STRANGE_KEY), Unusable.DATA, id="a key nobody knows"),
    ],
)
def test_unusable(record: Tlsa, problem: Unusable) -> None:
    assert check_usable(record) is problem
    good = tlsa("3 1 1", LEAF)
    assert usable_records([record, good]) == (good,)


@given(st.builds(Tlsa, *[st.integers(0, 255)] * 3, st.binary(min_size=1, max_size=80)))
def test_no_record_however_odd_raises_or_matches_by_chance(record: Tlsa) -> None:
    assert authenticate([record], shown([LEAF, MIDDLE])) is Reason.TLSA_INVALID


def shown(chain: Sequence[Issued], *references: str) -> Shown:
    return Shown(ders(chain), references or (MX, DOMAIN), NOW)


MATCHES = {
    "usage 3: the leaf, whatever is above it": (["3 1 1"], LEAF, [LEAF, STRANGER]),
    "usage 3: alone": (["3 0 1"], LEAF, [LEAF]),
    "usage 3: self-signed": (["3 1 1"], SELF_SIGNED, [SELF_SIGNED]),
    "usage 3: another name": (["3 1 1"], other := leaf(ROOT, "other.example"), [other]),
    "usage 3: expired": (["3 1 1"], old := leaf(ROOT, MX, validity=PAST), [old]),
    "usage 3: not yet valid": (["3 1 1"], early := leaf(ROOT, MX, validity=FUTURE), [early]),
    "usage 3: for clients only": (["3 1 1"], client := issue("c", ONLY_CLIENTS), [client]),
}


@pytest.mark.requirement("DANE-01")
@pytest.mark.requirement("DANE-22")
@pytest.mark.parametrize(("forms", "of", "chain"), MATCHES.values(), ids=MATCHES)
def test_usage_3_asks_for_nothing_but_the_leaf(
    forms: list[str], of: Issued, chain: list[Issued]
) -> None:
    records = [tlsa(form, of) for form in forms]
    assert authenticate(records, shown(chain)) == Authenticated(records[0])


@pytest.mark.requirement("DANE-22")
@pytest.mark.parametrize("form", EVERY_FORM)
def test_usage_3_matches_in_each_form_the_leaf_and_no_other(form: str) -> None:
    record = tlsa(f"3 {form}", LEAF)
    assert authenticate([record], shown([LEAF, MIDDLE])) == Authenticated(record)
    assert authenticate([record], shown([SELF_SIGNED, LEAF])) is Reason.TLSA_INVALID


@pytest.mark.requirement("DANE-23")
@pytest.mark.parametrize("form", EVERY_FORM)
@pytest.mark.parametrize("authority", [MIDDLE, ROOT], ids=["the issuer", "the root"])
def test_usage_2_matches_in_each_form_an_authority_above(form: str, authority: Issued) -> None:
    record = tlsa(f"2 {form}", authority)
    assert authenticate([record], shown([LEAF, MIDDLE, ROOT])) == Authenticated(record, dns_id=MX)


@pytest.mark.requirement("DANE-24")
@pytest.mark.parametrize(
    ("form", "result"),
    [
        ("2 0 0", True),
        ("2 1 0", True),
        ("2 0 1", False),
        ("2 1 1", False),
        ("2 0 2", False),
        ("2 1 2", False),
    ],
)
@pytest.mark.parametrize(
    ("authority", "chain"),
    [(ROOT, [LEAF, MIDDLE]), (MIDDLE, [LEAF])],
    ids=["the root is not sent", "the issuer is not sent"],
)
def test_an_authority_in_full_need_not_be_sent(
    form: str, result: bool, authority: Issued, chain: list[Issued]
) -> None:
    record = tlsa(form, authority)
    expected = Authenticated(record, dns_id=MX) if result else Reason.TLSA_INVALID
    assert authenticate([record], shown(chain)) == expected


EXPIRED, UNTRUSTED = Reason.CERTIFICATE_EXPIRED, Reason.CERTIFICATE_NOT_TRUSTED
REFUSED = {
    "no certificate": ("3 1 1", LEAF, [], Reason.NO_CERTIFICATE),
    "an authority that is merely sent": ("2 0 1", STRANGER, [LEAF, MIDDLE, STRANGER], UNTRUSTED),
    "the intermediate one is missing": ("2 0 1", ROOT, [LEAF, ROOT], UNTRUSTED),
    "the leaf has expired": ("2 0 1", ROOT, [leaf(ROOT, MX, validity=PAST), ROOT], EXPIRED),
    "the authority has expired": ("2 0 1", OLD_ROOT, [leaf(OLD_ROOT, MX), OLD_ROOT], EXPIRED),
    "an authority in date only above itself": (
        "2 0 1",
        OLD_MIDDLE,
        [leaf(OLD_MIDDLE, MX), OLD_MIDDLE, ROOT],
        EXPIRED,
    ),
    "the issuer is no CA": (
        "2 0 1",
        ROOT,
        [leaf(no_ca := issue("no ca", by=ROOT), MX), no_ca, ROOT],
        UNTRUSTED,
    ),
    "another name": (
        "2 0 1",
        ROOT,
        [leaf(ROOT, "other.example"), ROOT],
        Reason.CERTIFICATE_HOST_MISMATCH,
    ),
    "the common name beside DNS-IDs": (
        "2 0 1",
        ROOT,
        [leaf(ROOT, "other.example", cn=MX), ROOT],
        Reason.CERTIFICATE_HOST_MISMATCH,
    ),
    "no name at all": ("2 0 1", ROOT, [leaf(ROOT), ROOT], Reason.CERTIFICATE_HOST_MISMATCH),
    "a wildcard for two labels": (
        "2 0 1",
        ROOT,
        [leaf(ROOT, "*.com"), ROOT],
        Reason.CERTIFICATE_HOST_MISMATCH,
    ),
    "a key that signed nothing of it": ("2 1 0", STRANGER, [LEAF, MIDDLE], Reason.TLSA_INVALID),
}


@pytest.mark.requirement("DANE-03")
@pytest.mark.requirement("DANE-23")
@pytest.mark.requirement("DANE-28")
@pytest.mark.parametrize(("form", "of", "chain", "reason"), REFUSED.values(), ids=REFUSED)
def test_refuses(form: str, of: Issued, chain: list[Issued], reason: Reason) -> None:
    assert authenticate([tlsa(form, of)], Shown(ders(chain), (MX,), NOW)) is reason


@pytest.mark.requirement("DANE-25")
@pytest.mark.parametrize("form", EVERY_FORM)
def test_a_self_signed_leaf_is_no_authority_for_itself_unless_its_key_is_given(form: str) -> None:
    record = tlsa(f"2 {form}", SELF_SIGNED)
    by_its_key = Authenticated(record, dns_id=MX)
    expected = by_its_key if form == "1 0" else Reason.TLSA_INVALID
    assert authenticate([record], shown([SELF_SIGNED])) == expected
    assert authenticate([record], shown([SELF_SIGNED, SELF_SIGNED])) == expected


@pytest.mark.requirement("DANE-28")
@pytest.mark.parametrize(
    ("issued", "references", "dns_id", "cn_id"),
    [
        pytest.param(leaf(ROOT, MX), (MX, DOMAIN), MX, "", id="the base domain"),
        pytest.param(leaf(ROOT, DOMAIN), (MX, DOMAIN), DOMAIN, "", id="the next-hop domain"),
        pytest.param(leaf(ROOT, "*.domain.com"), (MX,), "*.domain.com", "", id="a wildcard"),
        pytest.param(leaf(ROOT, "x.example", MX), (MX,), MX, "", id="one of several"),
        pytest.param(leaf(ROOT, cn=MX), (MX,), "", MX, id="the common name without DNS-IDs"),
    ],
)
def test_usage_2_asks_for_a_name(
    issued: Issued, references: tuple[str, ...], dns_id: str, cn_id: str
) -> None:
    record = tlsa("2 0 1", ROOT)
    matched = authenticate([record], shown([issued, ROOT], *references))
    assert matched == Authenticated(record, dns_id, cn_id)


@pytest.mark.requirement("DANE-26")
def test_one_record_that_matches_is_enough() -> None:
    records = [tlsa("3 1 1", STRANGER), tlsa("2 1 1", STRANGER), tlsa("3 0 1", LEAF)]
    assert authenticate(records, shown([LEAF, MIDDLE])) == Authenticated(records[-1])


@pytest.mark.requirement("DANE-27")
def test_a_weaker_digest_that_matches_does_not_save_a_stronger_that_does_not() -> None:
    records = [tlsa("3 1 1", LEAF), tlsa("3 1 2", STRANGER)]
    assert authenticate(records, shown([LEAF])) is Reason.TLSA_INVALID


@pytest.mark.requirement("DANE-27")
def test_unusable_records_leave_before_the_digests_are_compared() -> None:
    records = [tlsa("3 1 1", LEAF), Tlsa(3, 1, 2, bytes(32))]
    assert authenticate(records, shown([LEAF])) == Authenticated(records[0])


def test_the_reason_is_that_of_the_first_authority_that_was_reached() -> None:
    records = [tlsa("3 1 1", STRANGER), tlsa("2 0 1", OLD_ROOT), tlsa("2 1 1", STRANGER)]
    assert authenticate(records, shown([leaf(OLD_ROOT, MX), OLD_ROOT])) is EXPIRED


@pytest.mark.parametrize("form", ["3 1 1", "3 0 1", "2 1 0", "2 1 1"])
def test_bytes_that_are_no_certificate_match_nothing(form: str) -> None:
    garbage = Shown((UNREADABLE, UNREADABLE), (MX,), NOW)
    assert authenticate([tlsa(form, LEAF)], garbage) is Reason.TLSA_INVALID


@pytest.mark.requirement("DANE-22")
def test_a_certificate_of_an_unknown_version_is_matched_as_bytes_alone() -> None:
    future = LEAF.der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020109"), 1)
    as_sent = Tlsa(3, 0, 1, sha256(future).digest())
    sent = Shown((future,), (MX,), NOW)
    assert authenticate([as_sent], sent) == Authenticated(as_sent)
    assert authenticate([tlsa("3 1 1", LEAF)], sent) is Reason.TLSA_INVALID


def test_a_bare_key_that_signs_nothing_is_usable_and_matches_nothing() -> None:
    other = ec.generate_private_key(ec.SECP521R1()).public_key()
    record = Tlsa(2, 1, 0, other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    assert check_usable(record) is None
    assert authenticate([record], shown([LEAF, MIDDLE])) is Reason.TLSA_INVALID

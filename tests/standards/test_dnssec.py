"""The walk over honest zones: what is secure, what is proven insecure, and for how long."""

from datetime import timedelta

import pytest
from dns.dnssectypes import Algorithm, DSDigest

from seg_cli.standards.dnssec.walk import Walk
from seg_cli.terms import Reason, Security
from tests.standards.signed_zones import (
    NOW,
    Internet,
    Nsec3,
    judge,
    make_internet,
    run,
    wanted,
)

HASHED = Nsec3(iterations=2, salt=b"\xab\xcd")
OPT_OUT = Nsec3(opt_out=True)
ZONES = {"NSEC": None, "NSEC3": HASHED, "opt-out": OPT_OUT}


@pytest.fixture(scope="module", params=list(ZONES.values()), ids=list(ZONES))
def internet(request: pytest.FixtureRequest) -> Internet:
    return make_internet(nsec3=request.param)


@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize("algorithm", [8, 10, 13, 14, 15, 16])
@pytest.mark.parametrize("digest", [DSDigest.SHA256, DSDigest.SHA384])
def test_every_supported_algorithm_leads_from_the_root_to_the_records(
    algorithm: int, digest: DSDigest
) -> None:
    there = make_internet(Algorithm(algorithm), digest=digest)
    answer = judge(there, "_25._tcp.mail.secure.test.", "TLSA")
    assert (answer.security, answer.reason, answer.ttl) == (Security.SECURE, None, 600)


SECURE, INSECURE = Security.SECURE, Security.INSECURE


@pytest.mark.requirement("DNS-01")
@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize(
    ("owner", "rdtype", "security"),
    [
        pytest.param("mail.secure.test.", "A", SECURE, id="an address"),
        pytest.param("secure.test.", "DS", SECURE, id="a delegation"),
        pytest.param("secure.test.", "DNSKEY", SECURE, id="keys"),
        pytest.param("mail.plain.test.", "A", INSECURE, id="below an unsigned delegation"),
        pytest.param("plain.test.", "MX", INSECURE, id="nothing at an unsigned delegation"),
        pytest.param("www.secure.test.", "A", SECURE, id="an alias"),
        pytest.param("out.secure.test.", "A", SECURE, id="an alias into another signed zone"),
        pytest.param("away.secure.test.", "A", INSECURE, id="an alias into an unsigned zone"),
        pytest.param("x.old.secure.test.", "A", SECURE, id="a name below a DNAME"),
        pytest.param("host.test.", "A", SECURE, id="a host beside delegations"),
        pytest.param(".", "NS", SECURE, id="the root"),
    ],
)
def test_status_of_records(internet: Internet, owner: str, rdtype: str, security: Security) -> None:
    assert judge(internet, owner, rdtype).security is security


@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize(
    ("owner", "rdtype", "reason"),
    [
        pytest.param("mail.secure.test.", "AAAA", Reason.DNS_NODATA, id="no such type"),
        pytest.param("down.secure.test.", "A", Reason.DNS_NODATA, id="only names below"),
        pytest.param("a.wild.secure.test.", "TXT", Reason.DNS_NODATA, id="a wildcard lacks it"),
        pytest.param("secure.test.", "TXT", Reason.DNS_NODATA, id="the apex lacks it"),
        pytest.param("mail.secure.test.", "DS", Reason.DNS_NODATA, id="no delegation there"),
        pytest.param(".", "DS", Reason.DNS_NODATA, id="the root has no DS"),
    ],
)
def test_absence_is_proven(internet: Internet, owner: str, rdtype: str, reason: Reason) -> None:
    answer = judge(internet, owner, rdtype)
    if internet.zones[0].nsec3 == OPT_OUT and "wild" in owner:
        assert answer.reason is Reason.DNSSEC_OPT_OUT
    else:
        assert (answer.security, answer.reason) == (SECURE, None)
    assert answer.links[-1].reason is reason
    assert answer.ttl == 300


OPTED_OUT = [
    pytest.param("no.secure.test.", "A", id="no such name"),
    pytest.param("a.b.c.secure.test.", "TLSA", id="nor those above it"),
    pytest.param("no.secure.test.", "DS", id="no delegation"),
    pytest.param("a.wild.secure.test.", "A", id="a wildcard"),
    pytest.param("a.alias.secure.test.", "A", id="a wildcard alias"),
]
"""Opt-out cannot tell these from an unsigned delegation (RFC 5155 s9.2)."""


@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize(("owner", "rdtype"), OPTED_OUT)
def test_no_closer_name_is_proven_unless_opted_out(
    internet: Internet, owner: str, rdtype: str
) -> None:
    answer = judge(internet, owner, rdtype)
    opted_out = internet.zones[0].nsec3 == OPT_OUT
    expected = (INSECURE, Reason.DNSSEC_OPT_OUT) if opted_out else (SECURE, None)
    assert (answer.security, answer.reason) == expected


def test_delegation_below_opt_out_is_insecure() -> None:
    answer = judge(make_internet(nsec3=OPT_OUT), "mail.plain.test.", "A")
    assert (answer.security, answer.reason) == (INSECURE, Reason.DNSSEC_OPT_OUT)


def test_absent_ds_of_an_unsigned_delegation_is_itself_secure() -> None:
    assert judge(make_internet(), "plain.test.", "DS").security is SECURE


@pytest.mark.requirement("DNS-07")
def test_each_link_of_an_alias_has_its_own_status() -> None:
    links = judge(make_internet(), "away.secure.test.", "A").links
    assert [(str(link.name), link.security) for link in links] == [
        ("away.secure.test.", SECURE),
        ("mail.plain.test.", INSECURE),
    ]


@pytest.mark.requirement("DNS-07")
def test_alias_loop_is_bogus() -> None:
    answer = judge(make_internet(), "loop.secure.test.", "A")
    assert (answer.security, answer.reason) == (Security.BOGUS, Reason.DNS_ALIAS_LOOP)


@pytest.mark.requirement("DNS-07")
def test_alias_chain_is_limited() -> None:
    chain = "".join(f"c{step} 60 IN CNAME c{step + 1}\n" for step in range(20))
    answer = judge(make_internet(leaf=(chain,)), "c0.secure.test.", "A")
    assert (answer.security, answer.reason) == (Security.BOGUS, Reason.DNS_ALIAS_LOOP)


def test_trusted_zones_spare_the_way_down() -> None:
    internet = make_internet()
    first = Walk(wanted("mail.secure.test.", "A"), (internet.anchor,), NOW)
    run(first, internet)
    assert {str(zone.zone) for zone in first.trusted.values()} == {".", "test.", "secure.test."}
    again = Walk(wanted("secure.test.", "MX"), (), NOW, first.trusted)
    again.feed(internet.ask(wanted("secure.test.", "MX")))
    assert again.needs() is None
    assert again.result().security is SECURE


def test_trusted_zones_are_forgotten_in_time() -> None:
    internet = make_internet()
    first = Walk(wanted("mail.secure.test.", "A"), (internet.anchor,), NOW)
    run(first, internet)
    later = Walk(wanted("secure.test.", "MX"), (), NOW + timedelta(hours=2), first.trusted)
    assert run(later, internet).security is Security.INDETERMINATE


@pytest.mark.requirement("DNS-01")
def test_without_an_anchor_nothing_can_be_determined() -> None:
    internet = make_internet()
    answer = run(Walk(wanted("mail.secure.test.", "A"), (), NOW), internet)
    assert (answer.security, answer.reason) == (
        Security.INDETERMINATE,
        Reason.DNSSEC_NO_ANCHOR,
    )


@pytest.mark.requirement("DNS-01")
def test_question_without_answer_leaves_it_indeterminate() -> None:
    walk = Walk(wanted("mail.secure.test.", "A"), (), NOW)
    walk.fail(Reason.TIMED_OUT)
    assert (walk.result().security, walk.result().reason) == (
        Security.INDETERMINATE,
        Reason.TIMED_OUT,
    )


def test_ttl_ends_with_the_signature() -> None:
    at = NOW + timedelta(days=7, seconds=-90)
    assert judge(make_internet(), "mail.secure.test.", "A", at).ttl == 90

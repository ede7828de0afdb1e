"""DANE: what the TLSA records of a host, or their lack, mean for mail to it."""

import pytest

from seg_cli.policy.dane import (
    Floor,
    Forbids,
    GoesOn,
    MustMatch,
    NoTlsa,
    TlsaFacts,
    TlsaFailed,
    UnusableTlsa,
    UsableTlsa,
    after_opportunistic,
    first_decisive,
    tlsa_facts,
    under_dane,
)
from seg_cli.policy.facts import Absent, Failed, Found, Lookup, TlsFacts
from seg_cli.policy.precedence import Applies
from seg_cli.policy.requirement import (
    InForce,
    NeedsPolicy,
    NoPolicy,
    NotAsked,
    Refusal,
    Sts,
    TlsRequirement,
    demand,
)
from seg_cli.policy.tls_settings import CheckKind, Encryption
from seg_cli.policy.verdict import Course, Verdict, judge
from seg_cli.standards.tlsa import Tlsa
from seg_cli.terms import DaneMode, MtaStsSupport, PolicyMode, Reason, Security, TlsMode
from tests.policy.peers import (
    DOMAIN,
    MX,
    broken_handshake,
    leaf,
    no_tls,
    policy,
    reference,
    tls,
)
from tests.policy.tlsa import (
    AUTHORITY,
    HOST,
    OTHER,
    UNUSABLE,
    for_leaf,
    governance,
    usable,
)
from tests.standards.certificates import PAST, Issued, dns, issue

GOOD = leaf(MX)
RECORD = for_leaf(GOOD)
SECURE, INSECURE, BOGUS = Security.SECURE, Security.INSECURE, Security.BOGUS
MANDATORY, OPPORTUNISTIC = DaneMode.MANDATORY, DaneMode.OPPORTUNISTIC
ENFORCE = InForce(policy(PolicyMode.ENFORCE))
WITH_TLS = [mode for mode in TlsMode if mode is not TlsMode.NO]


@pytest.mark.parametrize(
    ("looked_up", "facts"),
    [
        pytest.param(
            Found((UNUSABLE, RECORD), SECURE),
            UsableTlsa((RECORD,), HOST),
            id="secure records: the usable ones count",
            marks=pytest.mark.requirement("DANE-20"),
        ),
        pytest.param(
            Found((UNUSABLE,), SECURE),
            UnusableTlsa(),
            id="secure records, none usable",
            marks=pytest.mark.requirement("DANE-12"),
        ),
        pytest.param(
            Found((), SECURE),
            UnusableTlsa(),
            id="secure records, none of which can be read",
            marks=pytest.mark.requirement("DANE-21"),
        ),
        pytest.param(
            Found((RECORD,), INSECURE),
            NoTlsa(Reason.TLSA_INSECURE),
            id="insecure records are as if absent",
            marks=pytest.mark.requirement("DANE-06"),
        ),
        pytest.param(
            Found((RECORD,), BOGUS),
            TlsaFailed(),
            id="bogus records: a failed look-up",
            marks=pytest.mark.requirement("DANE-05"),
        ),
        pytest.param(
            Found((RECORD,), Security.INDETERMINATE),
            TlsaFailed(),
            id="indeterminate records: a failed look-up",
            marks=pytest.mark.requirement("DANE-05"),
        ),
        pytest.param(
            Absent(Reason.DNS_NXDOMAIN, SECURE),
            NoTlsa(),
            id="secure absence",
            marks=pytest.mark.requirement("DANE-04"),
        ),
        pytest.param(Absent(Reason.DNS_NODATA), NoTlsa(), id="insecure absence"),
        pytest.param(
            Absent(Reason.DNS_NODATA, BOGUS),
            TlsaFailed(),
            id="a bogus denial: a failed look-up",
            marks=pytest.mark.requirement("DANE-05"),
        ),
        pytest.param(
            Absent(Reason.DNS_NODATA, Security.INDETERMINATE),
            TlsaFailed(),
            id="an indeterminate denial: a failed look-up",
            marks=pytest.mark.requirement("DANE-05"),
        ),
        pytest.param(
            Failed(Reason.DNS_SERVFAIL),
            TlsaFailed(),
            id="no answer",
            marks=pytest.mark.requirement("DANE-05"),
        ),
    ],
)
def test_what_an_answer_amounts_to(looked_up: Lookup[tuple[Tlsa, ...]], facts: TlsaFacts) -> None:
    assert tlsa_facts(looked_up, HOST) == facts


@pytest.mark.requirement("DANE-14")
@pytest.mark.parametrize(
    ("answers", "decides"),
    [
        pytest.param([usable(RECORD), NoTlsa()], 0, id="the expanded name has records"),
        pytest.param([NoTlsa(), usable(RECORD)], 1, id="only the original name has"),
        pytest.param([UnusableTlsa(), usable(RECORD)], 0, id="unusable ones decide too"),
        pytest.param([TlsaFailed(), usable(RECORD)], 0, id="an error is not absence"),
        pytest.param([NoTlsa(Reason.TLSA_INSECURE), usable(RECORD)], 1, id="insecure ones are"),
        pytest.param([NoTlsa(), NoTlsa(Reason.TLSA_INSECURE)], 1, id="neither has"),
    ],
)
def test_the_first_base_domain_with_records_decides(answers: list[TlsaFacts], decides: int) -> None:
    assert first_decisive(answers) == answers[decides]


@pytest.mark.requirement("DANE-10")
def test_without_a_base_domain_the_address_is_insecure() -> None:
    assert first_decisive([]) == NoTlsa(Reason.DANE_ADDRESS_INSECURE)


FROM_INSECURE_MX = usable(RECORD, mx=INSECURE)


@pytest.mark.requirement("AOS-22")
@pytest.mark.requirement("AOS-23")
@pytest.mark.parametrize(
    ("tlsa", "mandatory", "opportunistic"),
    [
        pytest.param(
            usable(RECORD),
            MustMatch(usable(RECORD)),
            MustMatch(usable(RECORD)),
            id="usable records must match",
            marks=pytest.mark.requirement("DANE-01"),
        ),
        pytest.param(
            FROM_INSECURE_MX,
            Forbids(Reason.DANE_MX_INSECURE),
            MustMatch(FROM_INSECURE_MX),
            id="so they must behind insecure MX records, which are not enough for Mandatory",
            marks=pytest.mark.requirement("DANE-07"),
        ),
        pytest.param(
            UnusableTlsa(),
            Forbids(Reason.TLSA_UNUSABLE),
            GoesOn(Reason.TLSA_UNUSABLE, Floor.TLS),
            id="unusable ones: never clear text",
            marks=pytest.mark.requirement("DANE-12"),
        ),
        pytest.param(
            NoTlsa(),
            Forbids(Reason.TLSA_NONE),
            GoesOn(Reason.TLSA_NONE),
            id="none: Mandatory keeps the mail",
            marks=pytest.mark.requirement("DANE-04"),
        ),
        pytest.param(
            NoTlsa(Reason.TLSA_INSECURE),
            Forbids(Reason.TLSA_INSECURE),
            GoesOn(Reason.TLSA_INSECURE),
            id="insecure ones are ignored",
            marks=pytest.mark.requirement("DANE-06"),
        ),
        pytest.param(
            TlsaFailed(),
            Forbids(Reason.DNSSEC_INVALID),
            Forbids(Reason.DNSSEC_INVALID),
            id="a failed look-up: not this host",
            marks=pytest.mark.requirement("DANE-05"),
        ),
    ],
)
def test_what_follows_from_the_records(
    tlsa: TlsaFacts, mandatory: MustMatch | Forbids, opportunistic: MustMatch | GoesOn | Forbids
) -> None:
    assert under_dane(MANDATORY, tlsa) == mandatory
    assert under_dane(OPPORTUNISTIC, tlsa) == after_opportunistic(tlsa) == opportunistic


@pytest.mark.requirement("AOS-21")
@pytest.mark.parametrize("mode", WITH_TLS)
@pytest.mark.parametrize("dane", [OPPORTUNISTIC, MANDATORY])
@pytest.mark.parametrize("sts", [NotAsked(), ENFORCE], ids=["not asked", "enforce"])
def test_usable_records_are_all_that_is_demanded(mode: TlsMode, dane: DaneMode, sts: Sts) -> None:
    assert demand(governance(dane, mode), "unlisted.example", sts, usable(RECORD)) == (
        TlsRequirement(
            Encryption.MANDATORY,
            checks=(CheckKind.DANE,),
            reasons=(Reason.MTA_STS_DANE,),
            tlsa=usable(RECORD),
        )
    )


@pytest.mark.requirement("AOS-21")
def test_where_mta_sts_is_off_nothing_is_skipped() -> None:
    governed = governance(MANDATORY, mta_sts=MtaStsSupport.OFF)
    requirement = demand(governed, "mx.example", NotAsked(), usable(RECORD))
    assert isinstance(requirement, TlsRequirement)
    assert requirement.reasons == ()


@pytest.mark.requirement("AOS-22")
def test_a_host_that_dane_forbids_is_refused_for_its_reason() -> None:
    refused = demand(governance(MANDATORY), "mx.example", NotAsked(), NoTlsa(Reason.TLSA_INSECURE))
    assert refused == Refusal(Reason.TLSA_INSECURE)


@pytest.mark.requirement("AOS-23")
@pytest.mark.parametrize("mode", WITH_TLS)
@pytest.mark.parametrize("tlsa", [NoTlsa(), UnusableTlsa()])
def test_a_policy_is_asked_for_where_opportunistic_dane_does_not_decide(
    mode: TlsMode, tlsa: TlsaFacts
) -> None:
    assert demand(governance(OPPORTUNISTIC, mode), MX, NotAsked(), tlsa) == NeedsPolicy()


def test_no_policy_is_asked_for_where_mta_sts_is_off() -> None:
    off = governance(OPPORTUNISTIC, mta_sts=MtaStsSupport.OFF)
    assert demand(off, MX, NotAsked(), NoTlsa()) == TlsRequirement(
        Encryption.OPPORTUNISTIC, reasons=(Reason.TLSA_NONE, Reason.MTA_STS_OFF)
    )


@pytest.mark.requirement("AOS-23")
def test_behind_dane_an_enforced_policy_decides() -> None:
    asked = governance(OPPORTUNISTIC)
    requirement = demand(asked, MX, ENFORCE, NoTlsa())
    assert isinstance(requirement, TlsRequirement)
    assert requirement.checks == (CheckKind.MTA_STS,)
    unlisted = demand(asked, "unlisted.example", ENFORCE, UnusableTlsa())
    assert unlisted == Refusal(Reason.STS_MX_NOT_LISTED)


@pytest.mark.requirement("DANE-12")
@pytest.mark.parametrize("mode", WITH_TLS)
def test_records_of_which_none_is_usable_forbid_clear_text_under_every_setting(
    mode: TlsMode,
) -> None:
    asked, without = governance(OPPORTUNISTIC, mode), NoPolicy(Reason.STS_FETCH_ERROR)
    by_setting = demand(governance(DaneMode.NONE, mode), MX, without)
    raised = demand(asked, MX, without, UnusableTlsa())
    assert isinstance(by_setting, TlsRequirement)
    assert isinstance(raised, TlsRequirement)
    assert raised.encryption is Encryption.MANDATORY
    assert (raised.checks, raised.tried) == (by_setting.checks, by_setting.tried)
    assert raised.reasons == (Reason.TLSA_UNUSABLE, Reason.STS_FETCH_ERROR)


def test_with_dane_none_records_count_for_nothing() -> None:
    none = governance(DaneMode.NONE)
    assert demand(none, MX, ENFORCE, TlsaFailed()) == demand(none, MX, ENFORCE)


@pytest.mark.parametrize("dane", [OPPORTUNISTIC, MANDATORY])
def test_where_dane_applies_and_nobody_asked_nothing_is_sent(dane: DaneMode) -> None:
    asked = governance(dane)
    assert asked.dane == Applies()
    assert demand(asked, MX, ENFORCE) == Refusal(Reason.DNSSEC_INVALID)


def judged(tlsa: UsableTlsa, seen: TlsFacts) -> Verdict:
    requirement = demand(governance(OPPORTUNISTIC), MX, NotAsked(), tlsa)
    assert isinstance(requirement, TlsRequirement)
    return judge(requirement, seen, reference())


@pytest.mark.requirement("DANE-01")
@pytest.mark.parametrize(
    ("record", "certificate", "peer"),
    [
        pytest.param(RECORD, GOOD, "", id="usage 3 shows no name"),
        pytest.param(
            for_leaf(old := issue("x", dns("x.example"), validity=PAST)),
            old,
            "",
            id="usage 3, expired, self-signed, another name",
            marks=pytest.mark.requirement("DANE-22"),
        ),
        pytest.param(
            AUTHORITY, GOOD, f"subjectAltName:dNSName={MX}", id="usage 2 shows the DNS-ID"
        ),
        pytest.param(AUTHORITY, leaf(cn=DOMAIN), f"CN={DOMAIN}", id="or the common name"),
    ],
)
def test_a_record_that_matches_is_success(record: Tlsa, certificate: Issued, peer: str) -> None:
    assert judged(usable(record), tls(certificate)) == Verdict(
        Course.SEND, peer=peer, reasons=(Reason.MTA_STS_DANE,)
    )


@pytest.mark.requirement("DANE-03")
@pytest.mark.parametrize(
    ("record", "why", "reason"),
    [
        pytest.param(
            RECORD, "no TLSA record matches the certificate", Reason.TLSA_INVALID, id="usage 3"
        ),
        pytest.param(
            AUTHORITY,
            f"peer cert does not match domain {MX}",
            Reason.CERTIFICATE_HOST_MISMATCH,
            id="usage 2, another name",
            marks=pytest.mark.requirement("DANE-28"),
        ),
    ],
)
def test_a_record_that_does_not_match_sends_nothing(record: Tlsa, why: str, reason: Reason) -> None:
    assert judged(usable(record), tls(OTHER)) == Verdict(
        Course.REFUSE, why=why, verification=True, reasons=(Reason.MTA_STS_DANE, reason)
    )


@pytest.mark.requirement("DANE-26")
def test_one_record_that_matches_is_enough() -> None:
    assert judged(usable(for_leaf(OTHER), RECORD), tls(GOOD)).course is Course.SEND


@pytest.mark.requirement("DANE-13")
@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(no_tls(Reason.STARTTLS_NOT_SUPPORTED), id="no STARTTLS"),
        pytest.param(no_tls(Reason.STARTTLS_REFUSED, "454 not now"), id="STARTTLS refused"),
        pytest.param(broken_handshake("EOF"), id="handshake failed"),
        pytest.param(TlsFacts(protocol="TLSv1.3"), id="no certificate"),
        pytest.param(TlsFacts(protocol="TLSv1.1", chain=(GOOD.der,)), id="below TLS 1.2"),
    ],
)
def test_usable_records_and_no_good_tls_send_nothing(seen: TlsFacts) -> None:
    assert judged(usable(RECORD), seen).course is Course.REFUSE


def test_the_trusted_roots_of_the_appliance_do_not_count() -> None:
    at_home = issue("home", dns(MX))
    assert judged(usable(for_leaf(at_home)), tls(at_home)).course is Course.SEND
    signed_by_a_root = tls(leaf(MX, DOMAIN))
    assert judged(usable(for_leaf(at_home)), signed_by_a_root).course is Course.REFUSE

"""What holds for every decision, over any policy, host, certificate, route and time."""

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.config.destinations import DestinationSettings
from seg_cli.config.smtp_routes import RouteHost, SmtpRoute
from seg_cli.policy.facts import HostNames, TlsFacts
from seg_cli.policy.precedence import govern
from seg_cli.policy.requirement import (
    InForce,
    NoPolicy,
    NotAsked,
    Refusal,
    Sts,
    TlsRequirement,
    demand,
)
from seg_cli.policy.tls_settings import Encryption
from seg_cli.policy.verdict import Course, Reference, Verdict, judge
from seg_cli.standards.mta_sts import Policy
from seg_cli.terms import DaneMode, MtaStsSupport, PolicyMode, Reason, TlsMode
from tests.policy.peers import ANCHORS, DOMAIN, ROOT
from tests.standards.certificates import CA, NOW, PAST, dns, issue

HOSTS = ("mx1.mail123.domain.com", "mx2.mail123.domain.com", "mx.provider.example", "192.0.2.1")
PATTERNS = (*HOSTS, "*.mail123.domain.com", "*.provider.example", "*.example", DOMAIN)
STRANGE_CA = issue("strange root", CA)

CERTIFICATES = [
    issue(cn, *([dns(*sans)] if sans else []), **issuer)
    for cn in ("unnamed", DOMAIN, HOSTS[0])
    for sans in ((), (DOMAIN,), (HOSTS[0],), ("*.mail123.domain.com", DOMAIN), (HOSTS[2],))
    for issuer in ({"by": ROOT}, {"by": STRANGE_CA}, {}, {"by": ROOT, "validity": PAST})
]
REFUSALS = [
    TlsFacts(Reason.STARTTLS_NOT_SUPPORTED, behind_220=False),
    TlsFacts(Reason.STARTTLS_REFUSED, behind_220=False),
    TlsFacts(Reason.STARTTLS_REFUSED, behind_220=False, lost=True),
    TlsFacts(Reason.STARTTLS_INJECTION),
    TlsFacts(Reason.HANDSHAKE_FAILED, detail="EOF"),
    TlsFacts(Reason.PROTOCOL_TOO_OLD),
]

ESTABLISHED = st.builds(
    TlsFacts,
    protocol=st.sampled_from(["TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1", "SSLv3", ""]),
    cipher=st.just("TLS_AES_256_GCM_SHA384"),
    chain=st.just(()) | st.sampled_from(CERTIFICATES).map(lambda issued: (issued.der, ROOT.der)),
)
POLICIES = st.builds(
    Policy,
    st.sampled_from(PolicyMode),
    st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=4).map(tuple),
    st.just(604_800),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision rests on but the TLS setting."""

    support: MtaStsSupport
    dane: DaneMode
    route: SmtpRoute | None
    sts: Sts
    host: str
    seen: TlsFacts
    ptr: tuple[str, ...]
    days: int


FACTS = st.builds(
    Facts,
    st.sampled_from(MtaStsSupport),
    st.sampled_from(DaneMode),
    st.none() | st.just(SmtpRoute(DOMAIN, (RouteHost("mx.provider.example"),))),
    st.builds(InForce, POLICIES) | st.sampled_from([NotAsked(), NoPolicy(Reason.STS_FETCH_ERROR)]),
    st.sampled_from(HOSTS),
    st.sampled_from(REFUSALS) | ESTABLISHED,
    st.sampled_from([(), (HOSTS[0],)]),
    st.sampled_from([0, 0, 0, -90, 90]),
)


ENFORCED = st.builds(
    lambda facts, policy: replace(
        facts, support=MtaStsSupport.ON, dane=DaneMode.NONE, route=None, sts=InForce(policy)
    ),
    FACTS,
    POLICIES.map(lambda policy: replace(policy, mode=PolicyMode.ENFORCE)),
)


def decision(tls: TlsMode, facts: Facts) -> Refusal | Verdict:
    """Why the host may not be used, or what is done with it."""
    settings = DestinationSettings(tls=tls, mta_sts=facts.support, dane=facts.dane)
    requirement = demand(govern(settings, facts.route), facts.host, facts.sts)
    match requirement:
        case Refusal():
            return requirement
        case TlsRequirement(Encryption.NEVER):
            return Verdict(Course.SEND_IN_CLEAR)
        case TlsRequirement():
            routed = () if facts.route is None else tuple(host.host for host in facts.route.hosts)
            names = HostNames(DOMAIN, facts.host, HOSTS, routed, facts.ptr)
            at = NOW + timedelta(days=facts.days)
            return judge(requirement, facts.seen, Reference(ANCHORS, at, names))


def course(tls: TlsMode, facts: Facts) -> Course:
    """What is done with the host; one that may not be used is refused."""
    made = decision(tls, facts)
    return made.course if isinstance(made, Verdict) else Course.REFUSE


WITH_TLS = st.sampled_from([mode for mode in TlsMode if mode is not TlsMode.NO])
LAXER = [
    (TlsMode.PREFERRED, TlsMode.PREFERRED_VERIFY),
    (TlsMode.REQUIRED, TlsMode.PREFERRED),
    (TlsMode.REQUIRED_VERIFY, TlsMode.REQUIRED),
    (TlsMode.REQUIRED_VERIFY_HOSTED, TlsMode.REQUIRED),
]


@pytest.mark.requirement("STS-53")
@given(WITH_TLS, ENFORCED)
def test_enforce_uses_no_unlisted_host_and_no_clear_text(tls: TlsMode, facts: Facts) -> None:
    assert isinstance(facts.sts, InForce)
    taken = course(tls, facts)
    assert taken in {Course.SEND, Course.REFUSE}
    assert taken is Course.REFUSE or facts.sts.policy.lists(facts.host)


@pytest.mark.requirement("AOS-24")
@given(WITH_TLS, ENFORCED)
def test_what_enforce_takes_under_one_setting_it_takes_under_each_without_a_check(
    tls: TlsMode, facts: Facts
) -> None:
    if course(tls, facts) is Course.SEND:
        for lax in (TlsMode.PREFERRED, TlsMode.REQUIRED, TlsMode.PREFERRED_VERIFY):
            assert course(lax, facts) is Course.SEND


@pytest.mark.parametrize(("strict", "lax"), LAXER, ids=lambda mode: mode.name.lower())
@given(facts=FACTS | ENFORCED)
def test_if_a_setting_delivers_each_laxer_one_delivers(
    strict: TlsMode, lax: TlsMode, facts: Facts
) -> None:
    if course(strict, facts) is not Course.REFUSE:
        assert course(lax, facts) is not Course.REFUSE


@pytest.mark.requirement("TLS-08")
@given(WITH_TLS, FACTS.filter(lambda facts: facts.seen.protocol not in {"TLSv1.2", "TLSv1.3"}))
def test_nothing_is_sent_under_tls_below_1_2(tls: TlsMode, facts: Facts) -> None:
    assert course(tls, facts) is not Course.SEND


@pytest.mark.requirement("AOS-01")
@given(FACTS)
def test_without_tls_in_the_setting_nothing_else_counts(facts: Facts) -> None:
    assert course(TlsMode.NO, facts) is Course.SEND_IN_CLEAR


@given(st.sampled_from(TlsMode), FACTS | ENFORCED)
def test_same_facts_same_answer(tls: TlsMode, facts: Facts) -> None:
    assert decision(tls, facts) == decision(tls, deepcopy(facts))

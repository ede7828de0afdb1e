"""What holds for every decision in which DANE has a say, over any records, policy and host."""

from copy import deepcopy
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.config.destinations import DestinationSettings
from seg_cli.policy.dane import (
    DaneHost,
    NoTlsa,
    TlsaFacts,
    TlsaFailed,
    UnusableTlsa,
    UsableTlsa,
    tlsa_facts,
)
from seg_cli.policy.facts import Found, HostNames
from seg_cli.policy.precedence import govern
from seg_cli.policy.requirement import NeedsPolicy, Refusal, TlsRequirement, demand
from seg_cli.policy.verdict import Course, Reference, Verdict, judge
from seg_cli.standards.tlsa import Tlsa
from seg_cli.terms import DaneMode, MtaStsSupport, Reason, Security, TlsMode
from tests.policy.peers import ANCHORS, DOMAIN, ROOT
from tests.policy.tlsa import AUTHORITY, UNUSABLE, for_leaf
from tests.properties.test_decisions import CERTIFICATES, FACTS, HOSTS, WITH_TLS, Facts
from tests.standards.certificates import NOW

RECORDS = st.lists(
    st.sampled_from(CERTIFICATES).map(for_leaf)
    | st.sampled_from([AUTHORITY, UNUSABLE])
    | st.builds(Tlsa, *[st.integers(0, 3)] * 3, st.binary(max_size=64)),
    max_size=4,
).map(tuple)
TLSA: st.SearchStrategy[TlsaFacts] = st.builds(
    lambda records, host: tlsa_facts(Found(records, Security.SECURE), host),
    RECORDS,
    st.builds(
        DaneHost,
        st.sampled_from(HOSTS),
        st.lists(st.sampled_from((*HOSTS, DOMAIN)), min_size=1).map(tuple),
        st.sampled_from([Security.SECURE, Security.INSECURE]),
    ),
) | st.sampled_from([NoTlsa(), NoTlsa(Reason.TLSA_INSECURE), UnusableTlsa(), TlsaFailed()])
USABLE = TLSA.filter(lambda tlsa: isinstance(tlsa, UsableTlsa))
USED = st.sampled_from([DaneMode.OPPORTUNISTIC, DaneMode.MANDATORY])


def decision(
    tls: TlsMode, dane: DaneMode, facts: Facts, tlsa: TlsaFacts
) -> Refusal | NeedsPolicy | Verdict:
    """What is done with a host for which there is no SMTP route."""
    settings = DestinationSettings(tls=tls, mta_sts=facts.support, dane=dane)
    governance = govern(settings, None)
    requirement = demand(governance, facts.host, facts.sts, tlsa)
    if not isinstance(requirement, TlsRequirement):
        return requirement
    names = HostNames(DOMAIN, facts.host, HOSTS, (), facts.ptr)
    return judge(requirement, facts.seen, Reference(ANCHORS, NOW, names))


def without_the_skip(made: Refusal | NeedsPolicy | Verdict) -> Refusal | NeedsPolicy | Verdict:
    """But for the remark that MTA-STS is skipped, which is made only where it is on."""
    if not isinstance(made, Verdict):
        return made
    reasons = tuple(reason for reason in made.reasons if reason is not Reason.MTA_STS_DANE)
    return replace(made, reasons=reasons)


def delivers(made: Refusal | NeedsPolicy | Verdict) -> bool:
    return isinstance(made, Verdict) and made.course is not Course.REFUSE


@pytest.mark.requirement("AOS-22")
@given(WITH_TLS, FACTS, TLSA)
def test_mandatory_never_ends_in_clear_text(tls: TlsMode, facts: Facts, tlsa: TlsaFacts) -> None:
    made = decision(tls, DaneMode.MANDATORY, facts, tlsa)
    assert not delivers(made) or (isinstance(made, Verdict) and made.course is Course.SEND)


@pytest.mark.requirement("AOS-22")
@given(WITH_TLS, FACTS, TLSA)
def test_mandatory_delivers_only_with_usable_records_behind_secure_mx_records(
    tls: TlsMode, facts: Facts, tlsa: TlsaFacts
) -> None:
    if delivers(decision(tls, DaneMode.MANDATORY, facts, tlsa)):
        assert isinstance(tlsa, UsableTlsa)
        assert tlsa.host.mx is Security.SECURE


@pytest.mark.requirement("DANE-01")
@pytest.mark.requirement("DANE-03")
@given(WITH_TLS, USED, FACTS, USABLE)
def test_usable_records_never_deliver_to_a_host_they_do_not_authenticate(
    tls: TlsMode, dane: DaneMode, facts: Facts, tlsa: UsableTlsa
) -> None:
    made = decision(tls, dane, facts, tlsa)
    if not delivers(made):
        return
    assert isinstance(made, Verdict)
    assert made.course is Course.SEND
    own = sha256(facts.seen.chain[0]).digest()
    by_root = made.peer != "" and AUTHORITY in tlsa.records and ROOT.der in facts.seen.chain
    assert by_root or own in {record.data for record in tlsa.records}


@pytest.mark.requirement("AOS-21")
@given(USED, FACTS, USABLE)
def test_with_usable_records_neither_the_tls_setting_nor_a_policy_counts(
    dane: DaneMode, facts: Facts, tlsa: UsableTlsa
) -> None:
    off = Facts(MtaStsSupport.OFF, dane, None, facts.sts, facts.host, facts.seen, (), 0)
    made = [
        without_the_skip(decision(tls, dane, each, tlsa))
        for tls in TlsMode
        if tls > 1
        for each in (facts, off)
    ]
    assert made == [made[0]] * len(made)


@pytest.mark.requirement("DANE-12")
@given(WITH_TLS, USED, FACTS)
def test_unusable_records_never_deliver_in_clear_text(
    tls: TlsMode, dane: DaneMode, facts: Facts
) -> None:
    made = decision(tls, dane, facts, UnusableTlsa())
    assert not delivers(made) or (isinstance(made, Verdict) and made.course is Course.SEND)


@given(st.sampled_from(TlsMode), st.sampled_from(DaneMode), FACTS, TLSA)
def test_same_facts_same_answer(
    tls: TlsMode, dane: DaneMode, facts: Facts, tlsa: TlsaFacts
) -> None:
    again = deepcopy((facts, tlsa))
    assert decision(tls, dane, facts, tlsa) == decision(tls, dane, *again)

from dataclasses import replace

import pytest

from seg_cli.config.destinations import DestinationSettings
from seg_cli.policy.facts import TlsFacts
from seg_cli.policy.precedence import govern
from seg_cli.policy.requirement import InForce, NoPolicy, NotAsked, Sts, TlsRequirement, demand
from seg_cli.policy.verdict import Course, Verdict, judge
from seg_cli.terms import MtaStsSupport, Reason, TlsMode
from tests.policy.peers import (
    DOMAIN,
    MX,
    broken_handshake,
    leaf,
    names,
    no_tls,
    policy,
    reference,
    tls,
)
from tests.standards.certificates import PAST, dns, issue

GOOD = tls(leaf(DOMAIN))
MX_ONLY = tls(leaf(MX))
STRANGER = tls(leaf("stranger.example"))
SELF_SIGNED = TlsFacts(protocol="TLSv1.3", chain=(issue(DOMAIN, dns(DOMAIN)).der,))
NOT_OFFERED = no_tls(Reason.STARTTLS_NOT_SUPPORTED)
REFUSED = no_tls(Reason.STARTTLS_REFUSED, "454 not now")
HANDSHAKE = broken_handshake("sslv3 alert handshake failure")

GOOD_NAME = "subjectAltName:dNSName=domain.com"

PEERS = [GOOD, MX_ONLY, STRANGER, SELF_SIGNED, NOT_OFFERED, REFUSED, HANDSHAKE]

SEND, CLEAR, AGAIN, NO = (
    Course.SEND,
    Course.SEND_IN_CLEAR,
    Course.RECONNECT_IN_CLEAR,
    Course.REFUSE,
)


def verdict(mode: TlsMode, seen: TlsFacts, sts: Sts = NotAsked()) -> Verdict:  # noqa: B008 - frozen
    settings = DestinationSettings(tls=mode, mta_sts=MtaStsSupport.ON)
    requirement = demand(govern(settings, None), MX, sts)
    assert isinstance(requirement, TlsRequirement)
    return judge(requirement, seen, reference())


@pytest.mark.requirement("AOS-01")
@pytest.mark.requirement("AOS-02")
@pytest.mark.requirement("AOS-03")
@pytest.mark.requirement("AOS-04")
@pytest.mark.requirement("AOS-05")
@pytest.mark.requirement("AOS-06")
@pytest.mark.parametrize(
    ("mode", "courses"),
    [
        #                         good  mx    stranger self  none   454    handshake
        (TlsMode.PREFERRED, [SEND, SEND, SEND, SEND, CLEAR, CLEAR, NO]),
        (TlsMode.REQUIRED, [SEND, SEND, SEND, SEND, NO, NO, NO]),
        (TlsMode.PREFERRED_VERIFY, [SEND, SEND, SEND, SEND, CLEAR, CLEAR, AGAIN]),
        (TlsMode.REQUIRED_VERIFY, [SEND, NO, NO, NO, NO, NO, NO]),
        (TlsMode.REQUIRED_VERIFY_HOSTED, [SEND, SEND, NO, NO, NO, NO, NO]),
    ],
)
def test_each_setting_with_each_peer(mode: TlsMode, courses: list[Course]) -> None:
    assert [verdict(mode, seen).course for seen in PEERS] == courses


@pytest.mark.requirement("AOS-04")
def test_preferred_verify_shows_a_verified_name_and_keeps_quiet_about_others() -> None:
    assert verdict(TlsMode.PREFERRED_VERIFY, GOOD).peer == "subjectAltName:dNSName=domain.com"
    assert verdict(TlsMode.PREFERRED_VERIFY, STRANGER).peer == ""


@pytest.mark.requirement("AOS-24")
@pytest.mark.parametrize("mode", [mode for mode in TlsMode if mode is not TlsMode.NO])
def test_enforce_delivers_only_to_a_certificate_that_names_the_mx_host(mode: TlsMode) -> None:
    enforce = InForce(policy())
    for seen in (GOOD, STRANGER, SELF_SIGNED, NOT_OFFERED, REFUSED, HANDSHAKE):
        assert verdict(mode, seen, enforce).course is NO


@pytest.mark.requirement("AOS-27")
def test_a_provider_certificate_passes_mta_sts_and_fails_setting_5() -> None:
    failed = verdict(TlsMode.REQUIRED_VERIFY, MX_ONLY, InForce(policy()))
    assert failed.course is NO
    assert failed.verification
    assert failed.why == "peer cert does not match domain domain.com"


def test_the_name_that_mta_sts_matched_is_shown_first() -> None:
    both = tls(leaf(DOMAIN, "*.mail123.domain.com"))
    shown = verdict(TlsMode.REQUIRED_VERIFY, both, InForce(policy())).peer
    assert shown == "subjectAltName:dNSName=*.mail123.domain.com"


@pytest.mark.requirement("AOS-08")
@pytest.mark.parametrize(
    ("seen", "why"),
    [
        pytest.param(SELF_SIGNED, "self signed certificate", id="self-signed"),
        pytest.param(TlsFacts(protocol="TLSv1.3"), "no certificate", id="none"),
        pytest.param(
            tls(issue(DOMAIN, dns(DOMAIN), validity=PAST)),
            "certificate has expired",
            id="expired",
        ),
    ],
)
def test_a_chain_must_end_in_a_configured_root(seen: TlsFacts, why: str) -> None:
    failed = verdict(TlsMode.REQUIRED_VERIFY, seen)
    assert (failed.course, failed.verification, failed.why) == (NO, True, why)


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        pytest.param(REFUSED, "STARTTLS unexpected response", id="the reply is not quoted"),
        pytest.param(HANDSHAKE, "sslv3 alert handshake failure", id="what OpenSSL said"),
        pytest.param(broken_handshake(), "TLS handshake failed", id="nothing said"),
    ],
)
def test_why_there_is_no_tls(seen: TlsFacts, why: str) -> None:
    assert verdict(TlsMode.REQUIRED, seen).why == why


WITHOUT = Reason.STS_NO_RECORD
MISMATCH = "peer cert does not match domain domain.com"
TOO_OLD = TlsFacts(protocol="TLSv1.1", chain=GOOD.chain)
LOST = TlsFacts(Reason.DISCONNECTED, behind_220=False, lost=True, detail="EOF")
ALERT = "sslv3 alert handshake failure"


def why(course: Course, cause: str, reason: Reason) -> Verdict:
    return Verdict(course, why=cause, reasons=(WITHOUT, reason))


@pytest.mark.parametrize(
    ("mode", "seen", "whole"),
    [
        pytest.param(
            TlsMode.PREFERRED,
            NOT_OFFERED,
            why(CLEAR, "STARTTLS command not supported", Reason.STARTTLS_NOT_SUPPORTED),
            id="clear text, for STARTTLS is not offered",
        ),
        pytest.param(
            TlsMode.PREFERRED,
            LOST,
            why(AGAIN, "EOF", Reason.DISCONNECTED),
            id="clear text anew, for the connection was lost before the 220",
        ),
        pytest.param(
            TlsMode.PREFERRED,
            HANDSHAKE,
            why(NO, ALERT, Reason.HANDSHAKE_FAILED),
            id="refused behind the 220",
        ),
        pytest.param(
            TlsMode.PREFERRED_VERIFY,
            HANDSHAKE,
            why(AGAIN, ALERT, Reason.HANDSHAKE_FAILED),
            id="clear text anew behind the 220",
        ),
        pytest.param(
            TlsMode.REQUIRED,
            TOO_OLD,
            why(NO, "unsupported protocol version", Reason.PROTOCOL_TOO_OLD),
            id="refused below TLS 1.2",
            marks=pytest.mark.requirement("TLS-08"),
        ),
        pytest.param(
            TlsMode.PREFERRED, GOOD, Verdict(SEND, reasons=(WITHOUT,)), id="under TLS, unchecked"
        ),
        pytest.param(
            TlsMode.PREFERRED_VERIFY,
            GOOD,
            Verdict(SEND, peer=GOOD_NAME, reasons=(WITHOUT,)),
            id="under TLS, verified",
        ),
        pytest.param(
            TlsMode.REQUIRED_VERIFY,
            GOOD,
            Verdict(SEND, peer=GOOD_NAME, reasons=(WITHOUT,)),
            id="under TLS, verified as required",
        ),
        pytest.param(
            TlsMode.PREFERRED_VERIFY,
            STRANGER,
            Verdict(SEND, reasons=(WITHOUT, Reason.CERTIFICATE_HOST_MISMATCH)),
            id="under TLS, though the name is another",
        ),
        pytest.param(
            TlsMode.PREFERRED_VERIFY,
            SELF_SIGNED,
            Verdict(SEND, reasons=(WITHOUT, Reason.CERTIFICATE_SELF_SIGNED)),
            id="under TLS, though self-signed",
        ),
        pytest.param(
            TlsMode.REQUIRED_VERIFY,
            STRANGER,
            replace(why(NO, MISMATCH, Reason.CERTIFICATE_HOST_MISMATCH), verification=True),
            id="refused for its name",
        ),
    ],
)
def test_the_whole_verdict(mode: TlsMode, seen: TlsFacts, whole: Verdict) -> None:
    assert verdict(mode, seen, NoPolicy(WITHOUT)) == whole


def test_the_reference_names_are_those_of_the_connection() -> None:
    requirement = demand(
        govern(DestinationSettings(tls=TlsMode.REQUIRED_VERIFY), None), MX, NotAsked()
    )
    assert isinstance(requirement, TlsRequirement)
    seen = tls(leaf(cn=MX))
    assert judge(requirement, seen, reference(names(ptr=(MX,)))).course is SEND
    assert judge(requirement, seen, reference(names())).course is NO

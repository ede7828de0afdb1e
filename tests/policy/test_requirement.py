from dataclasses import replace

import pytest

from seg_cli.config.destinations import DestinationSettings
from seg_cli.config.smtp_routes import RouteHost, SmtpRoute
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
from seg_cli.policy.tls_settings import AfterHandshake, CheckKind, Encryption, TlsVersion
from seg_cli.terms import DaneMode, MtaStsSupport, PolicyMode, Reason, TlsMode
from tests.policy.peers import MX, policy

SETTINGS_WITH_TLS = [mode for mode in TlsMode if mode is not TlsMode.NO]
ENFORCE = InForce(policy(PolicyMode.ENFORCE))


def demanded(tls: TlsMode, sts: Sts, dane: DaneMode = DaneMode.NONE) -> TlsRequirement | Refusal:
    settings = DestinationSettings(tls=tls, mta_sts=MtaStsSupport.ON, dane=dane)
    return demand(govern(settings, None), MX, sts)


NEVER, OPPORTUNISTIC, MANDATORY = (
    Encryption.NEVER,
    Encryption.OPPORTUNISTIC,
    Encryption.MANDATORY,
)
WHOLE = {
    TlsMode.NO: TlsRequirement(NEVER),
    TlsMode.PREFERRED: TlsRequirement(OPPORTUNISTIC),
    TlsMode.REQUIRED: TlsRequirement(MANDATORY),
    TlsMode.PREFERRED_VERIFY: TlsRequirement(
        OPPORTUNISTIC, tried=CheckKind.VERIFY, failed_handshake=AfterHandshake.CLEAR_TEXT
    ),
    TlsMode.REQUIRED_VERIFY: TlsRequirement(MANDATORY, checks=(CheckKind.VERIFY,)),
    TlsMode.REQUIRED_VERIFY_HOSTED: TlsRequirement(MANDATORY, checks=(CheckKind.VERIFY_HOSTED,)),
}


@pytest.mark.requirement("TLS-08")
@pytest.mark.parametrize("tls", TlsMode)
def test_what_each_setting_demands_by_itself(tls: TlsMode) -> None:
    demanded_by_it = demand(govern(DestinationSettings(tls=tls), None), MX, NotAsked())
    reason = Reason.MTA_STS_TLS_NO if tls is TlsMode.NO else Reason.MTA_STS_OFF
    assert demanded_by_it == replace(WHOLE[tls], reasons=(reason,))
    assert WHOLE[tls].minimum_version is TlsVersion.TLS_1_2


@pytest.mark.requirement("AOS-28")
@pytest.mark.parametrize("tls", SETTINGS_WITH_TLS)
def test_a_policy_that_does_not_apply_is_ignored(tls: TlsMode) -> None:
    settings = DestinationSettings(tls=tls, mta_sts=MtaStsSupport.ON)
    governance = govern(settings, SmtpRoute("domain.com", (RouteHost("smart.example"),)))
    elsewhere = InForce(policy(PolicyMode.ENFORCE, "mx.elsewhere.example"))
    ignored = replace(WHOLE[tls], reasons=(Reason.MTA_STS_ROUTE,))
    assert demand(governance, "smart.example", elsewhere) == ignored


@pytest.mark.requirement("AOS-24")
@pytest.mark.parametrize("tls", SETTINGS_WITH_TLS)
def test_enforce_demands_tls_and_a_matching_certificate_whatever_the_setting(tls: TlsMode) -> None:
    requirement = demanded(tls, ENFORCE)
    assert isinstance(requirement, TlsRequirement)
    assert requirement.encryption is Encryption.MANDATORY
    assert requirement.checks[0] is CheckKind.MTA_STS
    assert requirement.tried is None


@pytest.mark.requirement("AOS-27")
@pytest.mark.parametrize(
    ("tls", "own"),
    [
        (TlsMode.PREFERRED, ()),
        (TlsMode.REQUIRED, ()),
        (TlsMode.PREFERRED_VERIFY, ()),
        (TlsMode.REQUIRED_VERIFY, (CheckKind.VERIFY,)),
        (TlsMode.REQUIRED_VERIFY_HOSTED, (CheckKind.VERIFY_HOSTED,)),
    ],
)
def test_the_verification_of_settings_5_and_6_applies_as_well(
    tls: TlsMode, own: tuple[CheckKind, ...]
) -> None:
    requirement = demanded(tls, ENFORCE)
    assert isinstance(requirement, TlsRequirement)
    assert requirement.checks == (CheckKind.MTA_STS, *own)


@pytest.mark.requirement("STS-53")
@pytest.mark.parametrize("tls", SETTINGS_WITH_TLS)
def test_enforce_refuses_a_host_that_is_not_listed(tls: TlsMode) -> None:
    elsewhere = InForce(policy(PolicyMode.ENFORCE, "mx.elsewhere.example"))
    assert demanded(tls, elsewhere) == Refusal(Reason.STS_MX_NOT_LISTED)


@pytest.mark.requirement("AOS-25")
@pytest.mark.requirement("STS-44")
@pytest.mark.parametrize("tls", SETTINGS_WITH_TLS)
@pytest.mark.parametrize(
    ("sts", "reason"),
    [
        pytest.param(NoPolicy(Reason.STS_NO_RECORD), Reason.STS_NO_RECORD, id="no record"),
        pytest.param(NoPolicy(Reason.STS_FETCH_ERROR), Reason.STS_FETCH_ERROR, id="fetch error"),
        pytest.param(InForce(policy(PolicyMode.TESTING)), Reason.STS_TESTING, id="testing"),
        pytest.param(InForce(policy(PolicyMode.NONE)), Reason.STS_NONE, id="none"),
    ],
)
def test_without_an_enforced_policy_the_tls_setting_decides(
    tls: TlsMode, sts: Sts, reason: Reason
) -> None:
    by_itself = demand(govern(DestinationSettings(tls=tls), None), MX, NotAsked())
    assert isinstance(by_itself, TlsRequirement)
    requirement = demanded(tls, sts)
    assert isinstance(requirement, TlsRequirement)
    assert requirement.reasons == (reason,)
    assert by_itself.reasons == (Reason.MTA_STS_OFF,)
    assert (requirement.encryption, requirement.checks, requirement.tried) == (
        by_itself.encryption,
        by_itself.checks,
        by_itself.tried,
    )


@pytest.mark.requirement("STS-55")
def test_testing_remembers_that_the_host_is_not_listed() -> None:
    elsewhere = InForce(policy(PolicyMode.TESTING, "mx.elsewhere.example"))
    requirement = demanded(TlsMode.PREFERRED, elsewhere)
    assert isinstance(requirement, TlsRequirement)
    assert requirement.reasons == (Reason.STS_TESTING, Reason.STS_MX_NOT_LISTED)

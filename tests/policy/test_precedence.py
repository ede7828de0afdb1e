import pytest

from seg_cli.config.destinations import DestinationSettings
from seg_cli.config.smtp_routes import RouteHost, SmtpRoute
from seg_cli.policy.precedence import Applies, Skipped, govern
from seg_cli.terms import DaneMode, MtaStsSupport, Reason, TlsMode

ROUTE = SmtpRoute("domain.com", (RouteHost("smart.example"),))
ON = MtaStsSupport.ON


@pytest.mark.parametrize(
    ("settings", "route", "mta_sts"),
    [
        pytest.param(
            DestinationSettings(),
            None,
            Skipped(Reason.MTA_STS_OFF),
            id="MTA-STS is off unless switched on",
            marks=pytest.mark.requirement("AOS-20"),
        ),
        pytest.param(
            DestinationSettings(mta_sts=ON),
            None,
            Applies(),
            id="switched on it applies",
            marks=pytest.mark.requirement("AOS-20"),
        ),
        pytest.param(
            DestinationSettings(mta_sts=ON),
            ROUTE,
            Skipped(Reason.MTA_STS_ROUTE),
            id="an SMTP route switches it off",
            marks=pytest.mark.requirement("AOS-28"),
        ),
        pytest.param(
            DestinationSettings(tls=TlsMode.NO, mta_sts=ON),
            None,
            Skipped(Reason.MTA_STS_TLS_NO),
            id="it needs TLS",
            marks=pytest.mark.requirement("AOS-29"),
        ),
    ],
)
def test_mta_sts(
    settings: DestinationSettings, route: SmtpRoute | None, mta_sts: Applies | Skipped
) -> None:
    assert govern(settings, route).mta_sts == mta_sts


@pytest.mark.parametrize(
    ("settings", "route", "reason"),
    [
        pytest.param(
            DestinationSettings(),
            None,
            Reason.DANE_OFF,
            id="not chosen",
            marks=pytest.mark.requirement("DANE-02"),
        ),
        pytest.param(
            DestinationSettings(dane=DaneMode.MANDATORY),
            ROUTE,
            Reason.DANE_ROUTE,
            id="a route",
            marks=pytest.mark.requirement("AOS-28"),
        ),
        pytest.param(
            DestinationSettings(tls=TlsMode.NO, dane=DaneMode.MANDATORY),
            None,
            Reason.DANE_TLS_NO,
            id="no TLS",
            marks=pytest.mark.requirement("AOS-29"),
        ),
    ],
)
def test_dane_is_skipped(
    settings: DestinationSettings, route: SmtpRoute | None, reason: Reason
) -> None:
    assert govern(settings, route).dane == Skipped(reason)


@pytest.mark.requirement("AOS-21")
@pytest.mark.parametrize("dane", [DaneMode.OPPORTUNISTIC, DaneMode.MANDATORY])
def test_dane_applies_beside_mta_sts(dane: DaneMode) -> None:
    governance = govern(DestinationSettings(dane=dane, mta_sts=ON), None)
    assert (governance.dane, governance.dane_mode) == (Applies(), dane)
    assert governance.mta_sts == Applies()

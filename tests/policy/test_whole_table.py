"""The whole table: TLS setting x server behaviour x MTA-STS state x route, against expected.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from itertools import product

import pytest

from seg_cli.config.destinations import DestinationControl, DestinationSettings, DestinationTable
from seg_cli.config.smtp_routes import RouteHost, SmtpRoute
from seg_cli.delivery.tls import tls_events
from seg_cli.events import Event, MtaStsHostSkipped
from seg_cli.logs.mail_logs import format_text
from seg_cli.policy.facts import HostNames, TlsFacts
from seg_cli.policy.precedence import Governance, govern
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
from seg_cli.policy.verdict import Course, judge
from seg_cli.terms import Dcid, MtaStsSupport, PolicyMode, Reason, TlsMode
from tests.policy.expected import CLEAR, KEPT, ROWS, UNDER_TLS, Row
from tests.policy.peers import (
    DOMAIN,
    MX,
    ROOT,
    broken_handshake,
    leaf,
    no_tls,
    policy,
    reference,
    tls,
)
from tests.standards.certificates import CA, PAST, dns, issue

OTHER_MX = "mx2.provider.example"
ROUTED_HOST = "relay.example"
ROUTE = SmtpRoute(DOMAIN, (RouteHost("smart.example"),))

SETTINGS: Mapping[str, TlsMode | None] = {
    "No": TlsMode.NO,
    "Preferred": TlsMode.PREFERRED,
    "Required": TlsMode.REQUIRED,
    "Preferred - Verify": TlsMode.PREFERRED_VERIFY,
    "Required - Verify": TlsMode.REQUIRED_VERIFY,
    "Required - Verify Hosted Domains": TlsMode.REQUIRED_VERIFY_HOSTED,
    "Default": None,
}

STRANGE_CA = issue("strange root", CA)
SERVERS: Mapping[str, TlsFacts] = {
    "no STARTTLS": no_tls(Reason.STARTTLS_NOT_SUPPORTED),
    "STARTTLS refused": no_tls(Reason.STARTTLS_REFUSED, "454 not now"),
    "STARTTLS refused, connection closed": TlsFacts(
        Reason.STARTTLS_REFUSED, behind_220=False, lost=True, detail="421 closing"
    ),
    "injection": TlsFacts(Reason.STARTTLS_INJECTION),
    "handshake cut": broken_handshake("EOF"),
    "below TLS 1.2": TlsFacts(Reason.PROTOCOL_TOO_OLD, detail="unsupported protocol"),
    "below TLS 1.2, shaken hands": TlsFacts(protocol="TLSv1.1", chain=(leaf(DOMAIN, MX).der,)),
    "domain only": tls(leaf(DOMAIN)),
    "domain and MX": tls(leaf(DOMAIN, MX)),
    "MX only": tls(leaf(MX)),
    "hosted names only": tls(leaf(OTHER_MX, "smart.example")),
    "CN only": tls(leaf(cn=DOMAIN)),
    "self-signed": tls(issue(DOMAIN, dns(DOMAIN, MX))),
    "expired": tls(issue(DOMAIN, dns(DOMAIN, MX), by=ROOT, validity=PAST)),
    "untrusted": tls(issue(DOMAIN, dns(DOMAIN, MX), by=STRANGE_CA)),
    "no certificate": TlsFacts(protocol="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384"),
}

ENFORCE = InForce(policy(PolicyMode.ENFORCE))
STATES: Mapping[str, Sts] = {
    "off": NotAsked(),
    "no TXT record": NoPolicy(Reason.STS_NO_RECORD),
    "fetch error": NoPolicy(Reason.STS_FETCH_ERROR),
    "fetch error, policy in the cache": ENFORCE,
    "testing": InForce(policy(PolicyMode.TESTING, "mx.elsewhere.example")),
    "none": InForce(policy(PolicyMode.NONE, "mx.elsewhere.example")),
    "enforce, MX listed": ENFORCE,
    "enforce, MX not listed": InForce(policy(PolicyMode.ENFORCE, "mx.elsewhere.example")),
}

ROUTES: Mapping[str, SmtpRoute | None] = {"none": None, "configured": ROUTE}

OUTCOMES: Mapping[Course, str] = {
    Course.SEND: UNDER_TLS,
    Course.SEND_IN_CLEAR: CLEAR,
    Course.RECONNECT_IN_CLEAR: CLEAR,
    Course.REFUSE: KEPT,
}


@dataclass(frozen=True, slots=True)
class Situation:
    """One cell of the table, as the four words of its axes."""

    setting: str
    server: str
    mta_sts: str
    route: str

    @property
    def words(self) -> tuple[str, str, str, str]:
        return self.setting, self.server, self.mta_sts, self.route

    @property
    def governance(self) -> Governance:
        """What governs, with MTA-STS switched on unless the state is off."""
        support = MtaStsSupport.OFF if self.mta_sts == "off" else MtaStsSupport.ON
        entry = DestinationControl(DOMAIN, tls=SETTINGS[self.setting], mta_sts=support)
        table = DestinationTable(default=DestinationSettings()).with_entry(entry)
        return govern(table.settings_for(DOMAIN), ROUTES[self.route])

    @property
    def host(self) -> str:
        return MX if ROUTES[self.route] is None else ROUTED_HOST

    @property
    def names(self) -> HostNames:
        route = ROUTES[self.route]
        hosts = () if route is None else tuple(host.host for host in route.hosts)
        return HostNames(DOMAIN, self.host, (MX, OTHER_MX), hosts)

    def result(self) -> tuple[str, tuple[str, ...]]:
        """What becomes of the message, and the lines about it."""
        requirement = demand(self.governance, self.host, STATES[self.mta_sts])
        match requirement:
            case Refusal(Reason.STS_MX_NOT_LISTED):
                return KEPT, lines(MtaStsHostSkipped(DOMAIN, self.host))
            case TlsRequirement(Encryption.NEVER):
                return CLEAR, ()
            case TlsRequirement():
                facts = SERVERS[self.server]
                verdict = judge(requirement, facts, reference(self.names))
                events = tls_events(Dcid(1), DOMAIN, requirement, facts, verdict)
                return OUTCOMES[verdict.course], lines(*events)
        raise AssertionError(requirement)


def lines(*events: Event) -> tuple[str, ...]:
    return tuple(format_text(event, UTC) for event in events)


SITUATIONS = [Situation(*words) for words in product(SETTINGS, SERVERS, STATES, ROUTES)]


def first_match(situation: Situation) -> Row:
    return next(row for row in ROWS if row.fits(*situation.words))


@pytest.mark.requirement("AOS-01")
@pytest.mark.requirement("AOS-02")
@pytest.mark.requirement("AOS-03")
@pytest.mark.requirement("AOS-04")
@pytest.mark.requirement("AOS-05")
@pytest.mark.requirement("AOS-06")
@pytest.mark.requirement("AOS-07")
@pytest.mark.requirement("AOS-24")
@pytest.mark.requirement("AOS-25")
@pytest.mark.requirement("AOS-26")
@pytest.mark.requirement("AOS-27")
@pytest.mark.requirement("AOS-28")
@pytest.mark.requirement("STS-52")
@pytest.mark.requirement("STS-55")
@pytest.mark.requirement("TLS-08")
@pytest.mark.parametrize("setting", SETTINGS)
def test_every_situation_ends_as_the_first_row_that_fits_says(setting: str) -> None:
    wrong = [
        (situation, situation.result(), first_match(situation))
        for situation in SITUATIONS
        if situation.setting == setting and not first_match(situation).says(*situation.result())
    ]
    assert wrong == []


def test_the_expected_side_is_short_and_every_row_decides_something() -> None:
    assert len(ROWS) <= 20
    assert {first_match(situation) for situation in SITUATIONS} == set(ROWS)


def test_the_words_of_the_rows_are_those_of_the_axes() -> None:
    axes = [{*SETTINGS}, {*SERVERS}, {*STATES}, {*ROUTES}]
    for row in ROWS:
        conditions = (row.setting, row.server, row.mta_sts, row.route)
        for condition, axis in zip(conditions, axes, strict=True):
            assert condition == "*" or {*condition.split(" / ")} <= axis

"""The whole table of DANE: support x TLSA records x host x MTA-STS x TLS setting x route, against
expected_dane.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import pytest

from seg_cli.config.smtp_routes import RouteHost, SmtpRoute
from seg_cli.policy.dane import NoTlsa, TlsaFacts, TlsaFailed, UnusableTlsa
from seg_cli.policy.facts import TlsFacts
from seg_cli.policy.precedence import Applies, Governance
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
from seg_cli.policy.tls_settings import Encryption
from seg_cli.policy.verdict import Course, judge
from seg_cli.terms import DaneMode, MtaStsSupport, PolicyMode, Reason, Security, TlsMode
from tests.policy.expected_dane import (
    CLEAR,
    KEPT,
    OUTCOMES,
    SKIPPED,
    TRIED,
    TURNS,
    UNDER_TLS,
    Row,
)
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
from tests.policy.tlsa import OTHER, for_leaf, governance, usable

DANE: Mapping[str, DaneMode] = {
    "None": DaneMode.NONE,
    "Opportunistic": DaneMode.OPPORTUNISTIC,
    "Mandatory": DaneMode.MANDATORY,
}

GOOD = leaf(DOMAIN, MX)
UNRELATED = leaf("unrelated.example")
CERTIFICATES = {"certificate for domain and MX": GOOD, "certificate for others": OTHER}
SERVERS: Mapping[str, TlsFacts] = {
    **{words: tls(shown) for words, shown in CERTIFICATES.items()},
    "no STARTTLS": no_tls(Reason.STARTTLS_NOT_SUPPORTED),
    "handshake cut": broken_handshake("EOF"),
}


def tlsa_states(server: str) -> Mapping[str, TlsaFacts]:
    """What DNS says of this server, in each state of its records."""
    its_own = for_leaf(CERTIFICATES.get(server, GOOD))
    return {
        "records match": usable(its_own),
        "records match, insecure MX": usable(its_own, mx=Security.INSECURE),
        "records do not match": usable(for_leaf(UNRELATED)),
        "none usable": UnusableTlsa(),
        "no records": NoTlsa(),
        "insecure records": NoTlsa(Reason.TLSA_INSECURE),
        "insecure address": NoTlsa(Reason.DANE_ADDRESS_INSECURE),
        "look-up error": TlsaFailed(),
    }


TLSA = {server: tlsa_states(server) for server in SERVERS}
STATES: Mapping[str, Sts] = {
    "off": NotAsked(),
    "no record": NoPolicy(Reason.STS_NO_RECORD),
    "fetch error": NoPolicy(Reason.STS_FETCH_ERROR),
    "testing": InForce(policy(PolicyMode.TESTING, "mx.elsewhere.example")),
    "enforce, MX listed": InForce(policy(PolicyMode.ENFORCE)),
    "enforce, MX not listed": InForce(policy(PolicyMode.ENFORCE, "mx.elsewhere.example")),
}
SETTINGS: Mapping[str, TlsMode] = {
    "No": TlsMode.NO,
    "Preferred": TlsMode.PREFERRED,
    "Required": TlsMode.REQUIRED,
    "Preferred - Verify": TlsMode.PREFERRED_VERIFY,
    "Required - Verify": TlsMode.REQUIRED_VERIFY,
    "Required - Verify Hosted Domains": TlsMode.REQUIRED_VERIFY_HOSTED,
}
ROUTES: Mapping[str, SmtpRoute | None] = {
    "none": None,
    "configured": SmtpRoute(DOMAIN, (RouteHost(MX),)),
}
COURSES: Mapping[Course, str] = {
    Course.SEND: UNDER_TLS,
    Course.SEND_IN_CLEAR: CLEAR,
    Course.RECONNECT_IN_CLEAR: CLEAR,
    Course.REFUSE: KEPT,
}


@dataclass(frozen=True, slots=True)
class Situation:
    """One cell of the table, as the six words of its axes."""

    dane: str
    tlsa: str
    server: str
    mta_sts: str
    setting: str
    route: str

    @property
    def words(self) -> tuple[str, ...]:
        return self.dane, self.tlsa, self.server, self.mta_sts, self.setting, self.route

    @property
    def governance(self) -> Governance:
        support = MtaStsSupport.OFF if self.mta_sts == "off" else MtaStsSupport.ON
        dane, setting = DANE[self.dane], SETTINGS[self.setting]
        return governance(dane, setting, support, ROUTES[self.route])

    def demanded(self, sts: Sts) -> TlsRequirement | Refusal | NeedsPolicy:
        """What the host must show with this known of MTA-STS; TLSA is asked for under DANE."""
        if isinstance(self.governance.dane, Applies):
            return demand(self.governance, MX, sts, TLSA[self.server][self.tlsa])
        return demand(self.governance, MX, sts)

    @property
    def outcome(self) -> str:
        """What becomes of the message once all that is asked for is known."""
        requirement = self.demanded(STATES[self.mta_sts])
        match requirement:
            case Refusal():
                return KEPT
            case TlsRequirement(Encryption.NEVER):
                return CLEAR
            case TlsRequirement():
                return COURSES[judge(requirement, SERVERS[self.server], reference()).course]
        raise AssertionError(requirement)

    @property
    def turn(self) -> str:
        """Whether a policy is looked for: first of all without DANE, if it is needed with it."""
        if isinstance(self.governance.dane, Applies):
            needed = isinstance(self.demanded(NotAsked()), NeedsPolicy)
        else:
            needed = isinstance(self.governance.mta_sts, Applies)
        return TRIED if needed else SKIPPED


AXES = (DANE, TLSA["no STARTTLS"], SERVERS, STATES, SETTINGS, ROUTES)
SITUATIONS = [Situation(*words) for words in product(*AXES)]


def first_match(rows: tuple[Row, ...], situation: Situation) -> Row:
    return next(row for row in rows if row.fits(*situation.words))


@pytest.mark.requirement("AOS-21")
@pytest.mark.requirement("AOS-22")
@pytest.mark.requirement("AOS-23")
@pytest.mark.requirement("AOS-28")
@pytest.mark.requirement("AOS-29")
@pytest.mark.requirement("DANE-01")
@pytest.mark.requirement("DANE-03")
@pytest.mark.requirement("DANE-04")
@pytest.mark.requirement("DANE-05")
@pytest.mark.requirement("DANE-06")
@pytest.mark.requirement("DANE-07")
@pytest.mark.requirement("DANE-10")
@pytest.mark.requirement("DANE-12")
@pytest.mark.requirement("DANE-13")
@pytest.mark.parametrize("dane", DANE)
def test_every_situation_ends_as_the_first_row_that_fits_says(dane: str) -> None:
    wrong = [
        (situation, situation.outcome, first_match(OUTCOMES, situation))
        for situation in SITUATIONS
        if situation.dane == dane and situation.outcome != first_match(OUTCOMES, situation).result
    ]
    assert wrong == []


@pytest.mark.requirement("AOS-21")
@pytest.mark.parametrize("dane", DANE)
def test_mta_sts_has_its_turn_where_the_rows_say(dane: str) -> None:
    wrong = [
        (situation, situation.turn)
        for situation in SITUATIONS
        if situation.dane == dane and situation.turn != first_match(TURNS, situation).result
    ]
    assert wrong == []


def test_the_expected_side_is_short_and_every_row_decides_something() -> None:
    assert len(OUTCOMES) + len(TURNS) <= 30
    for rows in (OUTCOMES, TURNS):
        assert {first_match(rows, situation) for situation in SITUATIONS} == set(rows)


def test_the_words_of_the_rows_are_those_of_the_axes() -> None:
    for row in (*OUTCOMES, *TURNS):
        conditions = (row.dane, row.tlsa, row.server, row.mta_sts, row.setting, row.route)
        for condition, axis in zip(conditions, AXES, strict=True):
            assert condition == "*" or {*condition.split(" / ")} <= {*axis}

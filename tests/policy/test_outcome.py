from datetime import UTC, datetime, timedelta

import pytest

from seg_cli.policy.outcome import (
    Answered,
    Bounced,
    Delayed,
    Delivered,
    HeldBack,
    History,
    NotReached,
    Outcome,
    Result,
    Schedule,
    settle,
)
from seg_cli.terms import Reason

NOW = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIRST = History(0, NOW)
DUE = NOW + MINUTE
TIMEOUT = NotReached(Reason.TIMED_OUT, "timeout")
NXDOMAIN = "DNS Hard Error looking up nope.example (MX):  NXDomain"


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        pytest.param(Answered(250, ("2.0.0", "Ok")), Delivered("2.0.0 Ok"), id="2yz delivers"),
        pytest.param(Answered(200, ("Ok",)), Delivered("Ok"), id="from 200"),
        pytest.param(Answered(299, ("Ok",)), Delivered("Ok"), id="to 299"),
        pytest.param(
            Answered(500, ("no",)),
            Bounced("5.1.0", "Unknown address error", "500", ("no",)),
            id="500 is 5yz",
        ),
        pytest.param(
            Answered(499, ("no",)),
            Delayed(DUE, "4.1.0", "Unknown address error", "499", ("no",)),
            id="499 is not",
        ),
        pytest.param(
            Answered(550, ("no such user",)),
            Bounced("5.1.0", "Unknown address error", "550", ("no such user",)),
            id="5yz bounces",
        ),
        pytest.param(
            Answered(451, ("later",)),
            Delayed(DUE, "4.1.0", "Unknown address error", "451", ("later",)),
            id="4yz waits",
        ),
        pytest.param(
            Answered(421, ("busy",)),
            Delayed(DUE, "4.3.2", "Not accepting messages at this time", "421", ("busy",)),
            id="421 waits under its own reason",
        ),
        pytest.param(
            NotReached(Reason.DNS_NXDOMAIN, NXDOMAIN, permanent=True),
            Bounced("5.1.2", "Bad destination host", "000", (NXDOMAIN,)),
            id="a domain that does not exist bounces",
        ),
        pytest.param(
            NotReached(Reason.NULL_MX, "x", permanent=True),
            Bounced("5.1.10", "Domain does not accept mail", "000", ("x",)),
            id="a null MX bounces",
        ),
        pytest.param(
            NotReached(Reason.NO_ADDRESS, "x", permanent=True),
            Bounced("5.1.2", "Bad destination host", "000", ("x",)),
            id="any other answer for good is a bad host",
        ),
        pytest.param(
            NotReached(Reason.GIVEN_UP, "x", permanent=True),
            Bounced("5.3.0", "Other mail system problem", "000", ("x",)),
            id="what the operator gives up bounces",
        ),
        pytest.param(
            TIMEOUT,
            Delayed(DUE, "4.4.0", "Other network problem", "000", ("timeout",)),
            id="no host reached waits",
        ),
        pytest.param(
            HeldBack(Reason.CERTIFICATE_HOST_MISMATCH),
            Delayed(DUE, code="000", lines=("peer cert does not match",)),
            id="held back in silence",
        ),
    ],
)
def test_one_recipient(result: Result, outcome: Outcome) -> None:
    assert settle(result, FIRST, NOW, Schedule()) == outcome


@pytest.mark.requirement("AOS-30")
@pytest.mark.parametrize(
    ("retries", "seconds"), [(0, 60), (1, 120), (2, 240), (5, 1920), (6, 3600), (99, 3600)]
)
def test_each_wait_is_twice_as_long_up_to_the_longest(retries: int, seconds: int) -> None:
    assert Schedule().wait(retries) == timedelta(seconds=seconds)


LIFETIME = timedelta(days=3)
EXPIRED = ("5.4.7", "Delivery expired (message too old)")


@pytest.mark.requirement("AOS-30")
@pytest.mark.parametrize(
    ("result", "code", "line"),
    [
        pytest.param(TIMEOUT, "000", "timeout", id="what the network said last"),
        pytest.param(Answered(451, ("later",)), "451", "later", id="what the host said last"),
        pytest.param(
            HeldBack(Reason.CERTIFICATE_EXPIRED),
            "000",
            "certificate has expired",
            id="what a security rule said last",
        ),
    ],
)
@pytest.mark.parametrize(
    "history",
    [
        pytest.param(History(100, NOW), id="retries used up"),
        pytest.param(History(3, NOW - LIFETIME), id="too long in the queue"),
    ],
)
def test_expiry_is_a_hard_bounce(result: Result, code: str, line: str, history: History) -> None:
    assert settle(result, history, NOW, Schedule()) == Bounced(*EXPIRED, code, (line,))


@pytest.mark.requirement("AOS-30")
@pytest.mark.parametrize(
    ("age", "wait"),
    [
        pytest.param(LIFETIME - timedelta(seconds=1), 1, id="a wait ends with the lifetime"),
        pytest.param(LIFETIME - MINUTE, 60, id="a wait that fits is as long as ever"),
    ],
)
def test_the_last_attempt_is_made_at_the_end_of_the_lifetime(age: timedelta, wait: int) -> None:
    outcome = settle(TIMEOUT, History(0, NOW - age), NOW, Schedule())
    assert isinstance(outcome, Delayed)
    assert outcome.due == NOW + timedelta(seconds=wait)


@pytest.mark.requirement("AOS-30")
@pytest.mark.parametrize(
    "schedule",
    [
        pytest.param(Schedule(max_retries=0), id="no retries"),
        pytest.param(Schedule(max_queue_lifetime=0), id="no time in the queue"),
    ],
)
def test_a_schedule_may_leave_one_attempt(schedule: Schedule) -> None:
    assert isinstance(settle(TIMEOUT, FIRST, NOW, schedule), Bounced)

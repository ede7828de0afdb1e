"""The rules across the lines of a log: a sound log keeps them all, and each can be broken."""

from datetime import UTC, datetime, timedelta

import pytest

from seg_cli.logs.header import ctime
from tests import log_rules
from tests.log_rules import RULES, Rule, check

START = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)


def line(text: str, after: int = 0) -> str:
    return f"{ctime(START + timedelta(seconds=after), UTC)} Info: {text}"


def log(texts: str) -> list[str]:
    """One line a second; the blank that ends a line is written as `~`."""
    lines = (text.strip().replace("~", " ") for text in texts.strip().splitlines())
    return [line(text, after) for after, text in enumerate(lines)]


INJECTED = """
    New SMTP ICID 3 interface Data (10.1.1.2) address 10.1.1.9 reverse dns host unknown verified no
    Start MID 4 ICID 3
    MID 4 ICID 3 From: <me@here.example>
    MID 4 ICID 3 RID 0 To: <a@one.example>
    MID 4 ICID 3 RID 1 To: <b@one.example>
    MID 4 Subject "Message finished MID 4 done"
    MID 4 queued for delivery
    ICID 3 close"""

SECURED = """
    New SMTP DCID 8 interface 10.1.1.2 address 10.1.1.3 port 25
    DCID 8 TLS success protocol TLSv1.3 cipher TLS_AES_256_GCM_SHA384
    MTA-STS policy for the domain (one.example) Successful.
    Delivery start DCID 8 MID 4 to RID [0, 1]"""

DELIVERED = """
    Message done DCID 8 MID 4 to RID [0, 1]~
    MID 4 RID [0, 1] Response '2.0.0 Ok'
    Message finished MID 4 done
    DCID 8 close"""

CUT_OFF = DELIVERED.partition("Message finished")[0]

PARTLY = """
    Message done DCID 8 MID 4 to RID [1]~
    MID 4 RID [1] Response "it's ok"
    Bounced: DCID 8 MID 4 to RID 0 - 5.1.0 - Unknown address error ('550', ['no']) []
    Message finished MID 4 done"""

DELAYED = """
    Delayed: DCID 8 MID 4 to RID 0 - 4.1.0 - Unknown address error ('466', ['full'])[]
    Delayed: DCID 8 MID 4 to RID 1 - 4.1.0 - Unknown address error ('466', ['full'])[]
    MID 4 to RID [0, 1] pending till Thu Sep 26 15:24:39 2024
    DCID 8 close"""

REFUSED = """
    New SMTP DCID 8 interface 10.1.1.2 address 10.1.1.3 port 25
    DCID 8 TLS deferring: verify error: no certificate
    DCID 8 TLS was required but could not be successfully negotiated
    DCID 8 close"""

EXPIRED = "Bounced: DCID 8 MID 4 to RID {} - 5.4.7 - Delivery expired ('000', ['timeout']) []"

UNCONNECTED = """
    New SMTP DCID 8 interface 10.1.1.2 address 10.1.1.3 port 25
    Connection Error: DCID 8 domain: one.example IP: 10.1.1.3 port: 25 details: EOF interface: x
    Delayed: DCID 8 MID 4 to RID 0 - 4.4.0 - Other network problem ('000', ['EOF'])[]"""

REUSED = """
    Start MID 5 ICID 0
    Delivery start DCID 8 MID 5 to RID [0]
    Message done DCID 8 MID 5 to RID [0] [('from', 'a@example.com')]
    MID 5 RID [0] Response 'ok'
    Message finished MID 5 done"""


GENERATED = """
    Start MID 5 ICID 0
    MID 5 was generated for bounce of MID 4
    MID 5 ICID 0 From: <>
    MID 5 ICID 0 RID 0 To: <me@here.example>
    MID 5 queued for delivery
    Delivery start DCID 8 MID 5 to RID [0]
    Double bounce: MID 5 to 0 - 5.1.0 - Unknown address error 550-'no'
    Message finished MID 5 done"""


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(INJECTED + SECURED + DELIVERED, id="a delivery over TLS"),
        pytest.param(INJECTED + SECURED + PARTLY, id="one recipient done, one bounced"),
        pytest.param(INJECTED + SECURED + DELAYED, id="all recipients delayed"),
        pytest.param(INJECTED + REFUSED, id="held back by TLS"),
        pytest.param(
            "\n".join([INJECTED + REFUSED, EXPIRED.format(0), EXPIRED.format(1)])
            + "\nMessage finished MID 4 done",
            id="an expired message names its last connection",
        ),
        pytest.param(INJECTED + UNCONNECTED, id="no connection"),
        pytest.param(SECURED + PARTLY + REUSED, id="a connection used again by another message"),
        pytest.param(
            "Bounced: DCID 0 MID 4 to RID 0 - 5.1.2 - Bad destination host ('000', ['x']) []",
            id="no connection was tried",
        ),
        pytest.param(
            SECURED + PARTLY + GENERATED + REUSED.replace("MID 5", "MID 6"),
            id="a double bounce, and its connection used again",
        ),
        pytest.param(INJECTED + SECURED + CUT_OFF, id="a log cut off"),
    ],
)
def test_a_sound_log_breaks_nothing(texts: str) -> None:
    assert check(log(texts)) == []


def test_the_header_may_be_later_than_what_follows() -> None:
    header = ("Begin Logfile", "Version: 16.0.3-025 SN: 1", "Time offset from UTC: 0 seconds")
    assert check([*(line(text, 8) for text in header), line("Start MID 1 ICID 0")]) == []


BREACHES: list[tuple[Rule, str, str, str]] = [
    (log_rules.numbers_rise, "a MID comes twice", "Start MID 4 ICID 1", "Start MID 4 ICID 2"),
    (
        log_rules.numbers_rise,
        "a DCID falls",
        "New SMTP DCID 9 interface x",
        "New SMTP DCID 8 interface x",
    ),
    (
        log_rules.a_connection_is_opened_first,
        "a connection that nobody opened",
        "New SMTP DCID 7 interface x",
        "DCID 8 close",
    ),
    (
        log_rules.a_connection_takes_its_course,
        "TLS settled twice",
        "New SMTP DCID 8 interface x\nDCID 8 STARTTLS command not supported.",
        "DCID 8 TLS success protocol TLSv1.3 cipher X",
    ),
    (
        log_rules.a_connection_takes_its_course,
        "TLS after the first delivery",
        "New SMTP DCID 8 interface x\nDelivery start DCID 8 MID 4 to RID [0]",
        "DCID 8 TLS success protocol TLSv1.3 cipher X",
    ),
    (
        log_rules.a_connection_takes_its_course,
        "MTA-STS successful without TLS",
        "New SMTP DCID 8 interface x",
        "MTA-STS policy for the domain (one.example) Successful.",
    ),
    (
        log_rules.a_connection_takes_its_course,
        "MTA-STS successful behind the delivery's start",
        SECURED,
        "MTA-STS policy for the domain (one.example) Successful.",
    ),
    (
        log_rules.a_connection_takes_its_course,
        "TLS demanded in vain though it succeeded",
        "New SMTP DCID 8 interface x\nDCID 8 TLS success protocol TLSv1.3 cipher X",
        "DCID 8 TLS was required but could not be successfully negotiated",
    ),
    (
        log_rules.a_connection_takes_its_course,
        "a delivery after TLS was demanded in vain",
        "\n".join(REFUSED.splitlines()[:-1]),
        "Delivery start DCID 8 MID 4 to RID [0]",
    ),
    (
        log_rules.a_connection_takes_its_course,
        "an outcome before the delivery's start",
        "New SMTP DCID 8 interface x",
        "Delayed: DCID 8 MID 4 to RID 0 - 4.1.0 - Unknown address error ('466', ['full'])[]",
    ),
    (
        log_rules.a_message_ends_in_one_piece,
        "done without a response",
        SECURED + "\nMessage done DCID 8 MID 4 to RID [0, 1]~",
        "MID 5 queued for delivery",
    ),
    (
        log_rules.a_message_ends_in_one_piece,
        "a response of other recipients",
        SECURED + "\nMessage done DCID 8 MID 4 to RID [0, 1]~",
        "MID 4 RID [0] Response 'ok'",
    ),
    (
        log_rules.a_message_ends_in_one_piece,
        "a response without done",
        SECURED,
        "MID 4 RID [0, 1] Response 'ok'",
    ),
    (
        log_rules.a_message_ends_in_one_piece,
        "all recipients done and not finished",
        INJECTED + SECURED + "\n".join(DELIVERED.splitlines()[:-2]),
        "MID 5 queued for delivery",
    ),
    (
        log_rules.finished_is_the_last_line,
        "finished while a recipient waits",
        SECURED,
        "Message finished MID 4 done",
    ),
    (
        log_rules.finished_is_the_last_line,
        "finished twice",
        SECURED + DELIVERED,
        "Message finished MID 4 done",
    ),
    (
        log_rules.finished_is_the_last_line,
        "a line behind finished",
        SECURED + DELIVERED,
        "MID 4 queued for delivery",
    ),
    (
        log_rules.a_connection_carries_one_message,
        "two messages at a time",
        SECURED,
        "Delivery start DCID 8 MID 5 to RID [0]",
    ),
    (
        log_rules.a_connection_carries_one_message,
        "a line behind the close",
        SECURED + DELIVERED,
        "DCID 8 close",
    ),
    (
        log_rules.a_bounce_names_one_recipient,
        "a bounce of two recipients",
        SECURED,
        "Bounced: DCID 8 MID 4 to RID [0, 1] - 5.1.0 - Unknown address error ('550', ['no']) []",
    ),
    (
        log_rules.generated_mail_has_no_connection,
        "a connection for generated mail",
        "Start MID 5 ICID 0",
        "New SMTP ICID 0 interface x",
    ),
    (
        log_rules.generated_mail_has_no_connection,
        "the Message-ID of generated mail",
        "Start MID 5 ICID 0",
        "MID 5 Message-ID '<1@here.example>'",
    ),
    (
        log_rules.values_are_as_python_writes_them,
        "a list without blank",
        "New SMTP DCID 8 interface x",
        "Delivery start DCID 8 MID 4 to RID [0,1]",
    ),
    (
        log_rules.values_are_as_python_writes_them,
        "a number for a list",
        "Start MID 4 ICID 1",
        "MID 4 to RID 0 pending till Thu Sep 26 15:24:39 2024",
    ),
    (
        log_rules.values_are_as_python_writes_them,
        "a Message-ID without quotes",
        "Start MID 4 ICID 1",
        "MID 4 Message-ID <1@here.example>",
    ),
]


@pytest.mark.parametrize(
    ("rule", "before", "breach"),
    [pytest.param(rule, before, breach, id=id_) for rule, id_, before, breach in BREACHES],
)
def test_each_rule_can_be_broken(rule: Rule, before: str, breach: str) -> None:
    lines = log(f"{before}\n{breach}")
    assert check(lines) == [f"{rule.__doc__}: {lines[-1]}"]


def test_a_clock_that_runs_back_is_a_breach() -> None:
    back = line("Start MID 2 ICID 0", 8)
    lines = [line("Start MID 1 ICID 0", 9), back, line("Start MID 3 ICID 0", 8)]
    assert check(lines) == [f"{log_rules.the_clock_never_runs_back.__doc__}: {back}"]


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param("Start MID 1 ICID 0", id="no moment"),
        pytest.param("Thu Sep 26 15:23:39 2024 Notice: Start MID 1 ICID 0", id="an unknown level"),
        pytest.param("", id="an empty line"),
    ],
)
def test_every_line_has_its_moment_and_level(whole: str) -> None:
    assert check([whole]) == [f"{log_rules.UNREAD}: {whole}"]


def test_every_rule_is_shown_broken() -> None:
    shown = {rule for rule, *_ in BREACHES} | {log_rules.the_clock_never_runs_back}
    assert shown == set(RULES)

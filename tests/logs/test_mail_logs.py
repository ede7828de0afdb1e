"""The wording of mail_logs: each sourced example word for word, and what strangers may write."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli import events as e
from seg_cli.events import Event
from seg_cli.logs.bus import Stamped
from seg_cli.logs.header import LEVEL_WORDS, ctime, header_lines
from seg_cli.logs.mail_logs import (
    WORDING,
    Status,
    format_line,
    format_text,
)
from seg_cli.terms import Dcid, Icid, LogLevel, Mid, Rid, Security
from tests.logs.sourced_lines import SOURCED, rids

NOW = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")


def text(event: Event) -> str:
    return format_text(event, UTC)


@pytest.mark.parametrize(("event", "line"), SOURCED, ids=lambda value: type(value).__name__)
def test_a_sourced_line_stands_word_for_word(event: Event, line: str) -> None:
    assert text(event) == line


def test_every_sourced_wording_has_its_example() -> None:
    sourced = {kind for kind, wording in WORDING.items() if wording.status is Status.SOURCED}
    assert sourced == {type(event) for event, _ in SOURCED}


@pytest.mark.parametrize(
    ("at", "stamp"),
    [
        pytest.param(
            datetime(2023, 9, 6, 13, 13, 16, 999_999, tzinfo=UTC),
            "Wed Sep  6 13:13:16 2023",
            id="a day of one digit is padded, a second is whole",
        ),
        pytest.param(NOW, "Thu Sep 26 15:23:39 2024", id="a day of two digits"),
    ],
)
def test_the_moment_stands_in_ctime_form(at: datetime, stamp: str) -> None:
    assert ctime(at, UTC) == stamp
    assert len(stamp) == 24


def test_the_clock_is_local() -> None:
    assert ctime(NOW, SEOUL) == "Fri Sep 27 00:23:39 2024"
    retry = e.RetryScheduled(Mid(4), rids(0), NOW)
    assert format_text(retry, SEOUL).endswith("pending till Fri Sep 27 00:23:39 2024")


@pytest.mark.parametrize(
    ("event", "line"),
    [
        pytest.param(
            e.MessageFinished(Mid(1)),
            "Thu Sep 26 15:23:39 2024 Info: Message finished MID 1 done",
            id="Info",
        ),
        pytest.param(
            e.DnsAsked("domain.com", "MX"),
            "Thu Sep 26 15:23:39 2024 Debug: DNS query: Q(domain.com, 'MX')",
            id="Debug",
        ),
    ],
)
def test_a_line_has_its_moment_and_level(event: Event, line: str) -> None:
    assert format_line(Stamped(NOW, event), UTC) == line


def test_every_level_has_its_word() -> None:
    assert list(LEVEL_WORDS) == list(LogLevel)
    assert list(LEVEL_WORDS.values()) == ["Critical", "Warning", "Info", "Debug", "Trace"]


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        pytest.param(UTC, 0, id="no offset"),
        pytest.param(SEOUL, 32400, id="east"),
        pytest.param(ZoneInfo("America/New_York"), -14400, id="west is negative"),
    ],
)
def test_the_header(zone: ZoneInfo, offset: int) -> None:
    stamp = f"{ctime(NOW, zone)} Info: "
    assert header_lines(NOW, zone, "16.0.0-054", "000F1F6ACFA6-2Y5SQ41") == [
        f"{stamp}Begin Logfile",
        f"{stamp}Version: 16.0.0-054 SN: 000F1F6ACFA6-2Y5SQ41",
        f"{stamp}Time offset from UTC: {offset} seconds",
    ]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        pytest.param(
            e.SubjectRead(Mid(1), "a\r\n b"), r'MID 1 Subject "a\r\n b"', id="a folded Subject"
        ),
        pytest.param(
            e.MessageIdRead(Mid(1), "<a\r\n b>"),
            r"MID 1 Message-ID '<a\r\n b>'",
            id="a folded Message-ID is escaped once",
        ),
        pytest.param(
            e.ResponseReceived(Mid(1), rids(0), "ok \x1b[2J"),
            r"MID 1 RID [0] Response 'ok \x1b[2J'",
            id="an escape sequence in a reply",
        ),
        pytest.param(
            e.RecipientBounced(
                dcid=Dcid(1),
                mid=Mid(2),
                rid=Rid(0),
                status="5.1.0",
                cause="Unknown address error",
                code="550",
                lines=("no\x07", "way"),
            ),
            "Bounced: DCID 1 MID 2 to RID 0 - 5.1.0 - Unknown address error "
            r"('550', ['no\x07', 'way']) []",
            id="a reply of several lines",
        ),
        pytest.param(
            e.DnsEncached("domain.com", "MX", 7, Security.SECURE, ((10, "mx1"), (20, "mx2"))),
            "DNS encache (domain.com, MX, "
            "[(7L, 0, 'secure', (10, 'mx1')), (7L, 0, 'secure', (20, 'mx2'))])",
            id="one tuple a record",
        ),
        pytest.param(
            e.SenderGiven(Mid(1), Icid(1), "{mid}"),
            "MID 1 ICID 1 From: <{mid}>",
            id="braces are text",
        ),
    ],
)
def test_what_strangers_write(event: Event, line: str) -> None:
    assert text(event) == line


@given(st.text())
def test_no_stranger_can_forge_a_line(outside: str) -> None:
    for event in (
        e.SubjectRead(Mid(1), outside),
        e.MessageIdRead(Mid(1), outside),
        e.ResponseReceived(Mid(1), rids(0), outside),
        e.SenderGiven(Mid(1), Icid(1), outside),
        e.DnsEncached(outside, "TXT", 1, Security.INSECURE, ((outside,),)),
    ):
        assert text(event).isprintable()

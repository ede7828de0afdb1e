"""Delivery status notifications: what people and programs read in them, whoever wrote what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.delivery.dsn import (
    LONGEST_LINE,
    MAX_BOUNCE_COPY,
    Action,
    Issue,
    Notice,
    Trouble,
    compose,
)
from seg_cli.delivery.queue import QueuedMessage
from seg_cli.terms import Mid
from tests.delivery.messages import HOUR, NOW, message

HEADER = b"From: <me@here.example>\r\nSubject: hello\r\n"
ORIGINAL = replace(message(7, "a@one.example"), content=HEADER + b"\r\nHi.\r\n")
REFUSED = Trouble(
    "a@one.example",
    "5.1.0",
    "Unknown address error",
    "550",
    ("5.1.1 No such user",),
    "mx.one.example",
)
EXPIRED = Trouble(
    "b@one.example", "5.4.7", "Delivery expired (message too old)", "000", ("timeout",)
)
FAILED = Notice(Action.FAILED, "me@here.example", ORIGINAL, (REFUSED, EXPIRED))
ISSUE = Issue("mail3.example.com", Mid(8), (NOW + HOUR).astimezone(ZoneInfo("Asia/Seoul")))


def read(notice: Notice) -> Message:
    return message_from_bytes(compose(notice, ISSUE))


def parts(notice: Notice) -> list[Message]:
    return inner(read(notice))


def blocks(notice: Notice) -> list[Message]:
    return inner(parts(notice)[1])


def inner(outer: Message) -> list[Message]:
    payload = outer.get_payload()
    assert isinstance(payload, list)
    return [part for part in payload if isinstance(part, Message)]


def text_of(notice: Notice) -> str:
    payload = parts(notice)[0].get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


def test_the_header() -> None:
    report = read(FAILED)
    assert dict(report.items()) == {
        "MIME-Version": "1.0",
        "Content-Type": ('multipart/report; boundary="=_8.0_="; report-type="delivery-status"'),
        "Date": "Fri, 27 Sep 2024 01:23:39 +0900",
        "From": "Mail Delivery System <MAILER-DAEMON@mail3.example.com>",
        "To": "<me@here.example>",
        "Subject": "Delivery Status Notification (Failure)",
        "Message-ID": "<20240927012339.8@mail3.example.com>",
        "Auto-Submitted": "auto-replied",
    }


def test_what_a_person_reads() -> None:
    assert text_of(FAILED) == (
        "The following message to <a@one.example> was undeliverable.\n"
        "The reason for the problem:\n"
        "5.1.0 - Unknown address error 550-'5.1.1 No such user'\n"
        "\n"
        "The following message to <b@one.example> was undeliverable.\n"
        "The reason for the problem:\n"
        "5.4.7 - Delivery expired (message too old) 'timeout'\n"
    )


def test_what_programs_read() -> None:
    assert [dict(block.items()) for block in blocks(FAILED)] == [
        {
            "Reporting-MTA": "dns; mail3.example.com",
            "Arrival-Date": "Fri, 27 Sep 2024 00:23:39 +0900",
        },
        {
            "Original-Recipient": "rfc822; a@one.example",
            "Final-Recipient": "rfc822; a@one.example",
            "Action": "failed",
            "Status": "5.1.0",
            "Remote-MTA": "dns; mx.one.example",
            "Diagnostic-Code": "smtp; 550 5.1.1 No such user",
            "Last-Attempt-Date": "Fri, 27 Sep 2024 01:23:39 +0900",
        },
        {
            "Original-Recipient": "rfc822; b@one.example",
            "Final-Recipient": "rfc822; b@one.example",
            "Action": "failed",
            "Status": "5.4.7",
            "Diagnostic-Code": "x-local; timeout",
            "Last-Attempt-Date": "Fri, 27 Sep 2024 01:23:39 +0900",
        },
    ]


def test_a_warning_says_how_long_delivery_will_be_tried() -> None:
    until = datetime(2024, 9, 29, 15, 23, 39, tzinfo=UTC)
    warning = replace(FAILED, action=Action.DELAYED, troubles=(REFUSED,), until=until)
    assert read(warning)["Subject"] == "Delivery Status Notification (Delay)"
    _, block = blocks(warning)
    assert block["Action"] == "delayed"
    assert block["Will-Retry-Until"] == "Mon, 30 Sep 2024 00:23:39 +0900"
    text = text_of(warning)
    assert text.startswith("The following message to <a@one.example> has not been delivered yet.\n")
    assert text.endswith("Delivery will be tried until Mon, 30 Sep 2024 00:23:39 +0900.\n")


def test_without_the_dsn_format_there_is_no_report_for_programs() -> None:
    plain = replace(FAILED, dsn_format=False)
    assert read(plain).get_content_type() == "multipart/mixed"
    kinds = [part.get_content_type() for part in parts(plain)]
    assert kinds == ["text/plain", "message/rfc822"]


def test_the_message_comes_back_as_it_came() -> None:
    raw = compose(FAILED, ISSUE)
    assert b"Content-Type: message/rfc822\r\n\r\n" + ORIGINAL.content in raw


@pytest.mark.parametrize(
    ("content", "copy"),
    [
        pytest.param(
            HEADER + b"\r\n" + b"x\r\n" * MAX_BOUNCE_COPY, HEADER, id="longer than is returned"
        ),
        pytest.param(HEADER + b"\r\n\xe9\r\n", HEADER, id="a body in 8 bits"),
        pytest.param(HEADER + b"\r\n" + b"x" * 999 + b"\r\n", HEADER, id="a line too long"),
        pytest.param(HEADER + b"\r\n\0\r\n", HEADER, id="a NUL"),
        pytest.param(b"Subject: \xe9\n\nHi.\n", b"Subject: \xe9\r\n", id="a header in 8 bits"),
        pytest.param(
            b"X: " + b"y" * 999 + b"\n\n", b"X: " + b"y" * 999 + b"\r\n", id="a header too long"
        ),
    ],
)
def test_what_not_every_host_can_take_comes_back_as_its_header(content: bytes, copy: bytes) -> None:
    raw = compose(replace(FAILED, original=replace(ORIGINAL, content=content)), ISSUE)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= LONGEST_LINE
    part = inner(message_from_bytes(raw))[-1]
    assert part.get_content_type() == "text/rfc822-headers"
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.replace(b"\r\n", b"\n") == copy.replace(b"\r\n", b"\n")


def test_a_boundary_in_the_message_is_not_ours() -> None:
    content = HEADER + b"\r\n--=_8.0_=--\r\n--=_8.1_=\r\n"
    forged = replace(FAILED, original=replace(ORIGINAL, content=content))
    assert read(forged).get_boundary() == "=_8.2_="
    assert len(parts(forged)) == 3


@pytest.mark.parametrize(
    ("address", "field"),
    [
        pytest.param("bücher@한국.example", r"utf-8; b\x{FC}cher@\x{D55C}\x{AD6D}.example", id="8"),
        pytest.param("a\r\nX: y@b", r"rfc822; a\r\nX: y@b", id="line ends"),
    ],
)
def test_addresses_of_other_letters(address: str, field: str) -> None:
    _, block = blocks(replace(FAILED, troubles=(replace(REFUSED, address=address),)))
    assert block["Final-Recipient"] == field


@given(address=st.text(max_size=80), line=st.text(max_size=2000), content=st.binary(max_size=400))
def test_nobody_writes_a_header_of_the_notice(address: str, line: str, content: bytes) -> None:
    """Whatever sender, recipient, host and message hold, the notice has its own fields only."""
    trouble = replace(REFUSED, address=address, lines=(line, line), remote=line or "x")
    original = QueuedMessage(Mid(7), address, (), content, NOW - timedelta(days=1))
    hostile = Notice(Action.FAILED, address, original, (trouble,))
    raw = compose(hostile, ISSUE)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= LONGEST_LINE
    report = message_from_bytes(raw)
    assert list(report.keys()) == list(read(FAILED).keys())
    text, status, _ = inner(report)
    assert text.get_content_type() == "text/plain"
    assert [list(block.keys()) for block in inner(status)] == [
        list(block.keys()) for block in blocks(FAILED)[:2]
    ]

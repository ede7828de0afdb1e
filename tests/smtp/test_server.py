"""The server as a stranger's bytes meet it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from seg_cli.smtp.handler import Ending, Envelope
from seg_cli.smtp.paths import Path, parse_path
from seg_cli.smtp.profile import ServerProfile
from seg_cli.smtp.replies import Reply
from seg_cli.smtp.wire import Wire
from tests.smtp.conftest import HostFactory, MailHost, connected

PROFILE = ServerProfile("mx.example.com", max_size=1000)


@asynccontextmanager
async def stranger(host: MailHost) -> AsyncIterator[Wire]:
    """A raw connection to the host, behind its greeting."""
    wire = Wire(connected(host.address))
    assert await wire.read_line(100) == b"220 mx.example.com ESMTP"
    yield wire
    await wire.close()


async def heard(wire: Wire, *lines: bytes) -> list[str]:
    """What the server says to the lines, up to its goodbye."""
    wire.write(b"\r\n".join((*lines, b"")))
    said: list[str] = []
    async with asyncio.timeout(5):
        while not said or said[-1][:3] not in {"221", "421"}:
            said.append((await wire.read_line(200)).decode())
    return said


async def test_the_dialogue_of_a_person_at_a_keyboard(mail_host: HostFactory) -> None:
    host = await mail_host(PROFILE)
    async with stranger(host) as wire:
        assert await heard(
            wire,
            b"helo",
            b"mail from: <test@test.com>",
            b"rcpt to: user@other.com",
            b"data",
            b"subject: TESTING SMTP",
            b"..",
            b".",
            b"quit",
        ) == [
            "250 mx.example.com",
            "250 sender <test@test.com> ok",
            "250 recipient <user@other.com> ok",
            "354 go ahead",
            "250 ok: Message 1 accepted",
            "221 mx.example.com",
        ]
    assert await host.ending() is Ending.QUIT
    envelope = Envelope("test@test.com", ("user@other.com",))
    assert host.messages == [(envelope, b"subject: TESTING SMTP\r\n.\r\n")]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        pytest.param(b"EHLO x", "250-mx.example.com", id="EHLO"),
        pytest.param(b"NOOP", "250 ok", id="NOOP"),
        pytest.param(b"RSET", "250 reset", id="RSET"),
        pytest.param(b"VRFY x", "252 cannot verify, will accept", id="VRFY"),
        pytest.param(b"HELP", "214 ehlo helo mail rcpt data rset noop vrfy help quit", id="HELP"),
        pytest.param(b"XYZZY", "500 #5.5.1 command not recognized", id="no such command"),
        pytest.param(b"STARTTLS", "500 #5.5.1 command not recognized", id="no TLS offered"),
        pytest.param(b"MAIL TO:<a@b>", "501 #5.5.2 syntax error", id="no sender in MAIL"),
        pytest.param(b"MAIL FROM:<a b", "501 #5.5.2 syntax error", id="an open bracket"),
        pytest.param(b"RCPT TO:<>", "501 #5.5.2 syntax error", id="no recipient in RCPT"),
        pytest.param(b"RCPT TO:<a@b>", "503 #5.5.1 MAIL first", id="RCPT before MAIL"),
        pytest.param(b"DATA", "503 #5.5.1 MAIL first", id="DATA before MAIL"),
        pytest.param(
            b"MAIL FROM:<a@b> SIZE=1001", "552 #5.3.4 message size exceeds limit", id="declared"
        ),
        pytest.param(b"x" * 5000, "500 #5.5.0 line too long", id="a line too long"),
        pytest.param(
            b"MAIL FROM:<\x1b[2J{hostname}@x>",
            r"250 sender <\x1b[2J{hostname}@x> ok",
            id="an address is echoed printable and as it is",
        ),
    ],
)
async def test_one_command(mail_host: HostFactory, line: bytes, answer: str) -> None:
    async with stranger(await mail_host(PROFILE)) as wire:
        assert (await heard(wire, line, b"QUIT"))[0] == answer


async def test_order_within_a_message(mail_host: HostFactory) -> None:
    async with stranger(await mail_host(PROFILE)) as wire:
        assert await heard(wire, b"MAIL FROM:<a@b>", b"MAIL FROM:<a@b>", b"DATA", b"QUIT") == [
            "250 sender <a@b> ok",
            "503 #5.5.1 sender already given",
            "503 #5.5.1 RCPT first",
            "221 mx.example.com",
        ]


async def test_after_five_bad_commands_the_server_leaves(mail_host: HostFactory) -> None:
    host = await mail_host(PROFILE)
    async with stranger(host) as wire:
        said = await heard(wire, *[b"foo"] * 6)
    assert said == ["500 #5.5.1 command not recognized"] * 5 + [
        "421 Exceeded bad SMTP command limit, disconnecting"
    ]
    assert await host.ending() is Ending.CLOSED_BY_SERVER


@pytest.mark.parametrize(
    ("size", "answer"),
    [(1000, "250 ok: Message 1 accepted"), (1001, "552 #5.3.4 message size exceeds limit")],
)
async def test_the_size_limit_counts_the_message(
    mail_host: HostFactory, size: int, answer: str
) -> None:
    body = b"x" * (size - 2)
    async with stranger(await mail_host(PROFILE)) as wire:
        said = await heard(
            wire, b"MAIL FROM:<a@b>", b"RCPT TO:<c@d>", b"DATA", body, b".", b"NOOP", b"QUIT"
        )
    assert said[3:] == [answer, "250 ok", "221 mx.example.com"]


@pytest.mark.parametrize(
    "smuggled",
    [
        pytest.param(b"a\n.\nMAIL FROM:<evil@x.example>", id="LF . LF"),
        pytest.param(b"a\n.\r\nMAIL FROM:<evil@x.example>", id="LF . CRLF"),
        pytest.param(b"a\r.\rMAIL FROM:<evil@x.example>", id="CR . CR"),
        pytest.param(b"a\r\n.\nMAIL FROM:<evil@x.example>", id="CRLF . LF"),
        pytest.param(b"a\r\n.\rMAIL FROM:<evil@x.example>", id="CRLF . CR"),
        pytest.param(b"a\nb", id="a bare LF alone"),
    ],
)
async def test_only_crlf_dot_crlf_ends_a_message_and_bare_line_ends_refuse_it(
    mail_host: HostFactory, smuggled: bytes
) -> None:
    host = await mail_host(PROFILE)
    async with stranger(host) as wire:
        said = await heard(
            wire, b"MAIL FROM:<a@b>", b"RCPT TO:<c@d>", b"DATA", smuggled, b".", b"QUIT"
        )
    assert said[3:] == ["554 #5.6.0 bare CR or LF in message", "221 mx.example.com"]
    assert host.messages == []


async def test_recipients_are_limited(mail_host: HostFactory) -> None:
    async with stranger(await mail_host(replace(PROFILE, max_recipients=1))) as wire:
        said = await heard(
            wire, b"MAIL FROM:<a@b>", b"RCPT TO:<c@d>", b"RCPT TO:<e@f>", b"DATA", b".", b"QUIT"
        )
    assert said[1:4] == [
        "250 recipient <c@d> ok",
        "452 #4.5.3 too many recipients",
        "354 go ahead",
    ]


@pytest.mark.parametrize("begin", [b"", b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"])
async def test_what_never_ends_is_told_and_left(mail_host: HostFactory, begin: bytes) -> None:
    host = await mail_host(replace(PROFILE, idle=0.2))
    async with stranger(host) as wire:
        wire.write(begin + b"x" * 5000)
        said = await wire.read_until(b"closing connection\r\n", 1000)
    assert said.splitlines()[-1].startswith(b"421 mx.example.com timeout")
    assert await host.ending() is Ending.TIMED_OUT


async def test_a_greeting_that_refuses_is_the_last_word(mail_host: HostFactory) -> None:
    host = await mail_host(replace(PROFILE, greeting=Reply.parse("554 not you")))
    wire = Wire(connected(host.address))
    assert await wire.read_line(100) == b"554 not you"
    with pytest.raises(EOFError):
        await wire.read_some()
    assert await host.ending() is Ending.CLOSED_BY_SERVER
    await wire.close()


async def test_who_says_nothing_is_told_and_left(mail_host: HostFactory) -> None:
    host = await mail_host(replace(PROFILE, idle=0.05))
    async with stranger(host) as wire:
        assert await wire.read_line(100) == (
            b"421 mx.example.com timeout waiting for input, closing connection"
        )
    assert await host.ending() is Ending.TIMED_OUT


async def test_a_connection_that_breaks_is_lost(mail_host: HostFactory) -> None:
    host = await mail_host(PROFILE)
    async with stranger(host) as wire:
        wire.reset()
    assert await host.ending() is Ending.LOST


@pytest.mark.parametrize(
    ("argument", "path"),
    [
        pytest.param("FROM:<a@b>", Path("a@b"), id="as programs write it"),
        pytest.param("from: a@b", Path("a@b"), id="as people write it"),
        pytest.param("FROM:<>", Path(""), id="the empty sender"),
        pytest.param("FROM:<a@b> BODY=8BITMIME SIZE=12", Path("a@b", 12), id="with a size"),
        pytest.param("FROM:<a@b> XSIZE=12", Path("a@b"), id="not a size"),
        pytest.param("FROM:", None, id="nothing"),
        pytest.param("FROM:<a@b>x", None, id="something behind the bracket"),
        pytest.param("FROM:<a\rRCPT@b>", None, id="a line end that is none"),
        pytest.param("FROM:a\0@b", None, id="a NUL"),
    ],
)
def test_paths(argument: str, path: Path | None) -> None:
    assert parse_path("FROM:", argument) == path

"""The server against bytes that nobody foresaw: replies or a close, never an error of ours."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from seg_cli.policy.facts import TlsFacts
from seg_cli.smtp.exchange import Exchange
from seg_cli.smtp.handler import Envelope, Queued, Session
from seg_cli.smtp.listener import is_mailbox
from seg_cli.smtp.profile import Say, ServerProfile
from seg_cli.smtp.replies import Reply
from seg_cli.smtp.server import _Conversation
from seg_cli.smtp.wire import Wire

PROFILE = ServerProfile("mx.example.com", max_size=60, max_recipients=3)
REFUSED = Reply.parse("553 no mailbox")

FRAGMENTS = [
    *(b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r\n.\r\n", b"\r\n", b"\n", b"."),
    *(b"MAIL FROM:<a@b.example>\r\n", b"RCPT TO:<c@d.example>\r\n", b"DATA\r\n", b"RSET\r\n"),
    *(b"EHLO x\r\n", b"STARTTLS\r\n", b"QUIT\r\n", b"\0", b"\x1b[2J", b"\xff\xfe", b"x" * 70),
]
streams = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=8), max_size=25).map(b"".join)


@dataclass(slots=True)
class Keeper:
    """Takes what the listener would take."""

    messages: list[tuple[Envelope, bytes]] = field(default_factory=list)

    async def secured(self, _: Session, __: TlsFacts) -> None: ...

    async def sender(self, _: Session, sender: str) -> Say | None:
        return None if not sender or is_mailbox(sender) else REFUSED

    async def recipient(self, _: Session, recipient: str) -> Say | None:
        return None if is_mailbox(recipient) else REFUSED

    async def message(self, _: Session, envelope: Envelope, data: bytes) -> Queued | Say:
        self.messages.append((envelope, data))
        return Queued(str(len(self.messages)))


def converse(stream: bytes, pieces: Callable[[bytes], list[bytes]]) -> tuple[Keeper, list[bytes]]:
    """What is taken and what is said when a peer sends this and hangs up."""
    keeper, heard = Keeper(), bytearray()

    async def talk() -> None:
        near, far = socket.socketpair()
        near.setblocking(False)
        wire = Wire(near)
        exchange = Exchange(wire, PROFILE)
        run = _Conversation(exchange, PROFILE, keeper, Session(("192.0.2.1", 1))).run()
        task = asyncio.ensure_future(run)
        with far:
            for piece in pieces(stream):
                far.send(piece)
                await asyncio.sleep(0)
            far.shutdown(socket.SHUT_WR)
            await asyncio.gather(task, return_exceptions=True)
            wire.abort()
            while part := far.recv(65536):
                heard.extend(part)
        error = None if task.cancelled() else task.exception()
        assert error is None or isinstance(error, OSError | EOFError), error

    asyncio.run(talk())
    return keeper, bytes(heard).splitlines(keepends=True)


def at_once(stream: bytes) -> list[bytes]:
    return [stream]


def octet_by_octet(stream: bytes) -> list[bytes]:
    return [stream[at : at + 1] for at in range(len(stream))]


@settings(max_examples=150, deadline=None)
@given(streams)
def test_any_bytes_get_printable_replies_or_a_close(stream: bytes) -> None:
    keeper, said = converse(stream, at_once)
    assert all(line.endswith(b"\r\n") and line[:3].isdigit() for line in said)
    assert all(line[:-2].decode().isprintable() for line in said)
    for envelope, data in keeper.messages:
        assert all(is_mailbox(address) for address in envelope.recipients)
        assert data.count(b"\r") == data.count(b"\n") == data.count(b"\r\n")
        assert len(data) <= PROFILE.max_size


@settings(max_examples=60, deadline=None)
@given(streams)
def test_how_bytes_are_cut_into_packets_makes_no_difference(stream: bytes) -> None:
    stream = stream.replace(b"STARTTLS", b"NOOP")  # what follows it in one packet is refused
    whole, said = converse(stream, at_once)
    single, also = converse(stream, octet_by_octet)
    assert (whole.messages, said) == (single.messages, also)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(FRAGMENTS[:5]) | st.sampled_from([b"a", b"MAIL FROM:<e@x.example>\r\n"]),
        max_size=9,
    ).map(b"".join)
)
def test_nothing_within_a_message_is_taken_for_a_command(body: bytes) -> None:
    before, end, rest = (b"\r\n" + body).partition(b"\r\n.\r\n")
    opening = b"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
    _, said = converse(opening + body + b"\r\n.\r\nNOOP\r\n", at_once)
    if not end:
        assert [line[:3] for line in said[:4]] == [b"220", b"250", b"250", b"354"]
        assert said[5:] == [b"250 ok\r\n"], (before, rest)

"""A client's side of the wire: lines go out, whole replies come in, and what breaks is a value."""

import asyncio
import ssl
from collections.abc import Awaitable
from typing import Final, TypeVar

from seg_cli.net.failures import network_failure
from seg_cli.net.starttls import handshake_failure
from seg_cli.net.world import Patience
from seg_cli.policy.facts import Failed
from seg_cli.smtp.replies import ProtocolError, Reply, ReplyParser
from seg_cli.smtp.wire import Wire
from seg_cli.terms import Reason

T = TypeVar("T")

FORBIDDEN: Final = frozenset("\r\n\0")


class Conversation:
    """Lines and replies on one connection; `failed` is what ended it, once something has."""

    def __init__(self, wire: Wire, patience: Patience) -> None:
        self.wire = wire
        self.patience = patience
        self.failed: Failed | None = None
        self._parser = ReplyParser()

    @property
    def pending(self) -> bool:
        """Whether something was received that no returned reply used up (TLS-04 asks)."""
        return self._parser.pending or self.wire.buffered > 0

    def forget(self) -> None:
        """Begin anew behind a handshake (TLS-02)."""
        self._parser = ReplyParser()

    def write(self, *lines: str) -> None:
        """Send lines in one piece; ValueError, and nothing sent, if one of them is not a line."""
        for line in lines:
            if not FORBIDDEN.isdisjoint(line):
                raise ValueError(f"not one line: {line!r}")
        if self.failed is None:
            text = "".join(f"{line}\r\n" for line in lines)
            self.wire.write(text.encode("utf-8", "surrogateescape"))

    async def write_whole(self, data: bytes) -> Failed | None:
        """Send bytes, and wait until the operating system has them all."""
        self.wire.write(data)
        if self.wire.flushed:
            return None
        return await self.attempt(self.wire.flush(self.deadline(self.patience.reply)))

    async def next_reply(self, patience: float) -> Reply | Failed:
        """The next reply, within so many seconds; what ended the conversation, if that is over."""
        if self.failed is not None:
            return self.failed
        reply = self._received()
        if reply is None:
            reply = await self.attempt(self._read(self.deadline(patience)))
        if isinstance(reply, Reply) and reply.code == 421:
            # The host is closing the channel (RFC 5321 s3.8).
            self.failed = Failed(Reason.DISCONNECTED, detail=str(reply))
        return reply

    def _received(self) -> Reply | Failed | None:
        """The next reply if it is there already; most of a pipeline's are."""
        try:
            return self._parser.next_reply()
        except ProtocolError as error:
            return self.give_up(Failed(Reason.PROTOCOL_ERROR, detail=str(error)))

    async def expect(self, success: int) -> Reply | Failed:
        """The next reply if its first digit is `success` or a refusal. Anything else means the
        two ends no longer agree on where they are, and must never pass for a delivery."""
        reply = await self.next_reply(self.patience.reply)
        if isinstance(reply, Failed) or reply.code // 100 in {success, 4, 5}:
            return reply
        return self.give_up(Failed(Reason.PROTOCOL_ERROR, detail=f"unexpected reply {reply}"))

    async def ask(self, line: str, success: int) -> Reply | Failed:
        """One command, and its reply as `expect` takes it."""
        self.write(line)
        return await self.expect(success)

    async def attempt(self, work: Awaitable[T]) -> T | Failed:
        """The one place where what broke becomes a value."""
        try:
            return await work
        except ProtocolError as error:
            return self.give_up(Failed(Reason.PROTOCOL_ERROR, detail=str(error)))
        except ssl.SSLError as error:
            reason, detail = handshake_failure(error)
            return self.give_up(Failed(reason, detail=detail))
        except (OSError, EOFError) as error:
            return self.give_up(network_failure(error))

    def give_up(self, failed: Failed) -> Failed:
        """Drop the connection, for this reason."""
        self.failed = failed
        self.wire.abort()
        return failed

    def close(self) -> None:
        """Close without a word."""
        self.failed = self.failed or Failed(Reason.DISCONNECTED, detail="closed")
        self.wire.hang_up()

    async def _read(self, deadline: float) -> Reply:
        while True:
            self._parser.feed(await self.wire.read_some(deadline))
            if (reply := self._parser.next_reply()) is not None:
                return reply

    def deadline(self, patience: float) -> float:
        """So many seconds from now, in the loop's time."""
        return asyncio.get_running_loop().time() + patience

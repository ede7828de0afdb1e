"""A server's side of the wire: commands and mail data come in within limits, the table goes out."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn, assert_never

from seg_cli.printable import printable
from seg_cli.smtp.handler import Ending
from seg_cli.smtp.profile import Say, Scripted, ServerProfile, Then
from seg_cli.smtp.replies import Reply, format_reply
from seg_cli.smtp.transparency import (
    CRLF,
    END_OF_DATA,
    FINAL_DOT,
    dot_unstuff,
    has_bare_line_end,
)
from seg_cli.smtp.wire import LineTooLong, Wire

MAX_COMMAND: Final = 2048
"""Octets of one command line. RFC 5321 s4.5.3.1.4 says 512 plus what extensions add."""


class Ended(Exception):
    """The conversation is over; leaves it from wherever it stands."""

    def __init__(self, ending: Ending) -> None:
        self.ending = ending


@dataclass(slots=True)
class Exchange:
    """One connection of a server. Broken connections raise OSError or EOFError."""

    wire: Wire
    profile: ServerProfile

    async def command(self) -> str | None:
        """The next command line, printable, or None if it was too long."""
        try:
            async with asyncio.timeout(self.profile.idle):
                line = await self.wire.read_line(MAX_COMMAND)
        except TimeoutError:
            await self._time_out()
        except LineTooLong:
            await self._discard(b"\n")
            return None
        return printable(line)

    async def message(self) -> bytes | Say:
        """The message without its final dot, or the answer that refuses it.

        Only CRLF . CRLF ends it. A bare CR or LF is refused: where another server took it for the
        end of a line, what stands behind could pass for commands there (SMTP smuggling).

        The CRLF of the DATA command is the first of CRLF . CRLF in an empty message
        (RFC 5321 s4.1.1.4), so it goes back in front.
        """
        self.wire.unread(CRLF)
        limit = len(CRLF) + self.profile.max_size + len(FINAL_DOT)
        try:
            async with asyncio.timeout(self.profile.idle):
                data = await self.wire.read_until(END_OF_DATA, limit)
        except TimeoutError:
            await self._time_out()
        except LineTooLong:
            await self._discard(END_OF_DATA)
            return self.profile.too_large
        if has_bare_line_end(data):
            return self.profile.bare_line_end
        return dot_unstuff(data.removesuffix(FINAL_DOT).removeprefix(CRLF))

    async def say(self, say: Say, fields: Mapping[str, str] | None = None) -> None:
        """Answer a command; 421 ends the connection, whoever chose it (RFC 5321 s3.8)."""
        await self._transmit(say, fields or {})
        if isinstance(say, Reply) and say.code == 421:
            raise Ended(Ending.CLOSED_BY_SERVER)

    async def _transmit(self, say: Say, fields: Mapping[str, str]) -> None:
        match say:
            case Reply():
                filled = say.filled({"hostname": self.profile.hostname, **fields})
                await self._send(format_reply(filled))
            case Scripted(data, then):
                await self._send(data)
                await self._follow(then)
            case _:
                assert_never(say)

    async def _send(self, data: bytes) -> None:
        self.wire.write(data)
        async with asyncio.timeout(self.profile.idle):
            await self.wire.flush()

    async def _follow(self, then: Then) -> None:
        match then:
            case Then.GO_ON:
                return
            case Then.CLOSE:
                raise Ended(Ending.CLOSED_BY_SERVER)
            case Then.CLOSE_AT_NEXT:
                await self.wire.read_some()
                raise Ended(Ending.CLOSED_BY_SERVER)
            case Then.RESET:
                self.wire.reset()
                raise Ended(Ending.CLOSED_BY_SERVER)
            case Then.HANG:
                while True:  # until the peer gives up
                    await self.wire.read_some()
            case _:
                assert_never(then)

    async def _time_out(self) -> NoReturn:
        await self._transmit(self.profile.timeout, {})
        raise Ended(Ending.TIMED_OUT)

    async def _discard(self, separator: bytes) -> None:
        """Pass over the rest of what is too long, as long as one waits for a command."""
        try:
            async with asyncio.timeout(self.profile.idle):
                await self.wire.skip_until(separator)
        except TimeoutError:
            await self._time_out()

"""SMTP replies without I/O: bytes to `Reply` and back (RFC 5321 s4.2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from seg_cli.errors import SegError
from seg_cli.printable import printable

MAX_LINE: Final = 2048
"""Octets of one reply line. RFC 5321 s4.5.3.1.5 says 512; hosts exceed it, Postfix takes 2048."""

MAX_LINES: Final = 128
"""Lines of one reply; no EHLO answer comes near it."""

REPLY_LINE: Final = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)

FIELD: Final = re.compile(r"\{([a-z_]+)\}")


class ProtocolError(SegError):
    """The peer does not speak SMTP; whoever reads from it closes the connection."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole reply; `lines` are printable and without the code."""

    code: int
    lines: tuple[str, ...] = ("",)

    @classmethod
    def parse(cls, text: str) -> "Reply":
        """The one-line reply as people write it: `250 ok`. For tables of replies, not for peers."""
        code, _, rest = text.partition(" ")
        return cls(int(code), (rest,))

    @property
    def text(self) -> str:
        """What was said, on one line."""
        return " ".join(self.lines)

    @property
    def is_positive(self) -> bool:
        """2yz: done."""
        return self.code // 100 == 2

    @property
    def is_intermediate(self) -> bool:
        """3yz: go on (354)."""
        return self.code // 100 == 3

    @property
    def is_transient(self) -> bool:
        """4yz: not now; the same command may succeed later."""
        return self.code // 100 == 4

    @property
    def is_permanent(self) -> bool:
        """5yz: never."""
        return self.code // 100 == 5

    def filled(self, fields: Mapping[str, str]) -> "Reply":
        """A template such as `sender <{address}> ok` with its fields put in, once; braces around
        anything else stay as they are, for strangers' addresses may hold them."""
        lines = (FIELD.sub(lambda at: fields.get(at[1], at[0]), line) for line in self.lines)
        return Reply(self.code, tuple(lines))

    def __str__(self) -> str:
        """Code and text as a log shows them."""
        return f"{self.code} {self.text}".rstrip()


def format_reply(reply: Reply) -> bytes:
    """The bytes a server sends."""
    last = len(reply.lines) - 1
    return b"".join(
        f"{reply.code}{' ' if number == last else '-'}{line}\r\n".encode()
        for number, line in enumerate(reply.lines)
    )


class ReplyParser:
    """Bytes in, whole replies out, however the bytes were cut on their way.

    A line ends with LF; a CR before it is dropped. What is no reply, or has no end in sight,
    raises ProtocolError at once and for ever after.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._lines: list[str] = []
        self._code: int | None = None
        self._error: ProtocolError | None = None

    @property
    def pending(self) -> bool:
        """Whether bytes were fed that no returned reply used up (TLS-04 asks)."""
        return bool(self._buffer or self._lines)

    def feed(self, data: bytes) -> None:
        """Take bytes as they come."""
        self._buffer += data

    def next_reply(self) -> Reply | None:
        """The next whole reply, or None: feed more.

        Raises ProtocolError when the peer does not speak SMTP; close the connection then.
        """
        if self._error is not None:
            raise self._error
        try:
            while (line := self._next_line()) is not None:
                if self._take(line):
                    return self._whole()
        except ProtocolError as error:
            self._error = error
            raise
        return None

    def _next_line(self) -> bytes | None:
        end = self._buffer.find(b"\n", 0, MAX_LINE)
        if end < 0:
            if len(self._buffer) >= MAX_LINE:
                raise ProtocolError("reply line too long")
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")

    def _take(self, line: bytes) -> bool:
        """Keep one line; True when it was the last of its reply."""
        match = REPLY_LINE.fullmatch(line)
        if match is None:
            raise ProtocolError(f"not an SMTP reply: {printable(line[:80])}")
        code, separator, text = int(match[1]), match[2], match[3] or b""
        if self._code not in {None, code}:
            raise ProtocolError(f"reply code changed from {self._code} to {code}")
        if len(self._lines) == MAX_LINES:
            raise ProtocolError("reply has too many lines")
        self._code = code
        self._lines.append(printable(text))
        return separator != b"-"

    def _whole(self) -> Reply:
        assert self._code is not None
        reply = Reply(self._code, tuple(self._lines))
        self._code = None
        self._lines.clear()
        return reply

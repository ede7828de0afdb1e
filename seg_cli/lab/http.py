"""As much of HTTP/1.1 as policy hosts and the proxy need: a request's head, and a response."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

MOST_FIELDS = 100
"""Header fields read before a request is given up."""


class BadRequest(OSError):
    """What came is no HTTP request: the connection is of no further use."""


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a request; `host` is the Host field, or empty."""

    method: str
    target: str
    host: str


async def read_request(reader: asyncio.StreamReader) -> Request:
    """The next request up to its blank line; BadRequest for anything else."""
    words = (await _line(reader)).split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise BadRequest
    host = ""
    for _ in range(MOST_FIELDS):
        field = await _line(reader)
        if not field:
            return Request(words[0], words[1], host)
        name, _, value = field.partition(":")
        if name.lower() == "host":
            host = value.strip()
    raise BadRequest


async def _line(reader: asyncio.StreamReader) -> str:
    try:
        line = await reader.readline()
    except ValueError:  # longer than the reader's limit
        raise BadRequest from None
    if not line.endswith(b"\n"):
        raise BadRequest
    return line.decode("latin-1").rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Response:
    """A response; the connection closes behind it."""

    status: int
    content_type: str = "text/plain"
    body: bytes = b""
    location: str = ""

    @property
    def head(self) -> bytes:
        """Status line and fields, up to the blank line."""
        location = f"Location: {self.location}\r\n" if self.location else ""
        return (
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n"
            f"Content-Type: {self.content_type}\r\n"
            f"Content-Length: {len(self.body)}\r\n"
            f"{location}"
            "Connection: close\r\n\r\n"
        ).encode()

    @property
    def whole(self) -> bytes:
        """Head and body."""
        return self.head + self.body

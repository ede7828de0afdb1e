"""A policy host and a CONNECT proxy on loopback: the real peers of the policy fetch."""

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.standards.certificates import Issued

POLICY = b"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 86400\n"
HOST = "mta-sts.example.com"


def response(
    body: bytes = POLICY,
    *headers: str,
    status: str = "200 OK",
    media_type: str = "text/plain",
) -> bytes:
    """A whole response with its Content-Length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media_type}", f"Content-Length: {len(body)}"]
    return head(*lines, *headers) + body


def head(*lines: str) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode()


def chunked(*chunks: bytes) -> bytes:
    """A response without Content-Length; the last chunk is empty if it is to be whole."""
    lines = ("HTTP/1.1 200 OK", "Content-Type: text/plain", "Transfer-Encoding: chunked")
    return head(*lines) + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)


def server_context(chain: Sequence[Issued], folder: Path) -> ssl.SSLContext:
    """A server that shows these certificates, leaf first."""
    pem = folder / "chain.pem"
    key = chain[0].key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(
        key + b"".join(issued.certificate.public_bytes(Encoding.PEM) for issued in chain)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@dataclass
class PolicyHost:
    """Answers each request with the same bytes, then closes the connection, keeps it open, or
    breaks it off without TLS's goodbye. `requests` and `names` tell what it was asked."""

    answer: bytes = field(default_factory=response)
    then: Literal["closes", "stays", "breaks"] = "closes"
    requests: list[bytes] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    asked: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    def note_name(self, _sock: object, name: str | None, _context: object) -> None:
        self.names.append(name)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(OSError, EOFError):
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            self.asked.release()
            writer.write(self.answer)
            await writer.drain()
            while self.then == "stays" and await reader.read(1):
                pass
            if self.then == "breaks":
                writer.transport.abort()
        self.gone.set()


@dataclass
class ConnectProxy:
    """Answers CONNECT as told, and joins the two sides if that was a 200."""

    target: int
    answer: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n"
    requests: list[bytes] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(OSError, EOFError):
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(self.answer)
            await writer.drain()
            if b" 200 " in self.answer:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
                with closing(far_writer):
                    await asyncio.gather(pour(reader, far_writer), pour(far_reader, writer))


async def pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
        sink.close()

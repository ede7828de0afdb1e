"""An accepted socket as a reader and a writer, with TLS or without, closed whatever happens."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

HANDSHAKE = 10.0
"""Real seconds a client has for its handshake."""

CLOSING = 1.0
"""Real seconds a client has to take the rest and, in TLS, to say that it leaves as well."""


@dataclass(frozen=True, slots=True)
class Streams:
    """Both directions of one connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def ssl_object(self) -> ssl.SSLObject:
        """What asyncio knows of the TLS; only for a connection that was opened with it."""
        found = self.writer.get_extra_info("ssl_object")
        assert isinstance(found, ssl.SSLObject)
        return found


@asynccontextmanager
async def clear_text(sock: socket.socket) -> AsyncIterator[Streams]:
    """Serve in clear text; raises OSError or EOFError as the peer leaves."""
    reader, protocol = _protocol()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_accepted_socket(lambda: protocol, sock)
    async with _closing(Streams(reader, _writer(transport, protocol, reader))) as streams:
        yield streams


@asynccontextmanager
async def over_tls(sock: socket.socket, context: ssl.SSLContext) -> AsyncIterator[Streams]:
    """Serve behind a handshake; OSError, which SSLError is, also if that fails."""
    reader, protocol = _protocol()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_accepted_socket(
        lambda: protocol,
        sock,
        ssl=context,
        ssl_handshake_timeout=HANDSHAKE,
        ssl_shutdown_timeout=CLOSING,
    )
    async with _closing(Streams(reader, _writer(transport, protocol, reader))) as streams:
        yield streams


@asynccontextmanager
async def connected(host: str, port: int) -> AsyncIterator[Streams]:
    """Dial in clear text; raises OSError."""
    async with _closing(Streams(*await asyncio.open_connection(host, port))) as streams:
        yield streams


@asynccontextmanager
async def _closing(streams: Streams) -> AsyncIterator[Streams]:
    writer = streams.writer
    try:
        yield streams
        async with asyncio.timeout(CLOSING):
            writer.close()
            await writer.wait_closed()
    finally:
        writer.transport.abort()


def _protocol() -> tuple[asyncio.StreamReader, asyncio.StreamReaderProtocol]:
    reader = asyncio.StreamReader()
    return reader, asyncio.StreamReaderProtocol(reader)


def _writer(
    transport: asyncio.Transport,
    protocol: asyncio.StreamReaderProtocol,
    reader: asyncio.StreamReader,
) -> asyncio.StreamWriter:
    return asyncio.StreamWriter(transport, protocol, reader, asyncio.get_running_loop())

"""One SMTP connection as bytes: an owned buffer, and TLS begun in mid-stream on either side.

asyncio's StreamReader keeps clear-text bytes readable after STARTTLS; this buffer is ours, so
that nothing read before the handshake can be taken for something said inside TLS.
"""

import asyncio
import socket
import ssl
import struct
from typing import Final

from seg_cli.net.starttls import sni_name

HIGH_WATER: Final = 256 * 1024
"""Octets buffered before the peer is made to wait."""

CLOSING: Final = 1.0
"""Real seconds a peer has to answer our TLS close_notify."""

LINGER_NOT: Final = struct.pack("ii", 1, 0)
"""SO_LINGER on, zero seconds: closing sends RST."""


class LineTooLong(Exception):
    """No separator within the limit; the bytes are still buffered (`skip_until` drops them)."""


class Wire(asyncio.Protocol):
    """One connection, read by one task.

    Reads raise EOFError when the peer has closed, or the OSError that broke the connection. Time
    limits are the caller's: a deadline in the loop's time where one can be given (TimeoutError is
    raised then, and the wire stays as it was), else `asyncio.timeout`, which costs more.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._ended: Exception | None = None
        self._lost = False
        self._clear_text = True
        self._shaking_hands = False
        self._paused_reading = False
        self._paused_writing = False
        self._waiters: set[asyncio.Future[None]] = set()

    @classmethod
    async def over(cls, sock: socket.socket) -> "Wire":
        """A wire over a connected or an accepted socket, which it owns from now on."""
        _, wire = await asyncio.get_running_loop().connect_accepted_socket(cls, sock)
        return wire

    # Reading

    @property
    def buffered(self) -> int:
        """Octets received and not yet read."""
        return len(self._buffer)

    async def read_some(self, deadline: float | None = None) -> bytes:
        """Everything received so far, waiting for the first byte."""
        while not self._buffer:
            await self._more(deadline)
        return self._cut(len(self._buffer))

    async def read_line(self, limit: int) -> bytes:
        """One line without its LF or CRLF; LineTooLong beyond `limit` octets."""
        line = await self.read_until(b"\n", limit)
        return line[:-1].removesuffix(b"\r")

    async def read_until(self, separator: bytes, limit: int) -> bytes:
        """Everything up to and with the separator; LineTooLong beyond `limit` octets."""
        searched = 0
        while (at := self._buffer.find(separator, searched, limit)) < 0:
            if len(self._buffer) >= limit:
                raise LineTooLong
            searched = max(0, len(self._buffer) - len(separator) + 1)
            await self._more()
        return self._cut(at + len(separator))

    async def skip_until(self, separator: bytes) -> None:
        """Drop everything up to and with the separator, however long it takes to come."""
        while (at := self._buffer.find(separator)) < 0:
            keep = len(separator) - 1
            self._cut(max(0, len(self._buffer) - keep))
            await self._more()
        self._cut(at + len(separator))

    def unread(self, data: bytes) -> None:
        """Put bytes back in front of the buffer."""
        self._buffer[:0] = data

    def _cut(self, size: int) -> bytes:
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    async def _more(self, deadline: float | None = None) -> None:
        """Wait until something arrives or the connection ends."""
        if self._ended is not None:
            raise self._ended
        if self._paused_reading:
            self._paused_reading = False
            self._live_transport().resume_reading()
        await self._wait(deadline)

    # Writing

    def write(self, data: bytes) -> None:
        """Send bytes; a broken connection shows at the next read or `flush`."""
        # asyncio warns of each write behind an error that it has not yet told the protocol of.
        if not (self._lost or self._live_transport().is_closing()):
            self._live_transport().write(data)

    async def flush(self, deadline: float | None = None) -> None:
        """Wait until every byte is with the operating system; raises if the connection broke."""
        while self._paused_writing and not self._lost:
            await self._wait(deadline)
        if self._lost:
            raise self._ended or EOFError

    # TLS

    @property
    def ssl_object(self) -> ssl.SSLObject | None:
        """The TLS connection, or None in clear text."""
        if self._transport is None:
            return None
        found: ssl.SSLObject | None = self._transport.get_extra_info("ssl_object")
        return found

    async def start_tls(self, context: ssl.SSLContext, *, server_hostname: str) -> None:
        """Shake hands as the client; the name goes into SNI if it is one (`sni_name`).

        Raises OSError (which SSLError is) when that fails, and the wire is dead then. What was
        buffered in clear text is dropped: see `buffered` first (TLS-04).
        """
        await self._secure(context, server_side=False, server_hostname=sni_name(server_hostname))

    async def accept_tls(self, context: ssl.SSLContext) -> None:
        """Shake hands as the server; otherwise as `start_tls` (RFC 3207 s4.2)."""
        await self._secure(context, server_side=True, server_hostname=None)

    async def _secure(
        self, context: ssl.SSLContext, *, server_side: bool, server_hostname: str | None
    ) -> None:
        # start_tls stops reading before it first yields: no byte can slip in after this line.
        self._buffer.clear()
        if self._ended is not None:
            raise self._ended
        self._clear_text = False
        self._shaking_hands = True
        try:
            self._transport = await asyncio.get_running_loop().start_tls(
                self._live_transport(),
                self,
                context,
                server_side=server_side,
                server_hostname=server_hostname,
            )
        except BaseException as error:
            # asyncio does not tell the protocol that a failed handshake lost the connection.
            self.abort()
            self.connection_lost(error if isinstance(error, Exception) else None)
            raise
        if self._transport is None:
            self.connection_lost(None)
            raise EOFError
        self._shaking_hands = False
        # Not 0: asyncio's TLS takes an empty buffer for a full one then, and pauses for ever.
        self._transport.set_write_buffer_limits(high=1, low=0)

    # Closing

    async def close(self) -> None:
        """Close in good order, waiting a bounded time for the peer's part of it."""
        if self._transport is None:
            return
        self._transport.close()
        try:
            async with asyncio.timeout(CLOSING):
                while not self._lost:
                    await self._wait()
        except TimeoutError:
            pass
        finally:
            self.abort()

    def abort(self) -> None:
        """Drop the connection now."""
        if self._transport is not None:
            self._transport.abort()

    def reset(self) -> None:
        """Drop the connection so that the peer sees `Connection reset by peer`."""
        transport = self._live_transport()
        sock: socket.socket = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        transport.abort()

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=0)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        # What comes while start_tls is about to return has no transport of ours to pause yet.
        if len(self._buffer) > HIGH_WATER and not (self._paused_reading or self._shaking_hands):
            self._paused_reading = True
            self._live_transport().pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """In clear text a peer that only stopped sending still gets its replies."""
        self._ended = self._ended or EOFError()
        self._wake()
        return self._clear_text

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = self._ended or exc or EOFError()
        self._lost = True
        self._wake()

    def pause_writing(self) -> None:
        self._paused_writing = True

    def resume_writing(self) -> None:
        self._paused_writing = False
        self._wake()

    async def _wait(self, deadline: float | None = None) -> None:
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        self._waiters.add(waiter)
        timer = None if deadline is None else loop.call_at(deadline, _expire, waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)
            if timer is not None:
                timer.cancel()

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _live_transport(self) -> asyncio.Transport:
        assert self._transport is not None
        return self._transport


def _expire(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(TimeoutError())

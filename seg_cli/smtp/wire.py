"""One SMTP connection as bytes: an owned buffer, and TLS begun in mid-stream on either side.

asyncio's streams keep clear-text bytes readable after STARTTLS; this buffer is ours, so that
nothing read before the handshake can be taken for something said inside TLS.
"""

import asyncio
import socket
import ssl
from typing import Final

from seg_cli.net.starttls import sni_name
from seg_cli.smtp.stream import Stream
from seg_cli.smtp.tls_layer import TlsLayer

HIGH_WATER: Final = 256 * 1024
"""Octets buffered before the peer is made to wait."""

CLOSING: Final = 1.0
"""Real seconds a peer has to take what we still send, and inside TLS to close its side."""


class LineTooLong(Exception):
    """No separator within the limit; the bytes are still buffered (`skip_until` drops them)."""


class Wire:
    """One connection over a connected, non-blocking socket, which it owns; read by one task.

    Reads raise EOFError when the peer has closed, or the OSError that broke the connection. Time
    limits are the caller's: `asyncio.timeout`, or a deadline in the loop's time, which costs less
    (TimeoutError is raised then, and the wire stays as it was).
    """

    def __init__(self, sock: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._tls: TlsLayer | None = None
        self._secured = False
        self._waiters: set[asyncio.Future[None]] = set()
        self._deadline: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._stream = Stream(sock, self._received, self._wake)

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
        if self._stream.ended is not None:
            raise self._stream.ended
        self._stream.resume()
        await self._wait(deadline)

    # Writing

    def write(self, data: bytes) -> None:
        """Send bytes; a broken connection shows at the next read or `flush`."""
        if self._tls is not None:
            self._tls.encrypt(data)
            data = self._tls.outgoing()
        self._stream.send(data)

    @property
    def flushed(self) -> bool:
        """Whether every byte is with the operating system."""
        return not (self._stream.unsent or self._stream.lost)

    async def flush(self, deadline: float | None = None) -> None:
        """Wait until the wire is `flushed`; raises if the connection broke."""
        while self._stream.unsent:
            await self._wait(deadline)
        if self._stream.lost:
            raise self._stream.ended or EOFError

    # TLS

    @property
    def ssl_object(self) -> ssl.SSLObject | None:
        """The TLS connection, or None in clear text."""
        return self._tls.object if self._tls is not None and self._secured else None

    async def start_tls(
        self, context: ssl.SSLContext, *, server_hostname: str, deadline: float | None = None
    ) -> None:
        """Shake hands as the client; the name goes into SNI if it is one (`sni_name`).

        Raises OSError (which SSLError is) or EOFError when that fails, and the wire is dead then.
        What was buffered in clear text is dropped: see `buffered` first (TLS-04).
        """
        name = sni_name(server_hostname)
        tls = TlsLayer(context, server_side=False, server_hostname=name)
        await self._secure(tls, deadline)

    async def accept_tls(self, context: ssl.SSLContext) -> None:
        """Shake hands as the server; otherwise as `start_tls` (RFC 3207 s4.2)."""
        await self._secure(TlsLayer(context, server_side=True, server_hostname=None))

    async def _secure(self, tls: TlsLayer, deadline: float | None = None) -> None:
        self._buffer.clear()
        self._tls = tls
        try:
            while not tls.shake_hands():
                self._stream.send(tls.outgoing())
                await self._more(deadline)
        except BaseException:
            self._stream.send(tls.outgoing())  # the alert that says why
            self.abort()
            raise
        self._secured = True
        self._buffer += self._decrypted(tls)
        # The end of the handshake may travel with what is said first.
        self._loop.call_soon(self._send_outgoing)

    # Closing

    async def close(self) -> None:
        """Close in good order, waiting a bounded time for the peer's part of it."""
        deadline = self._loop.time() + CLOSING
        try:
            self._close_tls()
            await self.flush(deadline)
            while self._tls is not None:
                self._buffer.clear()
                await self._more(deadline)
        except (OSError, EOFError):  # a TimeoutError is an OSError
            pass
        finally:
            self.abort()

    def hang_up(self) -> None:
        """Close for somebody who has nothing more to say and to hear."""
        self._close_tls()
        self.abort()

    def _close_tls(self) -> None:
        if self._tls is not None and not self._stream.lost:
            self._tls.close()
            self._send_outgoing()

    def abort(self) -> None:
        """Drop the connection now."""
        self._set_timer(None)
        self._stream.close()

    def reset(self) -> None:
        """Drop the connection so that the peer sees `Connection reset by peer`."""
        self._stream.reset()

    # What the stream calls

    def _received(self, data: bytes) -> None:
        if self._tls is None:
            self._buffer += data
        else:
            self._tls.receive(data)
            if self._secured:
                self._buffer += self._decrypted(self._tls)
                self._send_outgoing()
        if len(self._buffer) > HIGH_WATER:
            self._stream.pause()
        self._wake()

    def _decrypted(self, tls: TlsLayer) -> bytes:
        try:
            return tls.decrypted()
        except (ssl.SSLError, EOFError) as error:
            self._stream.end(error)
            return b""

    def _send_outgoing(self) -> None:
        if self._tls is not None:
            self._stream.send(self._tls.outgoing())

    # Waiting

    async def _wait(self, deadline: float | None) -> None:
        waiter = self._loop.create_future()
        self._waiters.add(waiter)
        self._deadline = deadline
        if deadline is not None and (self._timer is None or self._timer.when() > deadline):
            self._set_timer(deadline)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)
            self._deadline = None

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _set_timer(self, at: float | None) -> None:
        # It outlives the wait it was set for: most waits are short, and setting one is dear.
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if at is None else self._loop.call_at(at, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._deadline is not None and self._deadline > self._loop.time():
            self._set_timer(self._deadline)
        elif self._deadline is not None:
            for waiter in self._waiters:
                if not waiter.done():
                    waiter.set_exception(TimeoutError())

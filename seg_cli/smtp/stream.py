"""A non-blocking socket on the event loop: what is sent is kept until it is taken, what comes is
handed on at once. No transport of asyncio: its TLS keeps 256 KiB for each connection.
"""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Final

CHUNK: Final = 64 * 1024
"""Octets read from the socket at a time."""

LINGER_NOT: Final = struct.pack("ii", 1, 0)
"""SO_LINGER on, zero seconds: closing sends RST."""


class Stream:
    """A connected socket, which it owns. `received` is called with all that comes.

    `ended` is set once nothing more will come: EOFError, or what broke the connection. `lost`
    tells that nothing can be sent any more either. `changed` is called whenever one of them, or
    `unsent`, has changed.
    """

    def __init__(
        self,
        sock: socket.socket,
        received: Callable[[bytes], None],
        changed: Callable[[], None],
    ) -> None:
        self._sock = sock
        self._fd = sock.fileno()  # asyncio words an error about what it does not find, at length
        self._received = received
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._unsent = bytearray()
        self._reading = False
        self.ended: Exception | None = None
        self.lost = False
        self.resume()

    @property
    def unsent(self) -> int:
        """Octets that the operating system has not taken yet."""
        return len(self._unsent)

    # Reading

    def resume(self) -> None:
        """Read from now on."""
        if not self._reading and self.ended is None:
            self._reading = True
            self._loop.add_reader(self._fd, self._readable)

    def pause(self) -> None:
        """Let the peer wait."""
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._fd)

    def _readable(self) -> None:
        try:
            data = self._sock.recv(CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self.fail(error)
            return
        if data:
            self._received(data)
        else:
            self.end(EOFError())

    def end(self, error: Exception) -> None:
        """Nothing more is to be read; a peer that only stopped sending still gets its replies."""
        if self.ended is None:
            self.ended = error
            self.pause()
            self._changed()

    # Writing

    def send(self, data: bytes) -> None:
        """Send as soon as possible; nothing if the connection is lost."""
        if not data or self.lost:
            return
        if self._unsent:
            self._unsent += data
            return
        sent = self._send(data)
        if sent < len(data) and not self.lost:
            self._unsent += data[sent:]
            self._loop.add_writer(self._fd, self._writable)

    def _send(self, data: bytes | bytearray) -> int:
        try:
            return self._sock.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError as error:
            if self._reading:
                self._readable()  # what the peer said before it left
            self.fail(error)
            return 0

    def _writable(self) -> None:
        del self._unsent[: self._send(self._unsent)]
        if not self._unsent and not self.lost:
            self._loop.remove_writer(self._fd)
            self._changed()

    # The end

    def fail(self, error: Exception) -> None:
        """The connection is lost."""
        if self.lost:
            return
        self.lost = True
        self.pause()
        if self._unsent:
            self._unsent.clear()
            self._loop.remove_writer(self._fd)
        self.ended = self.ended or error
        self._changed()

    def close(self) -> None:
        """Close the socket, now."""
        self.fail(EOFError())
        self._sock.close()

    def reset(self) -> None:
        """Close the socket so that the peer sees `Connection reset by peer`."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.close()

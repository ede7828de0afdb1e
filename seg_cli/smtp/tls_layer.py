"""TLS between a socket and its reader, without I/O: encrypted bytes in, plain bytes out."""

import ssl
from typing import Final

RECORDS: Final = 64 * 1024
"""Octets asked of OpenSSL at a time; it gives one record, of 16 KiB at most."""


class TlsLayer:
    """One TLS connection over memory; what `outgoing` returns is to be sent after every call."""

    def __init__(
        self, context: ssl.SSLContext, *, server_side: bool, server_hostname: str | None
    ) -> None:
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        self.object = context.wrap_bio(self._in, self._out, server_side, server_hostname)

    def outgoing(self) -> bytes:
        """Encrypted bytes for the peer."""
        return self._out.read()

    def receive(self, data: bytes) -> None:
        """Take encrypted bytes of the peer."""
        self._in.write(data)

    def shake_hands(self) -> bool:
        """Go on with the handshake; False if more of the peer is needed. SSLError: it failed."""
        try:
            self.object.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def decrypted(self) -> bytes:
        """Plain bytes received since the last call; SSLError when the peer sends nonsense.

        EOFError when the peer has closed and everything before that was returned.
        """
        plain = b""
        try:
            # It is asked no more than it must be: to be told to wait costs more than a record.
            while self._in.pending or self.object.pending():
                part = self.object.read(RECORDS)
                if not part:
                    break
                plain = plain + part if plain else part
            else:
                return plain
        except ssl.SSLWantReadError:
            return plain
        if not plain:
            raise EOFError
        return plain

    def encrypt(self, data: bytes) -> None:
        """Put plain bytes into `outgoing`; they need room for twice their size at most."""
        view = memoryview(data)
        while view:
            view = view[self.object.write(view) :]

    def close(self) -> None:
        """Say goodbye (close_notify); the peer's own is not waited for."""
        try:
            self.object.unwrap()
        except ssl.SSLError:  # it wants the peer's, or there was no handshake
            return

"""Where the lab's addresses lead on loopback, and by which address a loopback peer is known.

Log lines show documentation addresses and ports 25, 53 and 443; the sockets behind them are on
loopback, each on a port of its own, so that labs run side by side and nobody needs to be root.
"""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"

Socket = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Addresses:
    """The lab's map: its sockets are those of the bring-up, `silent` and `refused` say which of
    them cannot be reached at the moment; `where` is the rule that reads it."""

    sockets: Mapping[Socket, Socket]
    refusing_socket: Socket
    silent_socket: Socket
    silent: frozenset[str] = frozenset()
    refused: frozenset[Socket] = frozenset()

    def where(self, address: str, port: int) -> Socket:
        """The loopback socket to dial: one that never answers for a silent address, one that
        refuses for an address and port that the lab does not have."""
        if address in self.silent:
            return self.silent_socket
        if (address, port) in self.refused:
            return self.refusing_socket
        return self.sockets.get((address, port), self.refusing_socket)


class Callers:
    """The loopback sockets that speak for an address of the lab."""

    def __init__(self) -> None:
        self._addresses: dict[Socket, str] = {}

    def whence(self, host: str, port: int) -> str:
        """The address a peer is known by; one that is not of the lab keeps its own."""
        return self._addresses.get((host, port), host)

    @contextmanager
    def socket_from(self, address: str) -> Iterator[socket.socket]:
        """A bound TCP socket whose peers take it for `address`, until it is closed at the end."""
        with socket.socket() as caller:
            caller.bind((LOOPBACK, 0))
            own = caller.getsockname()
            self._addresses[own] = address
            try:
                yield caller
            finally:
                del self._addresses[own]

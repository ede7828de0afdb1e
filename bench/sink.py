"""An SMTP sink with STARTTLS, in a process of its own: `sink.py PEM [DELAY]`, where each reply
comes so many seconds late. It prints its port, then takes all mail.

For each line it reads it prints how many messages and connections came since the line before, and
when the first connection and the last message of them came: seconds, on a monotonic clock.

Not one of the lab's hosts, but the same for every client that is measured, and as lean as Python
allows: it must not be what is measured.
"""

import socket
import ssl
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from selectors import EVENT_READ, DefaultSelector

GREETING = b"220 sink ESMTP\r\n"
HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 STARTTLS\r\n"
HELLO_TLS = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
OK, GO_ON, BYE = b"250 ok\r\n", b"354 go ahead\r\n", b"221 bye\r\n"
READY = b"220 go ahead\r\n"


@dataclass(slots=True)
class Tally:
    """What came since it was last asked for."""

    messages: int = 0
    connections: int = 0
    first: float = 0.0
    last: float = 0.0


@dataclass(slots=True)
class House:
    """What all connections share: who is listened to, what is said later, what has come."""

    context: ssl.SSLContext
    delay: float
    tally: Tally = field(default_factory=Tally)
    selector: DefaultSelector = field(default_factory=DefaultSelector)
    later: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def act(self, deed: Callable[[], None]) -> None:
        """Do it after the delay."""
        if self.delay:
            heappush(self.later, (time.perf_counter() + self.delay, next(self._numbers), deed))
        else:
            deed()

    def serve(self) -> None:
        while True:
            due = self.later[0][0] if self.later else None
            wait = None if due is None else max(0.0, due - time.perf_counter())
            for key, _ in self.selector.select(wait):
                key.data()
            while self.later and self.later[0][0] <= time.perf_counter():
                heappop(self.later)[2]()

    def report(self) -> None:
        if not sys.stdin.readline():
            raise SystemExit
        tally, self.tally = self.tally, Tally()
        print(tally.messages, tally.connections, tally.first, tally.last, flush=True)


class Connection:
    """Knows as much of SMTP as a well-behaved client needs."""

    def __init__(self, house: House, sock: socket.socket) -> None:
        self._house = house
        self._sock = sock
        self._buffer = b""
        self._data = False
        self._secured = False
        self._shaking_hands = False
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        house.selector.register(sock, EVENT_READ, self._readable)
        house.tally.connections += 1
        house.tally.first = house.tally.first or time.perf_counter()
        self._say(GREETING)

    def _readable(self) -> None:
        try:
            if self._shaking_hands:
                self._shake_hands()
            self._read()
        except (ssl.SSLWantReadError, BlockingIOError):
            return
        except OSError:
            self._close()

    def _read(self) -> None:
        while True:
            data = self._sock.recv(65536)
            if not data:
                self._close()
                return
            self._buffer += data
            self._answer_all()
            if not (isinstance(self._sock, ssl.SSLSocket) and self._sock.pending()):
                return

    def _answer_all(self) -> None:
        replies = b""
        while True:
            part, found, rest = self._buffer.partition(b"\r\n.\r\n" if self._data else b"\r\n")
            if not found:
                break
            self._buffer = rest
            replies += self._answer(part)
        if replies:
            self._say(replies)

    def _answer(self, part: bytes) -> bytes:
        if self._data:
            self._data = False
            self._house.tally.messages += 1
            self._house.tally.last = time.perf_counter()
            return OK
        match part[:4].upper():
            case b"EHLO":
                return HELLO_TLS if self._secured else HELLO
            case b"STAR":
                self._house.act(self._begin_tls)
                return b""
            case b"DATA":
                self._data = True
                return GO_ON
            case b"QUIT":
                self._house.act(self._leave)
                return b""
        return OK

    def _say(self, replies: bytes) -> None:
        self._house.act(lambda: self._send(replies))

    def _send(self, replies: bytes) -> None:
        with suppress(OSError):
            self._sock.send(replies)

    def _begin_tls(self) -> None:
        self._send(READY)
        self._house.selector.unregister(self._sock)
        self._sock = self._house.context.wrap_socket(
            self._sock, server_side=True, do_handshake_on_connect=False
        )
        self._house.selector.register(self._sock, EVENT_READ, self._readable)
        self._shaking_hands = True

    def _shake_hands(self) -> None:
        assert isinstance(self._sock, ssl.SSLSocket)
        self._sock.do_handshake()
        self._shaking_hands, self._secured = False, True

    def _leave(self) -> None:
        self._send(BYE)
        self._close()

    def _close(self) -> None:
        if self._sock.fileno() >= 0:
            self._house.selector.unregister(self._sock)
            self._sock.close()


def accept(house: House, listening: socket.socket) -> None:
    Connection(house, listening.accept()[0])


def main(certificate: str, delay: float) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    house = House(context, delay)
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listening:
        print(listening.getsockname()[1], flush=True)
        house.selector.register(listening, EVENT_READ, lambda: accept(house, listening))
        house.selector.register(sys.stdin, EVENT_READ, house.report)
        house.serve()


if __name__ == "__main__":
    main(sys.argv[1], float((*sys.argv, "0")[2]))

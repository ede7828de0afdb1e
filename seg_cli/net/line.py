"""A line: one blocking connection, dialled in a thread of its own and cut from the event loop.

Libraries that block cannot be cancelled; but when their socket is shut down they stop at once.
"""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from ipaddress import ip_address
from threading import Lock, Thread
from typing import TypeVar

from seg_cli.net.world import World

T = TypeVar("T")


def in_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    """The outcome of `work`, which runs in a daemon thread: the program's exit never waits for it.

    Cancelling the future only stops the waiting; cut the line of the work to end it too.
    """
    outcome: Future[T] = Future()
    outcome.set_running_or_notify_cancel()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised where the outcome is awaited
            outcome.set_exception(error)

    Thread(target=run, name="line", daemon=True).start()
    return asyncio.wrap_future(outcome)


class Line:
    """The way to one service under any of its addresses; `dial` in the thread, `cut` anywhere."""

    def __init__(self, world: World, addresses: tuple[str, ...], port: int) -> None:
        self._world = world
        self._addresses = addresses
        self._port = port
        self._lock = Lock()
        self._handle: socket.socket | None = None
        self._is_cut = False

    def dial(self) -> socket.socket:
        """A socket connected to the first address that takes the call, without a timeout.

        Raises the OSError of the last address if none does; there must be at least one.
        """
        *others, last = self._addresses
        for address in others:
            with suppress(OSError):
                return self._dial(address)
        return self._dial(last)

    def cut(self) -> None:
        """End whatever the thread waits for, and any later dialling; the line is of no more use."""
        with self._lock:
            self._is_cut = True
            if self._handle is not None:
                with suppress(OSError):  # the other side may have closed it
                    self._handle.shutdown(socket.SHUT_RDWR)
                self._handle.close()
                self._handle = None

    def _dial(self, address: str) -> socket.socket:
        host, port = self._world.where(address, self._port)
        family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._hold(sock)
            sock.settimeout(self._world.patience.connect)
            sock.connect((host, port))
            sock.settimeout(None)
        except BaseException:
            sock.close()
            raise
        return sock

    def _hold(self, sock: socket.socket) -> None:
        """Keep a duplicate: the socket itself is dead once TLS has wrapped it."""
        with self._lock:
            if self._is_cut:
                raise ConnectionAbortedError
            if self._handle is not None:
                self._handle.close()
            self._handle = sock.dup()

"""A listening socket whose connections are tasks, started and stopped cleanly.

asyncio's own server is passed by: from Python 3.12 its `wait_closed` waits for connections that
nobody ends. Here stopping cancels them and is done when they are.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

BACKLOG: Final = 128

OUT_OF_FILES_PAUSE: Final = 0.1
"""Real seconds without accepting after accept() failed, mostly for want of file descriptors."""

Serve = Callable[[socket.socket], Coroutine[Any, Any, object]]
"""Owns an accepted, non-blocking socket for as long as the connection lives."""

ReportBug = Callable[[str, BaseException], None]
"""Told the name of a task and what it raised; only that task ends."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many connections may be open; one more is sent the refusal and closed."""

    connections: int
    refusal: bytes


class Listening:
    """A socket on loopback and the tasks of its connections.

    Belongs to the loop that called `start`, and is stopped in it. `on_bug` supervises: network
    failures are no bugs and must not leave `serve`.
    """

    def __init__(
        self, name: str, serve: Serve, on_bug: ReportBug, limit: Limit | None = None
    ) -> None:
        self._name = name
        self._serve = serve
        self._on_bug = on_bug
        self._limit = limit
        self._sock: socket.socket | None = None
        self._pause: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[object]] = set()

    @property
    def address(self) -> tuple[str, int]:
        """Host and port it is bound to."""
        assert self._sock is not None
        host, port = self._sock.getsockname()[:2]
        return host, port

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._tasks)

    def start(self, host: str = "127.0.0.1", port: int = 0) -> tuple[str, int]:
        """Bind, listen and begin to accept; returns `address`. OSError if the port is taken."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._sock = socket.create_server((host, port), family=family, backlog=BACKLOG)
        self._sock.setblocking(False)
        self._listen()
        return self.address

    async def stop(self) -> None:
        """Accept no more, cancel every connection, and return when all have ended."""
        if self._pause is not None:
            self._pause.cancel()
        if self._sock is not None:
            asyncio.get_running_loop().remove_reader(self._sock)
            self._sock.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _listen(self) -> None:
        assert self._sock is not None
        asyncio.get_running_loop().add_reader(self._sock, self._accept, self._sock)

    def _accept(self, listening: socket.socket) -> None:
        """Take one connection; no task waits for it, since cancelling one could lose a socket."""
        try:
            sock, peer = listening.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError:
            loop = asyncio.get_running_loop()
            loop.remove_reader(listening)
            self._pause = loop.call_later(OUT_OF_FILES_PAUSE, self._listen)
            return
        sock.setblocking(False)
        if self._limit is not None and self.connections >= self._limit.connections:
            with contextlib.suppress(OSError), sock:
                sock.send(self._limit.refusal)
            return
        self._begin(sock, f"{self._name} {peer[0]}:{peer[1]}")

    def _begin(self, sock: socket.socket, name: str) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(sock), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        task.add_done_callback(lambda _: sock.close())  # also if it was cancelled unbegun

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        with contextlib.suppress(asyncio.CancelledError):
            if (bug := task.exception()) is not None:
                self._on_bug(task.get_name(), bug)

"""A listening socket whose connections are tasks, started and stopped cleanly.

asyncio's own server is passed by: from Python 3.12 its `wait_closed` waits for connections that
nobody ends. Here stopping cancels them and is done when they are.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Coroutine
from typing import Any, Final

BACKLOG: Final = 128

OUT_OF_FILES_PAUSE: Final = 0.1
"""Real seconds without accepting after accept() failed, mostly for want of file descriptors."""

Serve = Callable[[socket.socket], Coroutine[Any, Any, object]]
"""Owns an accepted, non-blocking socket for as long as the connection lives."""

ReportBug = Callable[[str, BaseException], None]
"""Told the name of a task and what it raised; only that task ends."""


class Listening:
    """A socket on loopback and the tasks of its connections.

    Belongs to the loop that called `start`, and is stopped in it. `on_bug` supervises: network
    failures are no bugs and must not leave `serve`.
    """

    def __init__(self, name: str, serve: Serve, on_bug: ReportBug) -> None:
        self._name = name
        self._serve = serve
        self._on_bug = on_bug
        self._sock: socket.socket | None = None
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
        return max(0, len(self._tasks) - 1)

    def start(self, host: str = "127.0.0.1", port: int = 0) -> tuple[str, int]:
        """Bind, listen and begin to accept; returns `address`. OSError if the port is taken."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._sock = socket.create_server((host, port), family=family, backlog=BACKLOG)
        self._sock.setblocking(False)
        self._begin(self._accept(self._sock), self._name)
        return self.address

    async def stop(self) -> None:
        """Accept no more, cancel every connection, and return when all have ended."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._sock is not None:
            self._sock.close()

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                sock, peer = await loop.sock_accept(listening)
            except OSError:
                await asyncio.sleep(OUT_OF_FILES_PAUSE)
                continue
            self._begin(self._serve(sock), f"{self._name} {peer[0]}:{peer[1]}")

    def _begin(self, work: Coroutine[Any, Any, object], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        with contextlib.suppress(asyncio.CancelledError):
            if (bug := task.exception()) is not None:
                self._on_bug(task.get_name(), bug)

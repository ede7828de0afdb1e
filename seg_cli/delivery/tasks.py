"""Supervision: the engine's live tasks, each ending alone, and the quiet when none is left."""

import asyncio
from collections.abc import Callable, Coroutine

from seg_cli.delivery.quiet import Busy, Quiet
from seg_cli.errors import UserError

ReportBug = Callable[[str, BaseException], None]


class LiveTasks:
    """A group of tasks; a task belongs to it from its making to its end.

    A bug ends only the task it happened in; it is told to `on_bug` with the task's name. A
    UserError is no bug: it is told by whoever waits for the task.
    """

    def __init__(self, on_bug: ReportBug) -> None:
        self._on_bug = on_bug
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, name: str, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Begin a task."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        self._changed.set()
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._changed.set()
        bug = None if task.cancelled() else task.exception()
        if bug is not None and not isinstance(bug, UserError):
            self._on_bug(task.get_name(), bug)

    async def quiet(self, stall: float = 10.0) -> Quiet | Busy:
        """Wait until no task is alive; Busy when none came or went for `stall` real seconds."""
        while self._tasks:
            self._changed.clear()
            try:
                async with asyncio.timeout(stall):
                    await self._changed.wait()
            except TimeoutError:
                return Busy(tuple(sorted(task.get_name() for task in self._tasks)))
        return Quiet()

    async def cancel_all(self) -> None:
        """End every task now."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

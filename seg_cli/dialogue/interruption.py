"""Ctrl-C while something runs: ends that, and nothing around it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from seg_cli.errors import Interrupted

T = TypeVar("T")


class Interruption:
    """What Ctrl-C ends: the innermost of the coroutines that are being run."""

    def __init__(self) -> None:
        self._running: list[asyncio.Task[Any]] = []

    def interrupt(self) -> None:
        """Ctrl-C was pressed; with nothing running it does nothing.

        What has just ended and was not yet waited for can no longer be ended: what runs around it
        is.
        """
        for task in reversed(self._running):
            if task.cancel():
                return

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What the coroutine returns; raises Interrupted when Ctrl-C ended it.

        A hang-up cancels the caller as well and stays a cancellation (`Task.cancelling` tells
        the two apart).
        """
        task = asyncio.ensure_future(coroutine)
        self._running.append(task)
        try:
            return await task
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if caller is not None and caller.cancelling():
                raise
            raise Interrupted from None
        finally:
            self._running.remove(task)

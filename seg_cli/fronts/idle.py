"""The idle limit of a login: at a prompt that nobody answers it ends, as the greeting says.

The limit is in the operator's own time, whatever the time of the lab; a command that runs is not
idle.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from seg_cli.dialogue.teletype import Complete, Entry, Teletype
from seg_cli.errors import SessionExpired

T = TypeVar("T")

IDLE: Final = 30 * 60.0
"""Real seconds (cli-core s1.1, the banner's note)."""


class IdleLimit:
    """A front whose prompts raise SessionExpired when nobody has answered for so long."""

    def __init__(self, front: Teletype, seconds: float = IDLE) -> None:
        self._front = front
        self._seconds = seconds

    @property
    def rows(self) -> int | None:
        """The height of the screen; None where nothing is paged."""
        return self._front.rows

    def write(self, text: str) -> None:
        self._front.write(text)

    async def read_line(
        self, prompt: str, *, entry: Entry = Entry.ANSWER, complete: Complete | None = None
    ) -> str:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._front.read_line(prompt, entry=entry, complete=complete)
        except TimeoutError:
            raise SessionExpired from None

    async def raw_line(self) -> str:
        return await self._front.raw_line()

    async def interruptible(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return await self._front.interruptible(coroutine)

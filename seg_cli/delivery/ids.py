"""Numbers for messages and connections: rising, never given twice, reserved in blocks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from seg_cli.delivery.journal import Counted, Journal
from seg_cli.errors import NotRecorded

BLOCK = 100


class Ids:
    """One kind of number (mid, dcid, icid); a killed process loses at most the rest of a block."""

    def __init__(self, journal: Journal, name: str, first: int = 1) -> None:
        self._journal = journal
        self._name = name
        self._next = journal.counter(name) or first
        self._reserved = self._next
        self._reserving = asyncio.Lock()

    async def take(self) -> int:
        """The next number, once its block is on the disk; NotRecorded when it cannot be."""
        async with self.in_order() as take:
            return await take()

    @asynccontextmanager
    async def in_order(self) -> AsyncIterator[Callable[[], Awaitable[int]]]:
        """Takes numbers that nobody may overtake: until the end no other gets one, so what is
        logged before it is logged in the order of the numbers."""
        async with self._reserving:
            yield self._take

    async def _take(self) -> int:
        if self._next == self._reserved:
            await self._journal.write(Counted(self._name, self._reserved + BLOCK))
            self._reserved += BLOCK
        number = self._next
        self._next += 1
        return number

    async def give_back(self) -> None:
        """Let the next start go on from here; called when nothing takes numbers any more.

        If the disk does not take it, the rest of the block is passed over.
        """
        if self._next != self._reserved:
            self._reserved = self._next
            with suppress(NotRecorded):
                await self._journal.write(Counted(self._name, self._next))

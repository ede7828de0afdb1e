"""Arrears: what mail hosts have decided and the disk has not taken.

It waits in memory and is tried again every minute. Nothing is sent meanwhile: what a host takes and
nobody records is sent again after a restart.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from seg_cli.config.bounce_profiles import BounceSettings
from seg_cli.delivery.connections import Connection, Connections
from seg_cli.delivery.parts import Attempted
from seg_cli.delivery.queue import Parcel
from seg_cli.delivery.settlement import Settlement
from seg_cli.delivery.tasks import LiveTasks
from seg_cli.errors import NotRecorded
from seg_cli.net.clock import Clock, Timer

EVERY: Final = timedelta(minutes=1)
LEFT: Final = (
    "Recipients that the next start tries again, for what became of them could not be recorded: {}."
)


@dataclass(frozen=True, slots=True)
class Owed:
    """What came of an attempt, as it is to be settled, and the connection it came over.

    That stays open so long, for in the log nothing follows the close of a connection.
    """

    settlement: Settlement
    parcel: Parcel
    attempted: Attempted
    bounces: BounceSettings
    at: datetime
    connection: Connection | None = None

    async def settle(self) -> Parcel | None:
        """Record and log it, and return what still waits; raises NotRecorded."""
        return await self.settlement.settle(self.parcel, self.attempted, self.bounces, self.at)


def _nobody_waits() -> None:
    """While there is no engine that sends."""


class Arrears:
    """All that is owed; `resumed` is called once it is recorded, and mail may go again."""

    def __init__(
        self,
        clock: Clock,
        tasks: LiveTasks,
        connections: Connections,
        tell: Callable[[str], object],
    ) -> None:
        self.resumed: Callable[[], None] = _nobody_waits
        self._clock = clock
        self._tasks = tasks
        self._connections = connections
        self._say = tell
        self._owed: deque[Owed] = deque()
        self._timer: Timer | None = None
        self._recording: asyncio.Task[None] | None = None

    @property
    def holding(self) -> bool:
        """Whether nothing may be sent."""
        return bool(self._owed or self._timer or self._recording)

    def owe(self, owed: Owed | None) -> None:
        """Keep what could not be recorded, if it came that far, and let nothing be sent."""
        if owed is not None:
            self._owed.append(owed)
        self._hold()

    def _hold(self) -> None:
        if self._timer is None and self._recording is None:
            self._timer = self._clock.call_at(self._clock.now() + EVERY, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._recording = self._tasks.start("recording of outcomes", self._catch_up())

    async def _catch_up(self) -> None:
        try:
            with suppress(NotRecorded):
                await self._record()
        finally:
            self._recording = None
            if self._owed:
                self._hold()
            else:
                self.resumed()

    async def _record(self) -> None:
        while self._owed:
            owed = self._owed.popleft()
            try:
                waiting = await owed.settle()
            except NotRecorded:
                self._owed.appendleft(owed)
                raise
            if waiting is not None:
                owed.settlement.queue.put_back(waiting)
            if owed.connection is not None:
                self._connections.begin_to_close(owed.connection)

    async def close(self) -> None:
        """Try a last time, and say what is left: the next start tries it again."""
        self.resumed = _nobody_waits
        if self._recording is not None:
            await asyncio.wait({self._recording})
        if self._timer is not None:
            self._clock.cancel(self._timer)
            self._timer = None
        with suppress(NotRecorded):
            await self._record()
        if left := sum(len(owed.parcel.recipients) for owed in self._owed):
            self._say(LEFT.format(left))

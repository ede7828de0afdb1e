"""Appliance time: what dates log lines, certificates, caches, policies and retries.

No task ever sleeps on it: who waits is a timer, who works is a task. Times are aware UTC.

    SystemClock    the machine's time (the real world)
    SteppedClock   stands still until advanced (replay, tests)
    RunningClock   the machine's time plus what `lab advance` added (the interactive lab)
"""

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a start sets no timer, and needs no event loop
    import asyncio

Quiet = Callable[[], Awaitable[object]]


@dataclass(order=True, slots=True)
class Timer:
    """One call in the future; cancelled timers stay in the heap and are passed over."""

    due: datetime
    number: int
    function: Callable[[], object] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)


class Clock(Protocol):
    """Tells the time and calls back; the only source of both for everything inside."""

    def now(self) -> datetime: ...
    def call_at(self, due: datetime, function: Callable[[], object]) -> Timer: ...
    def cancel(self, timer: Timer) -> None: ...
    async def advance(self, by: timedelta, quiet: Quiet) -> None: ...


def machine_time() -> datetime:
    """The machine's own time in UTC, whole microseconds."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the machine's clock


class SteppedClock:
    """A clock that stands still until advanced; timers fire at their own due time."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._timers: list[Timer] = []
        self._numbers = count()

    def now(self) -> datetime:
        """The time it was last advanced to."""
        return self._now

    def call_at(self, due: datetime, function: Callable[[], object]) -> Timer:
        """Call `function` when the clock reaches `due`; one already past fires at the next step."""
        timer = Timer(due, next(self._numbers), function)
        heapq.heappush(self._timers, timer)
        return timer

    def cancel(self, timer: Timer) -> None:
        """Never call it."""
        timer.cancelled = True

    def next_due(self) -> datetime | None:
        """When the next timer fires, or None."""
        while self._timers and self._timers[0].cancelled:
            heapq.heappop(self._timers)
        return self._timers[0].due if self._timers else None

    async def advance(self, by: timedelta, quiet: Quiet) -> None:
        """Go forward, stopping at each timer that is due on the way: what it starts comes to rest
        (`quiet`) before time moves on, so a retry due at 15:33:10 is logged at 15:33:10."""
        end = self._now + by
        await quiet()
        while (due := self.next_due()) is not None and due <= end:
            self._now = max(self._now, due)
            self.fire_next()
            await quiet()
        self._now = end

    def fire_next(self) -> None:
        """Call the timer that is due first; there must be one (`next_due`)."""
        heapq.heappop(self._timers).function()


class RunningClock:
    """The machine's time plus an offset; its timers run on the event loop.

    `machine` reads the machine's time (UTC). `offset` is what `--clock` or `lab advance` added;
    whoever keeps it hands it in again at the next start, so a later run never goes back.
    """

    def __init__(
        self, machine: Callable[[], datetime] = machine_time, offset: timedelta = timedelta()
    ) -> None:
        self.offset = offset
        self._machine = machine
        self._stepping: datetime | None = None
        self._timers = SteppedClock(machine() + offset)
        self._wake_up: asyncio.TimerHandle | None = None

    def now(self) -> datetime:
        """The machine's time plus the offset."""
        return self._stepping or self._machine() + self.offset

    def call_at(self, due: datetime, function: Callable[[], object]) -> Timer:
        """Call `function` on the event loop when the clock reaches `due`."""
        timer = self._timers.call_at(due, function)
        self._arm()
        return timer

    def cancel(self, timer: Timer) -> None:
        """Never call it."""
        self._timers.cancel(timer)

    def next_due(self) -> datetime | None:
        """When the next timer fires, or None."""
        return self._timers.next_due()

    async def advance(self, by: timedelta, quiet: Quiet) -> None:
        """Add `by` to the offset, stopping at each timer due on the way, as SteppedClock does.

        Cancelled on the way, it goes on from the timer it had come to.
        """
        end = self.now() + by
        await quiet()
        try:
            while (due := self._timers.next_due()) is not None and due <= end:
                self._stepping = max(self.now(), due)
                self._timers.fire_next()
                await quiet()
            self.offset += by
        finally:
            self._go_on()

    def _go_on(self) -> None:
        """Run again after stepping, and from no earlier than the last step."""
        if self._stepping is not None:
            self.offset = max(self.offset, self._stepping - self._machine())
            self._stepping = None
        self._arm()

    def _arm(self) -> None:
        if self._wake_up is not None:
            self._wake_up.cancel()
            self._wake_up = None
        due = self._timers.next_due()
        if due is not None:
            import asyncio  # noqa: PLC0415 - see above

            wait = max(0.0, (due - self.now()).total_seconds())
            self._wake_up = asyncio.get_running_loop().call_later(wait, self._ring)

    def _ring(self) -> None:
        self._wake_up = None
        while (due := self._timers.next_due()) is not None and due <= self.now():
            self._timers.fire_next()
        self._arm()

"""Clocks: each timer fires at its own time, and no clock ever runs back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from seg_cli.net.clock import RunningClock, SteppedClock, machine_time

START = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

AdvancedClock = SteppedClock | RunningClock


@dataclass
class Machine:
    """A machine's clock that moves only when told."""

    time: datetime = START

    def __call__(self) -> datetime:
        return self.time


async def at_rest() -> None:
    await asyncio.sleep(0)


def stepped() -> SteppedClock:
    return SteppedClock(START)


def running() -> RunningClock:
    return RunningClock(Machine())


@pytest.mark.parametrize("make", [stepped, running])
class TestAdvancing:
    """What every clock does that can be advanced."""

    async def test_it_stops_at_each_timer_on_the_way(
        self, make: Callable[[], AdvancedClock]
    ) -> None:
        clock, fired = make(), list[datetime]()
        for minutes in (5, 1, 60):
            clock.call_at(START + minutes * MINUTE, lambda: fired.append(clock.now()))
        await clock.advance(10 * MINUTE, at_rest)
        assert fired == [START + MINUTE, START + 5 * MINUTE]
        assert clock.now() == START + 10 * MINUTE
        await clock.advance(50 * MINUTE, at_rest)
        assert fired[2:] == [START + HOUR]

    async def test_timers_of_one_moment_fire_in_the_order_they_were_set(
        self, make: Callable[[], AdvancedClock]
    ) -> None:
        clock, fired = make(), list[int]()
        for number in range(5):
            clock.call_at(START + MINUTE, lambda number=number: fired.append(number))  # type: ignore[misc]  # a default binds it now
        await clock.advance(MINUTE, at_rest)
        assert fired == [0, 1, 2, 3, 4]

    async def test_a_cancelled_timer_never_fires(self, make: Callable[[], AdvancedClock]) -> None:
        clock, fired = make(), list[datetime]()
        clock.cancel(clock.call_at(START + MINUTE, lambda: fired.append(clock.now())))
        await clock.advance(HOUR, at_rest)
        assert fired == []

    async def test_what_a_timer_starts_is_at_rest_before_time_moves_on(
        self, make: Callable[[], AdvancedClock]
    ) -> None:
        clock, started, seen = make(), list[str](), list[tuple[str, datetime]]()

        async def quiet() -> None:
            await asyncio.sleep(0)
            seen.extend((name, clock.now()) for name in started)
            started.clear()

        clock.call_at(START + MINUTE, lambda: started.append("first"))
        clock.call_at(START + 2 * MINUTE, lambda: started.append("second"))
        await clock.advance(HOUR, quiet)
        assert seen == [("first", START + MINUTE), ("second", START + 2 * MINUTE)]

    async def test_a_timer_set_by_a_timer_fires_on_the_same_way(
        self, make: Callable[[], AdvancedClock]
    ) -> None:
        clock, fired = make(), list[datetime]()

        def retry() -> None:
            fired.append(clock.now())
            clock.call_at(clock.now() + 10 * MINUTE, retry)

        clock.call_at(START + 10 * MINUTE, retry)
        await clock.advance(30 * MINUTE, at_rest)
        assert fired == [START + minutes * MINUTE for minutes in (10, 20, 30)]

    async def test_a_timer_of_the_past_does_not_turn_time_back(
        self, make: Callable[[], AdvancedClock]
    ) -> None:
        clock, fired = make(), list[datetime]()

        def late() -> None:
            clock.call_at(START - HOUR, lambda: fired.append(clock.now()))

        clock.call_at(START + MINUTE, late)
        await clock.advance(HOUR, at_rest)
        assert fired == [START + MINUTE]

    async def test_cancelled_on_the_way_it_stays_where_it_came_to(
        self, make: Callable[[], AdvancedClock]
    ) -> None:
        clock = make()
        stuck = asyncio.Event()

        async def quiet() -> None:
            if clock.now() > START:
                stuck.set()
                await asyncio.Event().wait()

        clock.call_at(START + MINUTE, lambda: None)
        advancing = asyncio.ensure_future(clock.advance(HOUR, quiet))
        await stuck.wait()
        advancing.cancel()
        await asyncio.gather(advancing, return_exceptions=True)
        assert clock.now() == START + MINUTE
        await clock.advance(MINUTE, at_rest)
        assert clock.now() == START + 2 * MINUTE


def test_a_stepped_clock_tells_when_the_next_timer_fires() -> None:
    clock = stepped()
    assert clock.next_due() is None
    first = clock.call_at(START + MINUTE, lambda: None)
    clock.call_at(START + HOUR, lambda: None)
    assert clock.next_due() == START + MINUTE
    clock.cancel(first)
    assert clock.next_due() == START + HOUR


async def test_a_running_clock_goes_on_with_the_machine_and_its_offset() -> None:
    machine = Machine()
    clock = RunningClock(machine, 2 * HOUR)
    assert clock.now() == START + 2 * HOUR
    await clock.advance(HOUR, at_rest)
    machine.time += MINUTE
    assert clock.now() == START + 3 * HOUR + MINUTE
    assert clock.offset == 3 * HOUR


async def test_a_running_clock_never_steps_behind_the_machine() -> None:
    machine = Machine()
    clock, fired = RunningClock(machine), list[datetime]()
    clock.call_at(START + timedelta(seconds=1), lambda: fired.append(clock.now()))

    async def slow() -> None:
        machine.time += timedelta(seconds=2)

    await clock.advance(MINUTE, slow)
    assert fired == [START + timedelta(seconds=2)]


async def test_a_running_clock_fires_by_itself() -> None:
    clock, fired = RunningClock(), asyncio.Event()
    clock.call_at(clock.now(), fired.set)
    async with asyncio.timeout(5):
        await fired.wait()


def test_the_machine_tells_utc() -> None:
    assert machine_time().tzinfo is UTC

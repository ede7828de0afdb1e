import asyncio
from datetime import UTC, datetime, timedelta

from seg_cli.net.clock import RunningClock, SteppedClock

START = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def at_rest() -> None:
    await asyncio.sleep(0)


async def test_a_stepped_clock_stops_at_each_timer() -> None:
    clock = SteppedClock(START)
    fired: list[datetime] = []
    clock.call_at(START + MINUTE, lambda: fired.append(clock.now()))
    clock.call_at(START + 5 * MINUTE, lambda: fired.append(clock.now()))
    clock.call_at(START + 60 * MINUTE, lambda: fired.append(clock.now()))
    cancelled = clock.call_at(START + 2 * MINUTE, lambda: fired.append(clock.now()))
    clock.cancel(cancelled)
    await clock.advance(10 * MINUTE, at_rest)
    assert fired == [START + MINUTE, START + 5 * MINUTE]
    assert clock.now() == START + 10 * MINUTE


async def test_a_running_clock_adds_what_it_was_advanced_by() -> None:
    clock = RunningClock(lambda: START)
    fired: list[datetime] = []
    clock.call_at(START + MINUTE, lambda: fired.append(clock.now()))
    late = clock.call_at(START + 60 * MINUTE, lambda: fired.append(clock.now()))
    clock.cancel(late)
    await clock.advance(10 * MINUTE, at_rest)
    assert fired == [START + MINUTE]
    assert clock.now() == START + 10 * MINUTE
    assert clock.offset == 10 * MINUTE


async def test_a_running_clock_fires_by_itself() -> None:
    clock = RunningClock()
    fired = asyncio.Event()
    clock.call_at(clock.now(), fired.set)
    async with asyncio.timeout(5):
        await fired.wait()

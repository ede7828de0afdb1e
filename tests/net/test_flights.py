"""Flights: who shares the work, and when it is cancelled."""

import asyncio

import pytest

from seg_cli.net.flights import Flights


class Work:
    """Work that ends when it is told to, and knows how often it began and was cancelled."""

    def __init__(self) -> None:
        self.begun = 0
        self.cancelled = 0
        self.may_end = asyncio.Event()
        self.flights: Flights[str, int] = Flights()

    async def run(self) -> int:
        self.begun += 1
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return self.begun

    def join(self, key: str = "a") -> "asyncio.Task[int]":
        return asyncio.create_task(self.flights.join(key, self.run))


async def turn_over() -> None:
    """Let every task that can run do so."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_equal_keys_share_the_work_and_others_do_not() -> None:
    work = Work()
    waiting = [work.join("a"), work.join("a"), work.join("b")]
    await turn_over()
    work.may_end.set()
    await asyncio.gather(*waiting)
    assert (work.begun, len(work.flights)) == (2, 0)


async def test_the_work_goes_on_while_anyone_waits() -> None:
    work = Work()
    hasty, patient = work.join(), work.join()
    await turn_over()
    hasty.cancel()
    await turn_over()
    work.may_end.set()
    assert await patient == 1
    assert work.cancelled == 0


async def test_the_work_ends_with_the_last_who_waits() -> None:
    work = Work()
    only = work.join()
    await turn_over()
    only.cancel()
    with pytest.raises(asyncio.CancelledError):
        await only
    await turn_over()
    assert (work.cancelled, len(work.flights)) == (1, 0)


async def test_what_was_done_is_begun_anew() -> None:
    work = Work()
    work.may_end.set()
    assert [await work.join(), await work.join()] == [1, 2]

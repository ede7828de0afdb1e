"""Ctrl-C ends what runs; a hang-up stays a cancellation (Task.cancelling tells them apart)."""

import asyncio

import pytest

from seg_cli.dialogue.interruption import Interruption
from seg_cli.errors import Interrupted


async def forever(started: asyncio.Event) -> None:
    started.set()
    await asyncio.Event().wait()


async def test_ctrl_c_is_interrupted() -> None:
    interruption, started = Interruption(), asyncio.Event()
    running = asyncio.create_task(interruption.run(forever(started)))
    await started.wait()
    interruption.interrupt()
    with pytest.raises(Interrupted):
        await running


async def test_a_hang_up_is_a_cancellation() -> None:
    interruption, started = Interruption(), asyncio.Event()
    running = asyncio.create_task(interruption.run(forever(started)))
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_only_the_innermost_ends() -> None:
    interruption, started = Interruption(), asyncio.Event()

    async def outer() -> str:
        with pytest.raises(Interrupted):
            await interruption.run(forever(started))
        return "went on"

    running = asyncio.create_task(interruption.run(outer()))
    await started.wait()
    interruption.interrupt()
    assert await running == "went on"


def test_with_nothing_running_it_does_nothing() -> None:
    Interruption().interrupt()


async def test_ctrl_c_just_as_the_inner_one_ends_reaches_the_outer_one() -> None:
    interruption = Interruption()

    async def inner() -> None:
        asyncio.get_running_loop().call_soon(interruption.interrupt)

    async def outer() -> None:
        await interruption.run(inner())
        await asyncio.Event().wait()

    async with asyncio.timeout(5):
        with pytest.raises(Interrupted):
            await interruption.run(outer())

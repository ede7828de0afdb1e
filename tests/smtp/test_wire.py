"""The wire itself: the owned buffer and its limits."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from seg_cli.smtp.wire import HIGH_WATER, LineTooLong, Wire


@pytest.fixture
async def ends() -> AsyncIterator[tuple[Wire, Wire]]:
    """Two wires joined to each other."""
    near, far = socket.socketpair()
    near.setblocking(False)
    far.setblocking(False)
    both = Wire(near), Wire(far)
    yield both
    for wire in both:
        await wire.close()


async def test_lines_are_cut_wherever_the_bytes_were(ends: tuple[Wire, Wire]) -> None:
    near, far = ends
    far.write(b"one\r")
    reading = asyncio.create_task(near.read_line(10))
    far.write(b"\ntwo\nthree")
    assert await reading == b"one"
    assert await near.read_line(10) == b"two"
    assert await near.read_some() == b"three"
    assert near.buffered == 0


async def test_a_separator_may_come_in_pieces(ends: tuple[Wire, Wire]) -> None:
    near, far = ends
    reading = asyncio.create_task(near.read_until(b"\r\n.\r\n", 100))
    for piece in (b"a\r\n", b".", b"\r", b"\nrest"):
        far.write(piece)
        await asyncio.sleep(0)
    assert await reading == b"a\r\n.\r\n"
    assert await near.read_some() == b"rest"


async def test_too_long_a_line_stays_buffered_and_can_be_skipped(ends: tuple[Wire, Wire]) -> None:
    near, far = ends
    far.write(b"x" * 20)
    with pytest.raises(LineTooLong):
        await near.read_line(10)
    assert near.buffered == 20
    far.write(b"y\nnext\n")
    await near.skip_until(b"\n")
    assert await near.read_line(10) == b"next"


async def test_what_is_unread_is_read_again(ends: tuple[Wire, Wire]) -> None:
    near, far = ends
    far.write(b"b")
    near.unread(b"a")
    assert await near.read_some() == b"a"
    assert await near.read_some() == b"b"


async def test_a_peer_that_floods_is_made_to_wait(ends: tuple[Wire, Wire]) -> None:
    near, far = ends
    far.write(bytes(64 * HIGH_WATER))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await far.flush()
    assert HIGH_WATER < near.buffered < 8 * HIGH_WATER
    received = 0
    while received < 64 * HIGH_WATER:
        received += len(await near.read_some())
    await far.flush()


async def test_what_came_before_the_end_is_still_read(ends: tuple[Wire, Wire]) -> None:
    near, far = ends
    far.write(b"last words\r\n")
    await far.close()
    assert await near.read_line(20) == b"last words"
    for _ in range(2):
        with pytest.raises(EOFError):
            await near.read_some()


async def test_flush_tells_of_a_lost_connection(ends: tuple[Wire, Wire]) -> None:
    near, far = ends
    near.write(bytes(64 * HIGH_WATER))
    far.abort()
    with pytest.raises((OSError, EOFError)):
        await near.flush()
    near.write(b"into the void")


async def test_writing_on_behind_an_error_is_quiet(caplog: pytest.LogCaptureFixture) -> None:
    near, far = socket.socketpair()
    near.setblocking(False)
    wire = Wire(near)
    far.close()
    for _ in range(100):  # without a pause in which the loop could tell of the error
        wire.write(b"250 ok\r\n")
    await wire.close()
    assert not caplog.records

"""The line of a blocking library: results come back, and a cut ends whatever it waits for."""

import asyncio
import socket

import pytest

from seg_cli.net.line import Line, in_thread
from tests.net.worlds import world_of


async def test_a_bug_in_the_thread_is_raised_where_the_outcome_is_awaited() -> None:
    def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await in_thread(work)


async def test_a_cut_ends_reading() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = Line(world_of({"192.0.2.1": server.getsockname()}), ("192.0.2.1",), 443)
        with line.dial() as sock:
            reading = in_thread(lambda: sock.recv(1))
            await asyncio.sleep(0)
            line.cut()
            assert await reading == b""


def test_a_line_that_was_cut_cannot_be_dialled() -> None:
    line = Line(world_of({}), ("127.0.0.1",), 1)
    line.cut()
    with pytest.raises(ConnectionAbortedError):
        line.dial()

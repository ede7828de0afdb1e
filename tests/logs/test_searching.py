"""A search in a process of its own: what it finds, and how it ends."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import pytest

from seg_cli.errors import UserError
from seg_cli.logs.searching import TOO_LONG, Query, find_lines, searching

CATASTROPHE = "(a+)+$"


async def test_what_is_found(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes("é\nb\n".encode())
    (tmp_path / "two").write_bytes(b"B\n\xff\n")
    files = [tmp_path / "one", tmp_path / "two"]
    assert await find_lines(Query(("b",), "i"), files) == ["b", "B"]
    assert await find_lines(Query(("b",), "iv"), files) == ["é", r"\xff"]
    assert await find_lines(Query(("c", "-d")), files) == []


async def test_a_search_without_an_end_is_ended(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"a" * 60 + b"!\n")
    with pytest.raises(UserError, match=TOO_LONG.split(".")[0]):
        await find_lines(Query((CATASTROPHE,), seconds=0.1), [tmp_path / "log"])


async def test_nothing_is_left_of_a_search_that_nobody_waits_for(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"a" * 60 + b"!\n")
    begun: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def search() -> None:
        async with searching(Query((CATASTROPHE,)), [tmp_path / "log"]) as process:
            begun.set_result(process.pid)
            await process.wait()

    task = asyncio.ensure_future(search())
    pid = await begun
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)

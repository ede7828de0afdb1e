"""The plain front over files, pipes and a terminal."""

import asyncio
import contextlib
import os
import pty
from pathlib import Path

import pytest

from seg_cli.dialogue.teletype import Entry
from seg_cli.errors import EndOfInput, Interrupted
from seg_cli.fronts.plain import LONGEST, PlainTeletype
from tests.fronts.conftest import Screen


async def test_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "script").write_bytes("one\r\n\n\uac00 \xff".encode("latin-1", "replace"))
    with (tmp_path / "script").open("rb") as script:
        teletype = PlainTeletype(Screen(), script.fileno())
        assert [await teletype.read_line("> ") for _ in range(3)] == ["one", "", "? \ufffd"]
        with pytest.raises(EndOfInput):
            await teletype.read_line("> ")


async def test_dev_null_is_an_end_at_once() -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    with pytest.raises(EndOfInput):
        await PlainTeletype(Screen(), nothing).raw_line()
    os.close(nothing)


async def test_ctrl_c_at_a_prompt_loses_no_line() -> None:
    reading, writing = os.pipe()
    output = Screen()
    teletype = PlainTeletype(output, reading)
    asking = asyncio.ensure_future(teletype.read_line("host> "))
    await output.shows("host> ")
    await asyncio.sleep(0)
    teletype.interrupt()
    with pytest.raises(Interrupted):
        await asking
    os.write(writing, b"next\n")
    os.close(writing)
    assert await teletype.read_line("host> ") == "next"
    assert output.getvalue() == "host> \nhost> \n"
    with pytest.raises(EndOfInput):
        await teletype.raw_line()
    os.close(reading)


async def test_a_dumb_terminal_ends_the_line_itself_and_hides_a_secret() -> None:
    keyboard, terminal = pty.openpty()
    output = Screen()
    teletype = PlainTeletype(output, terminal)
    os.write(keyboard, b"shown\n")
    assert await teletype.read_line("> ") == "shown"
    assert os.read(keyboard, 100) == b"shown\r\n"
    hidden = asyncio.ensure_future(teletype.read_line("pass> ", entry=Entry.SECRET))
    await output.shows("pass> ")
    os.write(keyboard, b"hidden\n")
    assert await hidden == "hidden"
    assert output.getvalue() == "> pass> \n"
    os.write(keyboard, b"again\n")
    assert await teletype.read_line("> ") == "again"
    assert os.read(keyboard, 100) == b"again\r\n"
    os.close(keyboard)
    with pytest.raises(EndOfInput):
        await teletype.raw_line()
    os.close(terminal)


async def test_of_an_endless_line_only_the_beginning_is_kept(tmp_path: Path) -> None:
    (tmp_path / "script").write_bytes(b"x" * (4 * LONGEST) + b"\nnext\n")
    with (tmp_path / "script").open("rb") as script:
        teletype = PlainTeletype(Screen(), script.fileno())
        assert LONGEST <= len(await teletype.raw_line()) < 2 * LONGEST
        assert await teletype.raw_line() == "next"
        # A reader that has not met the end would read on from whoever gets its descriptor next.
        with pytest.raises(EndOfInput):
            await teletype.raw_line()


async def test_of_endless_lines_only_some_are_read_before_they_are_asked_for() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    teletype = PlainTeletype(Screen(), reading)
    first = asyncio.ensure_future(teletype.raw_line())
    written = await fill(writing)
    assert written < 10_000_000
    assert await first == ""
    for _ in range(written - 1):
        assert await teletype.raw_line() == ""
    os.close(writing)
    with pytest.raises(EndOfInput):
        await teletype.raw_line()
    os.close(reading)


async def fill(pipe: int) -> int:
    """Write empty lines until the pipe is full; how many that took."""
    written = 0
    with contextlib.suppress(BlockingIOError):
        while written < 10_000_000:
            written += os.write(pipe, b"\n" * 4096)
            await asyncio.sleep(0)
    return written

"""The terminal front with real keys into a pipe, and its screen in a string."""

import asyncio
from collections.abc import Iterator
from functools import partial

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from seg_cli.dialogue.teletype import Entry
from seg_cli.errors import EndOfInput, Interrupted
from seg_cli.fronts.terminal import TerminalTeletype
from seg_cli.shell.completion import complete
from tests.fronts.conftest import Screen

TAB, UP, CTRL_C, CTRL_D = "\t", "\x1b[A", "\x03", "\x04"
COMPLETE = partial(complete, names=("sethostname", "settime", "settz", "commit"))


class Desk:
    """A terminal to type at."""

    def __init__(self, keys: PipeInput) -> None:
        self.keys = keys
        self.screen = Screen()
        size = partial(Size, rows=24, columns=80)
        output = Vt100_Output(self.screen, size, term="xterm", enable_cpr=False)
        self.teletype = TerminalTeletype(keys=keys, screen=output)

    async def command(self, typed: str = "") -> str:
        """What the main prompt makes of the keys."""
        self.keys.send_text(typed)
        return await self.teletype.read_line("host> ", complete=COMPLETE)

    async def answer(self, typed: str = "", entry: Entry = Entry.ANSWER) -> str:
        """What a question makes of the keys."""
        self.keys.send_text(typed)
        return await self.teletype.read_line("[]> ", entry=entry)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with create_pipe_input() as keys:
        yield Desk(keys)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("version\r", "version"),
        (f"com{TAB}\r", "commit"),
        (f"com{TAB} x{TAB}\r", "commit x"),
        (f"zzz{TAB}\r", "zzz"),
    ],
)
async def test_a_command_line(desk: Desk, typed: str, line: str) -> None:
    assert await desk.command(typed) == line


async def test_tab_lists_candidates_and_shows_the_line_again(desk: Desk) -> None:
    asking = asyncio.ensure_future(desk.command(f"set{TAB}"))
    await desk.screen.shows("sethostname, settime, settz\n")
    desk.keys.send_text("tz\r")
    assert await asking == "settz"
    above, _, below = desk.screen.getvalue().partition("sethostname, settime, settz\n")
    assert "set" in above
    assert "host> " in below


async def test_history_holds_commands_and_no_answers(desk: Desk) -> None:
    await desk.command("first\r")
    await desk.answer("an answer\r")
    assert await desk.command(f"{UP}\r") == "first"
    assert await desk.answer(f"{UP}{TAB}\r") == ""


@pytest.mark.parametrize(("key", "raised"), [(CTRL_C, Interrupted), (CTRL_D, EndOfInput)])
async def test_keys_that_leave(desk: Desk, key: str, raised: type[Exception]) -> None:
    with pytest.raises(raised):
        await desk.command(key)
    with pytest.raises(raised):
        await desk.answer(key)
    assert await desk.command("alive\r") == "alive"


async def test_what_is_typed_ahead_is_kept(desk: Desk) -> None:
    assert await desk.command("one\rtwo\rthree\r") == "one"
    assert await desk.answer() == "two"
    assert await desk.teletype.raw_line() == "three"


async def test_a_paste_of_several_lines_answers_several_prompts(desk: Desk) -> None:
    assert await desk.command("\x1b[200~destconfig\nnew\r\n\x1b[201~") == "destconfig"
    assert await desk.answer() == "new"


async def test_a_secret_shows_nothing(desk: Desk) -> None:
    assert await desk.answer("opensesame\r", Entry.SECRET) == "opensesame"
    assert "opensesame" not in desk.screen.getvalue()
    assert "*" not in desk.screen.getvalue()


@pytest.mark.parametrize("key", [" ", "q", "\r"])
async def test_any_key_goes_on(desk: Desk, key: str) -> None:
    assert await desk.answer(key, Entry.KEY) == key
    assert await desk.answer("next\r") == "next"


async def test_a_screen_has_rows(desk: Desk) -> None:
    assert desk.teletype.rows == 24

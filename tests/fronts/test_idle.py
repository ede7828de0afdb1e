"""A login that nobody types at: it ends by itself, and says so."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from seg_cli.app import opening_of
from seg_cli.dialogue.memory import MemoryTeletype
from seg_cli.errors import SessionExpired
from seg_cli.fronts.idle import IDLE, IdleLimit
from seg_cli.fronts.plain import PlainTeletype
from seg_cli.programs.console import console, nothing
from seg_cli.programs.telling import EXPIRED, LOST
from seg_cli.shell.greeting import BANNER


@pytest.fixture
def pipe() -> Iterator[tuple[PlainTeletype, int]]:
    """A front, and the end that is written to; the reader ends with the test."""
    reading, writing = os.pipe()
    yield PlainTeletype(io.StringIO(), reading), writing
    os.close(writing)


def test_the_limit_is_the_one_that_the_greeting_names() -> None:
    assert f"left idle for {IDLE / 60:.0f} minutes" in BANNER


async def test_a_prompt_that_nobody_answers_ends_the_login(pipe: tuple[PlainTeletype, int]) -> None:
    front, writing = pipe
    os.write(writing, b"in time\n")
    assert await IdleLimit(front).read_line("> ") == "in time"
    with pytest.raises(SessionExpired):
        await IdleLimit(front, seconds=0).read_line("> ")
    os.write(writing, b"typed at a running command\n")
    assert await IdleLimit(front, seconds=0).raw_line() == "typed at a running command"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param((), (EXPIRED,), id="at the main prompt"),
        pytest.param(("destconfig", "new"), (EXPIRED,), id="in a dialogue"),
        pytest.param(("smtproutes new a.example USEDNS",), (EXPIRED, LOST), id="with changes"),
    ],
)
async def test_a_console_says_why_it_ends(
    tmp_path: Path,
    typed: tuple[str, ...],
    told: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    front = MemoryTeletype(*typed, SessionExpired)
    await console(opening_of(tmp_path), front, "", nothing)
    assert capsys.readouterr().err == "".join(f"seg-cli: {sentence}\n" for sentence in told)
    assert "Are you sure" not in front.output

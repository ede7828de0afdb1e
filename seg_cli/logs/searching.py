"""A search that goes on in a process of its own: it ends with whoever waits for it."""

import asyncio
import codecs
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from seg_cli.errors import UserError

SECONDS = 20.0
"""Of processor time, for all files together or for one line that is followed."""

PIECE = 65_536
TOO_LONG = "The search took too long. Use another regular expression(s) to search."


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: patterns, the flags `i` and `v`, and lines of context."""

    patterns: tuple[str, ...] = ()
    flags: str = ""
    context: int = 0
    seconds: float = SECONDS

    @property
    def arguments(self) -> tuple[str, ...]:
        """The query as the searching process takes it."""
        numbers = (str(self.context), str(self.seconds), str(len(self.patterns)))
        return (self.flags or "-", *numbers, *self.patterns)


@asynccontextmanager
async def searching(query: Query, files: Sequence[Path] = ()) -> AsyncIterator[Process]:
    """A process that searches the files or, without any, what is written to its input."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "seg_cli.logs.search", *query.arguments),
        *map(str, files),
        stdin=PIPE,
        stdout=PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def found_by(process: Process) -> AsyncIterator[str]:
    """What it finds, in pieces as they come. Raises UserError when its time is over."""
    assert process.stdout is not None
    decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
    while piece := await process.stdout.read(PIECE):
        yield decoder.decode(piece)
    if await process.wait() == -signal.SIGVTALRM:
        raise UserError(TOO_LONG)


async def find_lines(query: Query, files: Sequence[Path]) -> list[str]:
    """All lines that are found; raises UserError as `found_by`."""
    async with searching(query, files) as process:
        text = "".join([piece async for piece in found_by(process)])
    return text.removesuffix("\n").split("\n") if text else []

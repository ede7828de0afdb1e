"""The scripted teletype: what is shown and asked is laid open to a runner, which answers."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from seg_cli.dialogue.interruption import Interruption
from seg_cli.dialogue.teletype import Complete, Entry
from seg_cli.errors import Interrupted
from seg_cli.replay.keys import Typed
from seg_cli.replay.moves import Kind, Question

T = TypeVar("T")

KINDS = {Entry.ANSWER: Kind.ANSWER, Entry.SECRET: Kind.SECRET, Entry.KEY: Kind.KEY}


@dataclass(frozen=True, slots=True)
class _Open:
    """A read that waits: its question (None for a line without prompt), and its answer to be."""

    question: Question | None
    reply: asyncio.Future[str]


class ScriptedTeletype:
    """A Teletype on one side; on the other the runner's view of it.

    `changed` is set whenever something is shown, asked or begun; whoever waits clears it.
    """

    def __init__(self, rows: int | None) -> None:
        self.rows = rows
        self.changed = asyncio.Event()
        self._shown = ""
        self._open: _Open | None = None
        self._running = 0
        self._interruption = Interruption()

    def write(self, text: str) -> None:
        self._shown += text
        self.changed.set()

    async def read_line(
        self, prompt: str, *, entry: Entry = Entry.ANSWER, complete: Complete | None = None
    ) -> str:
        *lines, last = (self._shown + prompt).split("\n")
        # Completion belongs to the main prompt, and to no other (dialogue.teletype).
        kind = Kind.MAIN if complete is not None else KINDS[entry]
        return await self._reply(Question(tuple(lines), last, kind))

    async def raw_line(self) -> str:
        return await self._reply(None)

    async def interruptible(self, coroutine: Coroutine[Any, Any, T]) -> T:
        self._running += 1
        self.changed.set()
        try:
            return await self._interruption.run(coroutine)
        finally:
            self._running -= 1

    async def _reply(self, question: Question | None) -> str:
        self._open = _Open(question, asyncio.get_running_loop().create_future())
        self.changed.set()
        try:
            return await self._open.reply
        finally:
            self._open = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The output since the last answer."""
        lines = self._shown.split("\n")
        return tuple(lines if lines[-1] else lines[:-1])

    @property
    def question(self) -> Question | None:
        """The open question; None while nothing with a prompt is read, or it has its answer."""
        return self._open.question if self._open and not self._open.reply.done() else None

    @property
    def takes_line(self) -> bool:
        """Whether a line without prompt is read."""
        return bool(self._open and self._open.question is None and not self._open.reply.done())

    @property
    def is_running(self) -> bool:
        """Whether there is something that Ctrl-C ends."""
        return self._running > 0

    def answer(self, typed: Typed) -> None:
        """Answer the open question; the next output stands on a new line."""
        self._shown = ""
        self._give(typed)

    def type(self, typed: Typed, consumed: int) -> None:
        """Type where nothing asks, behind the first `consumed` lines of the output.

        Ctrl-C ends what runs; anything else is the line that is read.
        """
        parts = self._shown.split("\n", consumed)
        self._shown = parts[consumed] if len(parts) > consumed else ""
        if typed is Interrupted:
            self._interruption.interrupt()
        else:
            self._give(typed)

    def _give(self, typed: Typed) -> None:
        assert self._open is not None, "the runner answers what is asked"
        if isinstance(typed, str):
            self._open.reply.set_result(typed)
        else:
            self._open.reply.set_exception(typed())

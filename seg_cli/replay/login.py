"""One login of a replay: the appliance at one end of a scripted teletype, the file at the other."""

import asyncio
from dataclasses import replace

from seg_cli.errors import EndOfInput, Interrupted
from seg_cli.replay.keys import Typed
from seg_cli.replay.moves import Question
from seg_cli.replay.rehearsal import Rehearsal
from seg_cli.replay.teletype import ScriptedTeletype


class Login:
    """Begins at once. Its output counts until it is compared: by an answer, or by `hold`."""

    def __init__(self, rehearsal: Rehearsal, rows: int | None) -> None:
        teletype = self._teletype = ScriptedTeletype(rows)
        self._task = asyncio.ensure_future(rehearsal.login(teletype))
        self._task.add_done_callback(lambda _: teletype.changed.set())
        self._held = False
        self.is_fresh = True
        """Whether its first question is still to be answered."""

    @property
    def has_ended(self) -> bool:
        """Whether there is no prompt to come."""
        return self._task.done()

    @property
    def is_waiting(self) -> bool:
        """Whether it asks, or has ended."""
        return self.has_ended or self._teletype.question is not None

    @property
    def lines(self) -> tuple[str, ...]:
        """The output that is not compared yet."""
        return () if self._held else self._teletype.lines

    @property
    def question(self) -> Question | None:
        """The open question, with the output before it that is not compared yet."""
        question = None if self.has_ended else self._teletype.question
        return replace(question, lines=()) if question and self._held else question

    @property
    def open_sentence(self) -> str:
        """The open question for a person; empty while nothing is asked."""
        question = self._teletype.question
        return question.sentence if question else ""

    async def change(self) -> None:
        """Wait until something is shown, asked, begun or ended."""
        await self._teletype.changed.wait()
        self._teletype.changed.clear()

    def answer(self, typed: Typed) -> None:
        """Answer the open question."""
        self._held = self.is_fresh = False
        self._teletype.answer(typed)

    def hold(self) -> None:
        """Leave the prompt open for the next block; the output before it has been compared."""
        self._held, self.is_fresh = True, False

    def takes(self, typed: Typed) -> bool:
        """Whether there is something that Ctrl-C ends, or something that reads a line."""
        if typed is Interrupted:
            return self._teletype.is_running
        return self._teletype.takes_line

    def type(self, typed: Typed, consumed: int) -> None:
        """Type where nothing asks, behind so many lines of the output."""
        self._teletype.type(typed, consumed)

    def raise_bug(self) -> None:
        """Raise what ended the login, if it was no ordinary end."""
        bug = self._task.exception()
        if bug is not None and not isinstance(bug, EndOfInput | Interrupted):
            raise bug

    async def end(self, patience: float) -> None:
        """End of input at whatever it asks; a login that goes on all the same is cancelled.

        Raises what ended it, if it was no ordinary end.
        """
        try:
            async with asyncio.timeout(patience):
                while not self.has_ended:
                    if self._teletype.question is not None:
                        self.answer(EndOfInput)
                    await self.change()
        except TimeoutError:
            await self.cancel(patience)
        else:
            self.raise_bug()

    async def cancel(self, patience: float) -> None:
        """Cancel it, and wait no longer than `patience` for its end."""
        if not self.has_ended:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=patience)

"""A dialogue held in memory: answers from a list, the screen as a string."""

from collections import deque
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from seg_cli.dialogue.interruption import Interruption
from seg_cli.dialogue.teletype import Complete, Entry
from seg_cli.errors import EndOfInput, Interrupted

T = TypeVar("T")


class ScriptMismatch(BaseException):
    """A script asked for more or fewer answers than it holds.

    Not an Exception, so that no session takes it for a fault of its command and lives on.
    """


Answer = str | type[Interrupted] | type[EndOfInput]


class MemoryTeletype:
    """Answers from a list, output into a string; Interrupted is Ctrl-C, EndOfInput Ctrl-D.

    `output` is what a screen would show, typed answers included. Raises ScriptMismatch for an
    answer that is missing and, used as a context manager, for answers that are left over.
    """

    def __init__(self, *answers: Answer, rows: int | None = None) -> None:
        self.rows = rows
        self.output = ""
        self._answers = deque(answers)
        self._interruption = Interruption()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None and self._answers:
            raise ScriptMismatch(f"unused answers: {list(self._answers)}\n{self.output}")

    def write(self, text: str) -> None:
        self.output += text

    async def read_line(
        self,
        prompt: str,
        *,
        entry: Entry = Entry.ANSWER,
        complete: Complete | None = None,  # noqa: ARG002 - nobody presses Tab here
    ) -> str:
        self.write(prompt)
        answer = self._next(prompt)
        match entry:
            case Entry.ANSWER:
                self.write(f"{answer}\n")
            case Entry.SECRET:
                self.write("\n")
            case Entry.KEY:
                self.write("\r" + " " * len(prompt) + "\r")
        return answer

    async def raw_line(self) -> str:
        line = self._next("a line without prompt")
        self.write(f"{line}\n")
        return line

    async def interruptible(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return await self._interruption.run(coroutine)

    def interrupt(self) -> None:
        """Press Ctrl-C while a command runs."""
        self._interruption.interrupt()

    def _next(self, prompt: str) -> str:
        if not self._answers:
            raise ScriptMismatch(f"no answer left for {prompt!r}\n{self.output}")
        answer = self._answers.popleft()
        if isinstance(answer, str):
            return answer
        self.write("\n")
        raise answer

"""What a dialogue is held over: the Protocol every front fulfils."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Entry(Enum):
    """How input is taken at a prompt."""

    ANSWER = auto()
    """A line, without history or completion."""

    SECRET = auto()
    """A line that is not shown."""

    KEY = auto()
    """Any one key; afterwards the prompt is wiped away."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What Tab does to a line: what it reads afterwards, and the candidates to list."""

    line: str
    candidates: tuple[str, ...] = ()


Complete = Callable[[str], Completion]


class Teletype(Protocol):
    """Where a login is held. Reading raises Interrupted at Ctrl-C and EndOfInput at Ctrl-D."""

    @property
    def rows(self) -> int | None:
        """The height of the screen; None where nothing is paged."""

    def write(self, text: str) -> None:
        """Print the text as it is; lines end in a line feed."""

    async def read_line(
        self, prompt: str, *, entry: Entry = Entry.ANSWER, complete: Complete | None = None
    ) -> str:
        """What was typed at the prompt, without its line end; the cursor is on a new line after it.

        `complete` belongs to the main prompt, which alone has Tab and a history.
        """

    async def raw_line(self) -> str:
        """A line typed without prompt or editor; output may come while it is awaited."""

    async def interruptible(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What the coroutine returns; Ctrl-C ends it and raises Interrupted."""

"""What happens at a replayed console, as values: moments of the appliance, moves of the script."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from seg_cli.replay.match import Captures, Line, fill, match, split_prompt

_BARE = re.compile(r"\[.*\]> ?")


class Kind(Enum):
    """What is asked for."""

    MAIN = auto()
    """A command, at the main prompt."""

    ANSWER = auto()
    SECRET = auto()
    KEY = auto()
    """Any key, at a full screen."""


@dataclass(frozen=True, slots=True)
class Question:
    """The appliance waits: the output since the last answer, and the last line of the prompt."""

    lines: tuple[str, ...]
    prompt: str
    kind: Kind

    @property
    def ends_block(self) -> bool:
        """Whether a block may end here."""
        return self.kind is Kind.MAIN

    @property
    def is_bare(self) -> bool:
        """Whether the prompt does not say its question."""
        return _BARE.fullmatch(self.prompt) is not None

    @property
    def screen(self) -> tuple[str, ...]:
        """Output and prompt."""
        return (*self.lines, self.prompt)

    @property
    def sentence(self) -> str:
        """The question on one line: the last paragraph, or the last two below a blank line."""
        paragraph: list[str] = []
        for line in reversed(self.lines):
            if line.strip():
                paragraph.insert(0, line)
            elif paragraph or not self.is_bare:
                break
        return " ".join([*paragraph, self.prompt]).strip()


@dataclass(frozen=True, slots=True)
class Ended:
    """The login has ended; the output since the last answer."""

    lines: tuple[str, ...]
    ends_block: ClassVar[bool] = True

    @property
    def screen(self) -> tuple[str, ...]:
        """The output."""
        return self.lines


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer that stands on line `number` of the file."""

    number: int
    answer: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Enter, because a `...` passes over the question."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The block is at its end, and so is the dialogue: nothing is typed."""


@dataclass(frozen=True, slots=True)
class Diverged:
    """Line `number` of the file is not what the appliance shows."""

    number: int
    sentence: str
    expected: tuple[str, ...]
    shown: tuple[str, ...]


Move = Answered | PassedOver | Finished | Diverged


def compared(
    segment: Sequence[Line], moment: Question | Ended, start: int, captures: Captures
) -> tuple[int, str, tuple[str, ...]]:
    """The first line of a segment that does not fit: its number, a sentence, and the segment as
    it should have been shown, captures filled in, so that a diff shows only what differs."""
    shown = moment.lines[start:]
    expected: list[str] = []
    wrong: Line | None = None
    for line, text in zip(segment, shown, strict=False):
        found = match(line.pattern, text, captures)
        wrong = line if found is None and wrong is None else wrong
        captures = captures if found is None else found
        expected.append(fill(line.pattern, captures) if found is None else text)
    rest = segment[len(shown) :]
    if rest and isinstance(moment, Question):
        prompted = split_prompt(rest[0].pattern, moment.prompt, captures)
        expected.append(moment.prompt if prompted else fill(rest[0].pattern, captures))
    elif rest:
        expected.extend(fill(line.pattern, captures) for line in rest)
    if wrong is None and rest:
        wrong = rest[0]
        return wrong.number, _unanswered(moment), tuple(expected)
    if wrong is None:
        return segment[-1].number if segment else 0, _unfinished(moment), tuple(expected)
    return wrong.number, "the output differs", tuple(expected)


def _unanswered(moment: Question | Ended) -> str:
    """The output fits, and the next line does not begin with what is asked."""
    match moment:
        case Ended():
            return "the login has ended, and the block goes on"
        case Question():
            return "the line does not begin with the prompt of the open question"


def _unfinished(moment: Question | Ended) -> str:
    """The block is at its end."""
    if isinstance(moment, Question) and not moment.ends_block:
        return "the block ends inside a question"
    return "there is more output than the block shows"

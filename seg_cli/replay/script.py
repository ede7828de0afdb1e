"""The lines of a console block as they are followed: `...` made plain, and places among them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from seg_cli.replay.match import Captures, Line
from seg_cli.replay.moves import Ended, Kind, Question

ELISION = "..."

MOST_PASSED_OVER = 500
"""Questions one `...` may answer: a dialogue without end is a mismatch, never a hang."""


@dataclass(frozen=True, slots=True)
class Elision:
    """An open `...` and the questions it has passed over."""

    number: int
    passed: tuple[Question, ...] = ()

    def over(self, question: Question) -> "Elision":
        """The same `...` after one more question."""
        return replace(self, passed=(*self.passed, question))

    def refusal(self, moment: Question | Ended) -> str | None:
        """Why it may not answer here by Enter, with what it passed over; None if it may."""
        why = self._why(moment)
        if why is None or not self.passed:
            return why
        return f"{why}; it passed over: {'; '.join(each.sentence for each in self.passed)}"

    def _why(self, moment: Question | Ended) -> str | None:
        match moment:
            case Ended():
                return "... reached the end of the login"
            case Question(kind=Kind.MAIN):
                return "... reached the main prompt"
            case Question(kind=Kind.SECRET):
                return "... never answers a secret"
            case _ if len(self.passed) == MOST_PASSED_OVER:
                return "... passes over too many questions"
            case Question(kind=Kind.ANSWER) if self._asked(moment):
                return "... never answers a question that is asked again"
            case _:
                return None

    def _asked(self, question: Question) -> bool:
        return any(question.sentence == each.sentence for each in self.passed)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a block has been followed: its next line, and the `...` that is open before it."""

    at: int
    captures: Captures
    elision: Elision | None = None


class Script:
    """The lines of a block, without the blank ones next to a `...`, each run of `...` as one."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = _plain(lines)
        self.last_number = lines[-1].number
        self.elisions = frozenset(line.number for line in self.lines if _is_elision(line))

    def opened(self, place: Place) -> Place:
        """The place behind the `...` that stands there, with it open; else the place itself."""
        if place.at < len(self.lines) and _is_elision(self.lines[place.at]):
            return Place(place.at + 1, place.captures, Elision(self.lines[place.at].number))
        return place

    def segment(self, place: Place) -> tuple[Line, ...]:
        """The lines up to the next `...` or the end of the block."""
        rest = self.lines[place.at :]
        texts = [line.text for line in rest]
        return rest[: texts.index(ELISION)] if ELISION in texts else rest

    def is_end(self, at: int) -> bool:
        """Whether no line is left."""
        return at == len(self.lines)


def _is_elision(line: Line) -> bool:
    return line.text == ELISION


def _plain(lines: Sequence[Line]) -> tuple[Line, ...]:
    kept: list[Line] = []
    for line in lines:
        if kept and _is_elision(kept[-1]) and line.text.strip() in ("", ELISION):
            continue
        while _is_elision(line) and kept and not kept[-1].text.strip():
            kept.pop()
        kept.append(line)
    return tuple(kept)

"""One console block followed: what the appliance showed and asked, held against the lines.

Answers are found by asking the engine: at each question the output since the last answer and the
prompt must stand on the next lines, and what is left of the prompt's line is the answer. `...`
passes over output and over whole questions, and ends at the earliest place where the lines up to
the next `...` or answer fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from seg_cli.replay.format import Console
from seg_cli.replay.keys import is_keyed
from seg_cli.replay.match import Captures, Line, match, split_prompt
from seg_cli.replay.moves import (
    Answered,
    Diverged,
    Ended,
    Finished,
    Move,
    PassedOver,
    Question,
    compared,
)
from seg_cli.replay.script import ELISION, Place, Script


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be typed where nothing asks, behind the first `consumed` lines of the output."""

    number: int
    text: str
    consumed: int
    place: Place
    used: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Fit:
    """A segment that fits: from where in the output to where, and the answer if it has one."""

    place: Place
    start: int
    end: int
    answer: Answered | None = None


class Follower:
    """Follows one block; `captures` goes on from block to block."""

    def __init__(self, block: Console, captures: Captures) -> None:
        self._script = Script(block.lines)
        self._place = Place(0, captures)
        self._used: set[int] = set()

    @property
    def captures(self) -> Captures:
        """What the captures hold so far."""
        return self._place.captures

    def unused_elisions(self) -> list[int]:
        """The lines of the `...` that passed over nothing."""
        return sorted(self._script.elisions - self._used)

    def opening(self, question: Question) -> Move:
        """The move at the first question of a login: what was printed before it is compared only
        where the block shows it."""
        return self.asked(replace(question, lines=()) if self._begins_with(question) else question)

    def asked(self, moment: Question | Ended) -> Move:
        """The move at a question, or at the end of the login, with the output before it."""
        start = 0
        while True:
            self._place = self._script.opened(self._place)
            fit = self._fit(moment, start)
            if fit is None:
                return self._without_fit(moment, start)
            if self._place.elision is not None and fit.start > start:
                self._used.add(self._place.elision.number)
            self._place = fit.place
            if fit.answer is not None:
                return fit.answer
            if self._script.is_end(fit.place.at):
                return Finished()
            start = fit.end

    def due(self, shown: Sequence[str]) -> Due | None:
        """What is to be typed where nothing asks, once the output expected before it is shown.

        Nothing moves until `take` is called with it. A `...` just before it stays open: output
        may come before or after what is typed.
        """
        start, place, used = 0, self._place, set[int]()
        while True:
            place = self._script.opened(place)
            segment = self._script.segment(place)
            keyed = next((line for line in segment if is_keyed(line.text)), None)
            head = segment[: segment.index(keyed)] if keyed else segment
            found = _head_fit(head, shown, start, place)
            behind = place.at + len(head)
            if found is None or self._script.is_end(behind):
                return None
            if place.elision is not None:
                used.add(place.elision.number)
            start, captures = found
            place = Place(behind, captures, None if head else place.elision)
            if keyed is not None:
                place = replace(place, at=behind + 1)
                return Due(keyed.number, keyed.text, start, place, frozenset(used))

    def take(self, due: Due) -> None:
        """Go on behind what was due and has been typed."""
        self._place = due.place
        self._used |= due.used

    def stalled(self, shown: Sequence[str]) -> Diverged:
        """The mismatch when nothing more comes."""
        return self._diverged(Ended(tuple(shown)), 0, "nothing more came, and nothing was asked")

    def _begins_with(self, question: Question) -> bool:
        first = self._script.lines[0]
        return (
            self._place.at == 0
            and first.text != ELISION
            and split_prompt(first.pattern, question.prompt, self.captures) is not None
        )

    def _fit(self, moment: Question | Ended, start: int) -> _Fit | None:
        elision = self._place.elision
        if elision is None:
            return self._fit_at(moment, start)
        # A prompt that does not say its question could be that of any question passed over.
        silent = isinstance(moment, Question) and (
            moment.prompt == "" or (moment.is_bare and bool(elision.passed))
        )
        latest = len(moment.lines) - (1 if silent else 0)
        places = (self._fit_at(moment, first) for first in range(start, latest + 1))
        return next((fit for fit in places if fit is not None), None)

    def _fit_at(self, moment: Question | Ended, start: int) -> _Fit | None:
        """The fit of the next segment that begins at this line of the output, if there is one."""
        captures = self.captures
        segment = self._script.segment(self._place)
        for offset, line in enumerate(segment):
            place = Place(self._place.at + offset, captures)
            if start + offset == len(moment.lines):
                return _answer(moment, line, place, start)
            found = match(line.pattern, moment.lines[start + offset], captures)
            if found is None:
                return None
            captures = found
        end = start + len(segment)
        place = Place(self._place.at + len(segment), captures)
        all_shown = moment.ends_block and end == len(moment.lines)
        return _Fit(place, start, end) if all_shown or not self._script.is_end(place.at) else None

    def _without_fit(self, moment: Question | Ended, start: int) -> Move:
        """Pass over the question, if a `...` may."""
        elision = self._place.elision
        if elision is None:
            return self._diverged(moment, start, "")
        why = elision.refusal(moment)
        if why is not None or not isinstance(moment, Question):
            return self._diverged(moment, start, why or "")
        self._used.add(elision.number)
        self._place = replace(self._place, elision=elision.over(moment))
        return PassedOver()

    def _diverged(self, moment: Question | Ended, start: int, why: str) -> Diverged:
        segment = self._script.segment(self._place)
        number, sentence, expected = compared(segment, moment, start, self.captures)
        if not segment:
            number = self._script.last_number
        shown = moment.screen[start:]
        if not self._script.is_end(self._place.at + len(segment)):
            shown = shown[: max(len(segment), 1)]  # the `...` that follows takes the rest
        return Diverged(number, why or sentence, expected, shown)


def _answer(moment: Question | Ended, line: Line, place: Place, start: int) -> _Fit | None:
    """The fit of a segment whose next line is the open question's, if it begins with the prompt."""
    if isinstance(moment, Ended):
        return None
    split = split_prompt(line.pattern, moment.prompt, place.captures)
    if split is None:
        return None
    behind = Place(place.at + 1, split.captures)
    return _Fit(behind, start, len(moment.lines), Answered(line.number, split.answer))


def _head_fit(
    head: Sequence[Line], shown: Sequence[str], start: int, place: Place
) -> tuple[int, Captures] | None:
    """Where the lines end in the output, and the captures; None while they do not all stand there.

    Without a line the place is where it began.
    """
    latest = len(shown) - len(head) if place.elision is not None else start
    for first in range(start, max(start, latest) + 1):
        captures = _matched(head, shown[first : first + len(head)], place.captures)
        if captures is not None:
            return first + len(head), captures
    return None


def _matched(lines: Sequence[Line], texts: Sequence[str], captures: Captures) -> Captures | None:
    if len(texts) < len(lines):
        return None
    for line, text in zip(lines, texts, strict=True):
        found = match(line.pattern, text, captures)
        if found is None:
            return None
        captures = found
    return captures

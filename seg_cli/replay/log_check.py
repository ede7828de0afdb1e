"""A log held against a check: from a position on, what must stand there and in which order.

All but `not:` are held against whole lines; without time stamp and level they match any. In `not:`
and `count` a capture that holds nothing yet is any text of its type.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from seg_cli.replay.log_items import Absent, Adjacent, AnyOrder, Check, Counted, Limit, Run, Wanted
from seg_cli.replay.match import Captures, Line, Pattern, fill, match, occurs

_LOG_LINE = re.compile(
    r"(?:[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4} )?"
    r"(?P<levelled>(?:(?:Critical|Warning|Info|Debug|Trace): )?(?P<text>.*))",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Matched:
    """The check holds; `position` is the index of the first line after the last match."""

    position: int
    captures: Captures


@dataclass(frozen=True, slots=True)
class Missed:
    """The check fails at line `number` of the file, for the reason in the sentence."""

    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """Where something wanted was found: its first line, and the index after its last."""

    first: int
    end: int
    captures: Captures


def check_log(check: Check, log: Sequence[str], start: int, captures: Captures) -> Matched | Missed:
    """Hold the check against the log from index `start` on."""
    position, limits = start, list[Limit]()
    for item in check:
        if isinstance(item, Absent | Counted):
            limits.append(item)
            continue
        placed = _place(item, log, position, captures)
        if isinstance(placed, Missed):
            return placed
        missed = _overstepped(limits, log[position : placed.first], captures)
        if missed is not None:
            return missed
        position, captures, limits = placed.end, placed.captures, []
    rest = log[position:]
    missed = _overstepped(limits, rest, captures)
    if missed is not None:
        return missed
    return Matched(position + _length_counted(limits, rest, captures), captures)


def _place(
    wanted: Wanted, log: Sequence[str], position: int, captures: Captures
) -> _Placed | Missed:
    match wanted:
        case Run(lines):
            places: Sequence[int] = range(position, len(log))
        case Adjacent(lines):
            places = (position,)
        case AnyOrder(lines):
            return _place_any_order(lines, log, position, captures)
    furthest = Missed(lines[0].number, _sentence("no later line is", lines[0], captures))
    reached = 0
    for first in places:
        bound = captures
        for length, line in enumerate(lines):
            found = _match_at(line.pattern, log, first + length, bound)
            if found is None:
                if length > reached or isinstance(wanted, Adjacent):
                    reached = length
                    furthest = Missed(line.number, _sentence("the next line is not", line, bound))
                break
            bound = found
        else:
            return _Placed(first, first + len(lines), bound)
    return furthest


def _place_any_order(
    lines: Sequence[Line], log: Sequence[str], position: int, captures: Captures
) -> _Placed | Missed:
    taken: set[int] = set()
    for line in lines:
        for index in range(position, len(log)):
            found = None if index in taken else _match_at(line.pattern, log, index, captures)
            if found is not None:
                taken.add(index)
                captures = found
                break
        else:
            return Missed(line.number, _sentence("no later line is", line, captures))
    return _Placed(min(taken), max(taken) + 1, captures)


def _overstepped(
    limits: Sequence[Limit], window: Sequence[str], captures: Captures
) -> Missed | None:
    """The first limit that the lines of the window break."""
    for limit in limits:
        line = limit.line
        match limit:
            case Absent():
                present = [text for text in window if occurs(line.pattern, text, captures)]
                if present:
                    return Missed(line.number, f"a line that must be absent: {present[0]}")
            case Counted(times=times):
                found = len(_indexes(line.pattern, window, captures))
                if found != times:
                    why = f"{found} lines instead of {times} are"
                    return Missed(line.number, _sentence(why, line, captures))
    return None


def _length_counted(limits: Sequence[Limit], rest: Sequence[str], captures: Captures) -> int:
    """How many lines of the rest belong to the check: up to the last that was counted."""
    counted = [
        index
        for limit in limits
        if isinstance(limit, Counted)
        for index in _indexes(limit.line.pattern, rest, captures)
    ]
    return max(counted, default=-1) + 1


def _indexes(pattern: Pattern, window: Sequence[str], captures: Captures) -> list[int]:
    return [i for i in range(len(window)) if _match_at(pattern, window, i, captures) is not None]


def _match_at(
    pattern: Pattern, log: Sequence[str], index: int, captures: Captures
) -> Captures | None:
    """The captures if the line at the index matches: bare, with its level, or with its time too."""
    parts = _LOG_LINE.fullmatch(log[index]) if index < len(log) else None
    if parts is None:
        return None
    for text in (parts["text"], parts["levelled"], parts[0]):
        found = match(pattern, text, captures)
        if found is not None:
            return found
    return None


def _sentence(why: str, line: Line, captures: Captures) -> str:
    return f"{why}: {fill(line.pattern, captures)}"

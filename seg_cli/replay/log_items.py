"""The items of a log check: what may stand on a line of a `mail_logs` block.

text             occurs after the previous match, at the earliest place where it and the
                 `next:` lines below it fit
next: text       is adjacent to the previous match
any: text        one of a group of `any:` lines, each on its own line, free in order
not: text        occurs nowhere in a line until the next match (after the last: to the end)
count N: text    is N lines until the next match (after the last: to the end)
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seg_cli.replay.match import BadPattern, Line, parse_pattern

_ITEM = re.compile(r"(?:(?P<word>next|any|not|count (?P<times>[0-9]+)): ?)?(?P<text>.*)")


class BadCheck(ValueError):
    """A check that cannot be meant; `number` is its line in the file."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(why)
        self.number = number


@dataclass(frozen=True, slots=True)
class Run:
    """Adjacent lines, at the earliest place where all fit."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Adjacent:
    """Adjacent lines that begin just after the previous match."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class AnyOrder:
    """Lines free in order, each matched by a line of its own."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """A text that no line before the next match may hold."""

    line: Line


@dataclass(frozen=True, slots=True)
class Counted:
    """A line that stands so many times before the next match."""

    line: Line
    times: int


Wanted = Run | Adjacent | AnyOrder
Limit = Absent | Counted
Check = tuple[Wanted | Limit, ...]


def parse_check(texts: Sequence[str], number: int) -> Check:
    """The check of a block whose first line is `number`; raises BadCheck."""
    items = [
        _parse_item(number + offset, text) for offset, text in enumerate(texts) if text.strip()
    ]
    return tuple(_grouped(items))


def lines_of(check: Check) -> Iterator[Line]:
    """Every line of the check, in order."""
    for item in check:
        match item:
            case Absent(line) | Counted(line):
                yield line
            case Run(lines) | Adjacent(lines) | AnyOrder(lines):
                yield from lines


_Item = tuple[str, int, Line]
"""The word before the colon, the number of `count`, and the line."""


def _parse_item(number: int, text: str) -> _Item:
    item = _ITEM.fullmatch(text)
    assert item is not None, "a text without a word is a plain line"
    if not item["text"].strip():
        raise BadCheck(number, f"nothing stands behind {text.strip()}")
    word = (item["word"] or "").split(" ")[0]
    try:
        line = Line(number, item["text"], parse_pattern(item["text"]))
    except BadPattern as error:
        raise BadCheck(number, str(error)) from None
    return word, int(item["times"] or 0), line


def _grouped(items: Sequence[_Item]) -> Iterator[Wanted | Limit]:
    """The items, each `next:` joined to the line it follows and `any:` lines to one group."""
    position = 0
    while position < len(items):
        word, times, line = items[position]
        joined = [line]
        position += 1
        joins = {"": "next", "next": "next", "any": "any"}.get(word)
        while position < len(items) and items[position][0] == joins:
            joined.append(items[position][2])
            position += 1
        match word:
            case "not":
                yield Absent(line)
            case "count":
                yield Counted(line, times)
            case "any":
                yield AnyOrder(tuple(joined))
            case "next":
                yield Adjacent(tuple(joined))
            case _:
                yield Run(tuple(joined))

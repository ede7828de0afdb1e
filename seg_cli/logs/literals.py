"""What every match of a regular expression must hold: to look for that first is many times faster
than to try the expression on every line.
"""

import re
from collections.abc import Iterable, Iterator
from re import _constants as op  # type: ignore[attr-defined] # the parser's own names
from re import _parser  # type: ignore[attr-defined] # there is no public one
from typing import Any

Literals = frozenset[str]
"""Texts of which every match holds at least one; empty if there is nothing to look for."""

NONE: Literals = frozenset()
REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}


def required_literals(pattern: str, *, ignore_case: bool) -> frozenset[bytes]:
    """The literals of a pattern as UTF-8, in lower case if case is ignored; empty for none.

    The pattern is known to be one (`re.compile` takes it).
    """
    parsed = _parser.parse(pattern)
    case_matters = not (ignore_case or parsed.state.flags & re.IGNORECASE)
    found = _literals(parsed)
    if case_matters:
        return frozenset(text.encode("utf-8", "backslashreplace") for text in found)
    # `ignore_case` finds more than ASCII has: such lines are not looked through for literals.
    if ignore_case and all(text.isascii() for text in found):
        return frozenset(text.lower().encode() for text in found)
    return frozenset()


def is_literal(pattern: str) -> bool:
    """Whether a pattern matches itself and nothing else."""
    return bool(pattern) and all(kind is op.LITERAL for kind, _ in _parser.parse(pattern))


def _literals(items: Iterable[tuple[Any, Any]]) -> Literals:
    """The best of what a sequence requires: its shortest text is longer than that of the others."""
    candidates = list(_candidates(items))
    return max(candidates, key=lambda texts: min(map(len, texts)), default=NONE)


def _candidates(items: Iterable[tuple[Any, Any]]) -> Iterator[Literals]:
    run = ""
    for kind, argument in items:
        if kind is op.LITERAL:
            run += chr(argument)
        elif kind is not op.AT:  # an anchor stands between two characters, and parts nothing
            if run:
                yield frozenset((run,))
            run = ""
            if inner := _required(kind, argument):
                yield inner
    if run:
        yield frozenset((run,))


def _required(kind: Any, argument: Any) -> Literals:  # noqa: ANN401 - the parser's own values
    """What one part of a pattern requires that is more than a character."""
    if kind is op.SUBPATTERN:
        _, added, _, inside = argument
        return NONE if added & re.IGNORECASE else _literals(inside)
    if kind in REPEATS:
        least, _, inside = argument
        return _literals(inside) if least else NONE
    if kind is op.ATOMIC_GROUP:
        return _literals(argument)
    if kind is op.BRANCH:
        ways = [_literals(way) for way in argument[1]]
        return NONE.union(*ways) if all(ways) else NONE
    return NONE

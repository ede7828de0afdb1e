"""Lines of a log that match regular expressions: first by what every match must hold, then by the
expression itself. Logs are UTF-8; lines of ASCII alone are matched as bytes.

The searching process loads this: dataclasses alone would take as long as 20 MB to search.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from seg_cli.logs.literals import is_literal, required_literals

Span = tuple[int, int]
"""Where a line begins, and where the next one does."""


class Expression:
    """One pattern, for text and, if it can be, for bytes."""

    def __init__(self, pattern: str, flags: re.RegexFlag) -> None:
        """The pattern with flags; raises re.error."""
        self._text = re.compile(pattern, flags)
        self._data: re.Pattern[bytes] | None = None
        # A pattern that speaks of characters beyond ASCII is none for bytes.
        with suppress(UnicodeEncodeError, re.error, ValueError):
            self._data = re.compile(pattern.encode("ascii"), flags)

    def matches(self, line: bytes) -> bool:
        """Whether it is found in the line."""
        if self._data is not None and line.isascii():
            return self._data.search(line) is not None
        return self._text.search(line.decode("utf-8", "backslashreplace")) is not None


class Matcher:
    """Finds the lines that any of several patterns matches."""

    def __init__(self, patterns: Sequence[str], *, ignore_case: bool) -> None:
        """Raises re.error for what is no pattern."""
        flags = re.IGNORECASE if ignore_case else re.RegexFlag(0)
        self._expressions = [Expression(pattern, flags) for pattern in patterns]
        self._ignore_case = ignore_case
        literals = [required_literals(each, ignore_case=ignore_case) for each in patterns]
        self._literals = sorted(frozenset().union(*literals)) if all(literals) else []
        self._literal_is_enough = all(map(is_literal, patterns))

    def matches(self, line: bytes) -> bool:
        """Whether a line, without its end, is matched."""
        return any(expression.matches(line) for expression in self._expressions)

    def lines(self, chunk: bytes) -> Iterator[Span]:
        """The lines of a chunk that are matched; it consists of whole lines."""
        if not self._literals or (self._ignore_case and not chunk.isascii()):
            yield from self._try_each(chunk)
            return
        searched = chunk.lower() if self._ignore_case else chunk
        for start, end in with_any(searched, self._literals):
            if self._literal_is_enough or self.matches(chunk[start : end - 1]):
                yield start, end

    def _try_each(self, chunk: bytes) -> Iterator[Span]:
        start = 0
        for line in chunk.split(b"\n")[:-1]:
            end = start + len(line) + 1
            if self.matches(line):
                yield start, end
            start = end


def with_any(chunk: bytes, literals: Sequence[bytes]) -> Iterator[Span]:
    """The lines that hold any of the literals, each once, in order."""
    nowhere = len(chunk)
    found = dict.fromkeys(literals, -1)
    end = 0
    while True:
        for literal, at in found.items():
            if at < end:
                at = chunk.find(literal, end)  # noqa: PLW2901 - where it is found next
                found[literal] = nowhere if at < 0 else at
        first = min(found.values())
        if first == nowhere:
            return
        start = chunk.rfind(b"\n", end, first) + 1 or end
        end = chunk.find(b"\n", first) + 1
        yield start, end


def without(spans: Iterator[Span], chunk: bytes) -> Iterator[Span]:
    """What lies between the spans: the other lines."""
    before = 0
    for start, end in spans:
        if start > before:
            yield before, start
        before = end
    if before < len(chunk):
        yield before, len(chunk)

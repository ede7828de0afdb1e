"""The fenced blocks of a Markdown file, with their places (CommonMark s4.5).

Only a fence of exactly three backticks opens a block that runs; tildes and longer fences quote.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from seg_cli.errors import BadFile
from seg_cli.replay.match import BadPattern, Line, parse_pattern

_FENCE = re.compile(r"(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_TOML_LINE = re.compile(r"at line ([0-9]+)")


class BadTranscript(BadFile):
    """A file that is not a transcript; the sentence begins with file and line."""

    def __init__(self, path: PurePath, line: int, why: str) -> None:
        super().__init__(f"{path}:{line}: {why}")


@dataclass(frozen=True, slots=True)
class Fenced:
    """A fenced block; `line` is the number of its opening fence, `words` stand behind that."""

    path: PurePath
    line: int
    words: tuple[str, ...]
    texts: tuple[str, ...]

    def bad(self, why: str, offset: int = 0) -> BadTranscript:
        """The error to raise for the line `offset` lines below the opening fence."""
        return BadTranscript(self.path, self.line + offset, why)

    def lines(self) -> tuple[Line, ...]:
        """The lines as patterns; raises BadTranscript."""
        lines = []
        for offset, text in enumerate(self.texts, 1):
            try:
                lines.append(Line(self.line + offset, text, parse_pattern(text)))
            except BadPattern as error:
                raise self.bad(str(error), offset) from None
        return tuple(lines)

    def toml(self) -> dict[str, Any]:
        """The text as TOML; raises BadTranscript."""
        try:
            return tomllib.loads("\n".join(self.texts))
        except tomllib.TOMLDecodeError as error:
            place = _TOML_LINE.search(str(error))
            offset = int(place[1]) if place else len(self.texts)
            raise self.bad(f"not TOML: {error}", offset) from None


def fenced_blocks(path: PurePath, lines: Sequence[str]) -> Iterator[Fenced]:
    """The blocks fenced by three backticks; raises BadTranscript for one that is never closed."""
    opened: re.Match[str] | None = None
    start = 0
    for number, line in enumerate(lines, 1):
        fence = _FENCE.fullmatch(line)
        if fence is None:
            continue
        if opened is None:
            if _opens(fence):
                opened, start = fence, number
        elif _closes(fence, opened):
            if opened["fence"] == "```":
                texts = tuple(_dedent(text, opened["indent"]) for text in lines[start : number - 1])
                yield Fenced(path, start, tuple(opened["info"].split()) or ("",), texts)
            opened = None
    if opened is not None:
        raise BadTranscript(path, start, "this block is never closed")


def _opens(fence: re.Match[str]) -> bool:
    """A backtick behind backticks makes them inline code."""
    return fence["fence"][0] == "~" or "`" not in fence["info"]


def _closes(fence: re.Match[str], opened: re.Match[str]) -> bool:
    return fence["fence"].startswith(opened["fence"]) and not fence["info"].strip()


def _dedent(text: str, indent: str) -> str:
    blanks = len(text) - len(text.lstrip(" "))
    return text[min(blanks, len(indent)) :]

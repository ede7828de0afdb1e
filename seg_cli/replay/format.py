"""The transcript format: Markdown whose `world`, `console`, `mail_logs` and `config` blocks run.

Blocks are fenced by exactly three backticks. Everything else is prose for the reader: other words
behind the fence, and blocks fenced by tildes or by more backticks, which quote. A file that is not
Markdown (`*.txt`) is a pasted session: one console block.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from seg_cli.errors import BadFile
from seg_cli.replay.match import BadPattern, Pattern, parse_pattern
from seg_cli.terms import LogLevel

WORLD_KEYS = frozenset(
    {"lab", "clock", "zone", "ids", "terminal", "config", "seed"}
    | {"domains", "policies", "hosts", "faults"}
)
"""What a `world` block may set; the last four are parts of an inline lab."""

ID_KEYS = frozenset({"dcid", "mid", "icid"})

_FENCE = re.compile(r"(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_TOML_LINE = re.compile(r"at line ([0-9]+)")


class BadTranscript(BadFile):
    """A file that is not a transcript; the sentence begins with file and line."""

    def __init__(self, path: PurePath, line: int, why: str) -> None:
        super().__init__(f"{path}:{line}: {why}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block, where it stands in the file, and how it is read."""

    number: int
    text: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class World:
    """The surroundings: names are checked, values are for whoever builds the world."""

    line: int
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Console:
    """What the terminal showed: prompts, answers and output."""

    line: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class LogCheck:
    """What a log must hold, and the level it must be committed at, if any is named."""

    line: int
    log: str
    level: LogLevel | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ConfigCheck:
    """What the committed configuration must contain, or the staged one."""

    line: int
    staged: bool
    settings: Mapping[str, Any]


Step = Console | LogCheck | ConfigCheck
Block = World | Step


@dataclass(frozen=True, slots=True)
class Transcript:
    """A file, read: blocks run in order in one fresh appliance."""

    path: PurePath
    title: str
    blocks: tuple[Block, ...]

    @property
    def world(self) -> Mapping[str, Any]:
        """The settings of the `world` block; empty where there is none."""
        first = self.blocks[0]
        return first.settings if isinstance(first, World) else {}

    @property
    def steps(self) -> tuple[Step, ...]:
        """The blocks that are played, in order."""
        return tuple(block for block in self.blocks if not isinstance(block, World))


@dataclass(frozen=True, slots=True)
class _Fenced:
    """A fenced block as it stands in the file; `line` is the number of its opening fence."""

    path: PurePath
    line: int
    words: tuple[str, ...]
    texts: tuple[str, ...]

    def bad(self, why: str, offset: int = 0) -> BadTranscript:
        return BadTranscript(self.path, self.line + offset, why)

    def lines(self) -> tuple[Line, ...]:
        lines = []
        for offset, text in enumerate(self.texts, 1):
            try:
                lines.append(Line(self.line + offset, text, parse_pattern(text)))
            except BadPattern as error:
                raise self.bad(str(error), offset) from None
        return tuple(lines)

    def toml(self) -> dict[str, Any]:
        try:
            return tomllib.loads("\n".join(self.texts))
        except tomllib.TOMLDecodeError as error:
            place = _TOML_LINE.search(str(error))
            offset = int(place[1]) if place else len(self.texts)
            raise self.bad(f"not TOML: {error}", offset) from None


def parse(path: PurePath, text: str) -> Transcript:
    """The transcript of a file's text; raises BadTranscript."""
    lines = tuple(line.removesuffix("\r") for line in text.split("\n"))
    if lines[-1] == "":
        lines = lines[:-1]
    if path.suffix == ".txt":
        pasted = _Fenced(path, 0, ("console",), lines)
        return Transcript(path, path.stem, (_console(pasted),))
    fenced = list(_fenced_blocks(path, lines))
    blocks = tuple(_BLOCKS[block.words[0]](block) for block in fenced if block.words[0] in _BLOCKS)
    _check_order(path, blocks)
    return Transcript(path, _title(path, lines), blocks)


def _fenced_blocks(path: PurePath, lines: Sequence[str]) -> Iterator[_Fenced]:
    opened: re.Match[str] | None = None
    start = 0
    for number, line in enumerate(lines, 1):
        fence = _FENCE.fullmatch(line)
        if opened is None:
            # A backtick behind the fence makes it inline code (CommonMark s4.5).
            if fence and not (fence["fence"][0] == "`" and "`" in fence["info"]):
                opened, start = fence, number
        elif fence and _closes(fence, opened):
            if opened["fence"] == "```":
                texts = tuple(_dedent(text, opened["indent"]) for text in lines[start : number - 1])
                yield _Fenced(path, start, tuple(opened["info"].split()) or ("",), texts)
            opened = None
    if opened is not None:
        raise BadTranscript(path, start, "this block is never closed")


def _closes(fence: re.Match[str], opened: re.Match[str]) -> bool:
    return fence["fence"].startswith(opened["fence"]) and not fence["info"].strip()


def _dedent(text: str, indent: str) -> str:
    blanks = len(text) - len(text.lstrip(" "))
    return text[min(blanks, len(indent)) :]


def _title(path: PurePath, lines: Sequence[str]) -> str:
    headings = (line.removeprefix("# ") for line in lines if line.startswith("# "))
    return next(headings, path.stem).strip()


def _check_order(path: PurePath, blocks: Sequence[Block]) -> None:
    """A world comes first and once: what has been played cannot be put into another one."""
    for position, block in enumerate(blocks):
        if isinstance(block, World) and position > 0:
            raise BadTranscript(path, block.line, "the world block must be the first one")
    if all(isinstance(block, World) for block in blocks):
        raise BadTranscript(path, 1, "there is no console, mail_logs or config block")


def _world(block: _Fenced) -> World:
    _refuse_arguments(block)
    settings = block.toml()
    _refuse_unknown(block, "world", settings, WORLD_KEYS)
    ids = settings.get("ids", {})
    if not isinstance(ids, dict):
        raise block.bad("ids must be a table such as { mid = 5444 }")
    _refuse_unknown(block, "ids", ids, ID_KEYS)
    return World(block.line, settings)


def _console(block: _Fenced) -> Console:
    _refuse_arguments(block)
    if not any(text.strip() for text in block.texts):
        raise block.bad("the console block is empty")
    return Console(block.line, block.lines())


def _log_check(block: _Fenced) -> LogCheck:

    match block.words:
        case [name]:
            level = None
        case [name, word] if word.upper() in LogLevel.__members__:
            level = LogLevel[word.upper()]
        case _:
            raise block.bad(f"not a log level: {' '.join(block.words[1:])}")
    return LogCheck(block.line, name, level, block.lines())


def _config_check(block: _Fenced) -> ConfigCheck:
    if block.words not in (("config",), ("config", "staged")):
        raise block.bad(f"not a configuration: {' '.join(block.words[1:])}")
    return ConfigCheck(block.line, len(block.words) == 2, block.toml())


def _refuse_arguments(block: _Fenced) -> None:
    if len(block.words) > 1:
        raise block.bad(f"a {block.words[0]} block takes no words: {' '.join(block.words[1:])}")


def _refuse_unknown(
    block: _Fenced, what: str, settings: Mapping[str, object], known: frozenset[str]
) -> None:
    unknown = sorted(settings.keys() - known)
    if unknown:
        raise block.bad(
            f"unknown in {what}: {', '.join(unknown)} (known: {', '.join(sorted(known))})"
        )


_BLOCKS: Mapping[str, Callable[[_Fenced], Block]] = {
    "world": _world,
    "console": _console,
    "mail_logs": _log_check,
    "config": _config_check,
}

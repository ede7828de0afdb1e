"""The transcript format: Markdown whose `world`, `console`, `mail_logs` and `config` blocks run.

Blocks are fenced by exactly three backticks. Everything else is prose for the reader: other words
behind the fence, and blocks fenced by tildes or by more backticks, which quote. A file that is not
Markdown (`*.txt`) is a pasted session: one console block.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from seg_cli.replay.log_items import BadCheck, Check, parse_check
from seg_cli.replay.markdown import BadTranscript, Fenced, fenced_blocks
from seg_cli.replay.match import Line
from seg_cli.terms import LogLevel

WORLD_KEYS = frozenset(
    {"lab", "clock", "zone", "ids", "terminal", "config", "seed", "lesson"}
    | {"domains", "policies", "hosts", "faults"}
)
"""What a `world` block may set; the last four are parts of an inline lab."""

ID_KEYS = frozenset({"dcid", "mid", "icid"})

_TERMINAL = re.compile(r"[1-9][0-9]{0,3}x(?P<rows>[1-9][0-9]{0,3})")


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
    check: Check


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
    def rows(self) -> int | None:
        """The height of the terminal; None where none is named, and then nothing is paged."""
        terminal = _TERMINAL.fullmatch(str(self.world.get("terminal", "")))
        return int(terminal["rows"]) if terminal else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The blocks that are played, in order."""
        return tuple(block for block in self.blocks if not isinstance(block, World))


def parse(path: PurePath, text: str) -> Transcript:
    """The transcript of a file's text; raises BadTranscript."""
    lines = tuple(line.removesuffix("\r") for line in text.split("\n"))
    if lines[-1] == "":
        lines = lines[:-1]
    if path.suffix == ".txt":
        pasted = Fenced(path, 0, ("console",), lines)
        return Transcript(path, path.stem, (_console(pasted),))
    fenced = list(fenced_blocks(path, lines))
    blocks = tuple(_BLOCKS[block.words[0]](block) for block in fenced if block.words[0] in _BLOCKS)
    _check_order(path, blocks)
    return Transcript(path, _title(path, lines), blocks)


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


def _world(block: Fenced) -> World:
    _refuse_arguments(block)
    settings = block.toml()
    _refuse_unknown(block, "world", settings, WORLD_KEYS)
    ids = settings.get("ids", {})
    if not isinstance(ids, dict):
        raise block.bad("ids must be a table such as { mid = 5444 }")
    _refuse_unknown(block, "ids", ids, ID_KEYS)
    if "terminal" in settings and not _TERMINAL.fullmatch(str(settings["terminal"])):
        raise block.bad('terminal must be columns x rows, such as "80x24"')
    return World(block.line, settings)


def _console(block: Fenced) -> Console:
    _refuse_arguments(block)
    if not any(text.strip() for text in block.texts):
        raise block.bad("the console block is empty")
    return Console(block.line, block.lines())


def _log_check(block: Fenced) -> LogCheck:
    match block.words:
        case [name]:
            level = None
        case [name, word] if word.upper() in LogLevel.__members__:
            level = LogLevel[word.upper()]
        case _:
            raise block.bad(f"not a log level: {' '.join(block.words[1:])}")
    try:
        check = parse_check(block.texts, block.line + 1)
    except BadCheck as error:
        raise BadTranscript(block.path, error.number, str(error)) from None
    if not check and level is None:
        raise block.bad(f"the {name} block is empty")
    return LogCheck(block.line, name, level, check)


def _config_check(block: Fenced) -> ConfigCheck:
    if block.words not in (("config",), ("config", "staged")):
        raise block.bad(f"not a configuration: {' '.join(block.words[1:])}")
    settings = block.toml()
    if not settings:
        raise block.bad("the config block is empty")
    return ConfigCheck(block.line, len(block.words) == 2, settings)


def _refuse_arguments(block: Fenced) -> None:
    if len(block.words) > 1:
        raise block.bad(f"a {block.words[0]} block takes no words: {' '.join(block.words[1:])}")


def _refuse_unknown(
    block: Fenced, what: str, settings: Mapping[str, object], known: frozenset[str]
) -> None:
    unknown = sorted(settings.keys() - known)
    if unknown:
        raise block.bad(
            f"unknown in {what}: {', '.join(unknown)} (known: {', '.join(sorted(known))})"
        )


_BLOCKS: Mapping[str, Callable[[Fenced], Block]] = {
    "world": _world,
    "console": _console,
    "mail_logs": _log_check,
    "config": _config_check,
}

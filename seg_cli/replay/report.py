"""What came of a replay, as values, and as text for a person."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import PurePath
from typing import assert_never

from seg_cli.replay.match import Line


class Status(IntEnum):
    """Exit statuses, from good to worse."""

    PASSED = 0
    MISMATCH = 1
    BROKEN = 2


@dataclass(frozen=True, slots=True)
class Warned:
    """Something at a line of the file that is worth a look."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Passed:
    """Everything fitted."""

    path: PurePath
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first place where file and appliance differ.

    `step` counts answers and checks from 1. `expected` and `shown` are the lines around the place;
    `log_tail` are the last lines of mail_logs.
    """

    path: PurePath
    line: int
    step: int
    sentence: str
    open_question: str = ""
    expected: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    log_tail: tuple[str, ...] = ()

    @property
    def diff(self) -> list[str]:
        """A unified diff from the file to the appliance; empty where no lines are compared."""
        heads = "transcript", "appliance"
        lines = difflib.unified_diff(self.expected, self.shown, *heads, lineterm="")
        return list(lines)


@dataclass(frozen=True, slots=True)
class Broken:
    """The file cannot be played; the sentence begins with file and line."""

    sentence: str


Result = Passed | Mismatch | Broken


def status_of(result: Result) -> Status:
    """The exit status that stands for the result."""
    match result:
        case Passed():
            return Status.PASSED
        case Mismatch():
            return Status.MISMATCH
        case Broken():
            return Status.BROKEN
        case _:
            assert_never(result)


def mismatch_lines(mismatch: Mismatch) -> list[str]:
    """The mismatch in full: place and sentence, open question, diff, and the end of the log."""
    lines = [f"{mismatch.path}:{mismatch.line}: step {mismatch.step}: {mismatch.sentence}"]
    if mismatch.open_question:
        lines.append(f"open question: {mismatch.open_question}")
    lines += mismatch.diff
    if mismatch.log_tail:
        lines += ["last lines of mail_logs:", *mismatch.log_tail]
    return lines


def warning_lines(passed: Passed) -> list[str]:
    """One line for each warning."""
    return [f"{passed.path}:{warned.line}: {warned.sentence}" for warned in passed.warnings]


def lone_captures(lines: Sequence[Line]) -> list[Warned]:
    """A warning for each capture that is made and never used."""
    uses: dict[str, list[int]] = {}
    for line in lines:
        for name in line.pattern.names:
            uses.setdefault(name, []).append(line.number)
    return [
        Warned(numbers[0], f"the capture {name} is never used")
        for name, numbers in uses.items()
        if len(numbers) == 1
    ]

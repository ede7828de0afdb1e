"""Grading: what an appliance shows, held against the goals of a lesson. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, assert_never

from seg_cli.replay.config_check import differences
from seg_cli.replay.log_check import Matched, check_log
from seg_cli.replay.log_items import Check
from seg_cli.training.lesson import ConfigGoal, Goal, Lesson, LogGoal, Text

Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the appliance shows: both configurations in words, and every line of mail_logs."""

    committed: Words
    staged: Words
    log: Sequence[str]


class Standing(Enum):
    """How near a goal is."""

    PASSED = auto()
    NEARLY = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Mark:
    """A goal and how it stands."""

    goal: Goal
    standing: Standing

    @property
    def points(self) -> int:
        """Its weight once it is reached, else nothing."""
        return self.goal.weight if self.standing is Standing.PASSED else 0

    @property
    def sentence(self) -> Text:
        """What the coach says of it."""
        match self.standing:
            case Standing.PASSED:
                return self.goal.passed
            case Standing.NEARLY:
                return self.goal.nearly
            case Standing.FAILED:
                return self.goal.failed


def grade(lesson: Lesson, evidence: Evidence) -> tuple[Mark, ...]:
    """A mark for each goal, in the order of the lesson."""
    return tuple(Mark(goal, _standing(goal.wanted, evidence)) for goal in lesson.goals)


def _standing(wanted: ConfigGoal | LogGoal, evidence: Evidence) -> Standing:
    match wanted:
        case ConfigGoal():
            reached = _holds(wanted, evidence.committed)
            near = _holds(wanted, evidence.staged)
        case LogGoal(lines, nearly):
            reached = _logged(lines, evidence.log)
            near = _logged(nearly, evidence.log)
        case _:
            assert_never(wanted)
    if reached:
        return Standing.PASSED
    return Standing.NEARLY if near else Standing.FAILED


def _holds(wanted: ConfigGoal, words: Words) -> bool:
    return not differences(wanted.contains, words) and not any(
        _contains_any(table, words.get(name, {})) for name, table in wanted.lacks.items()
    )


def _contains_any(unwanted: Words, words: Words) -> bool:
    """Whether one of the settings that must not be there is there."""
    for name, value in unwanted.items():
        held = words.get(name)
        if isinstance(value, Mapping):
            if isinstance(held, Mapping) and _contains_any(value, held):
                return True
        elif held is not None and str(held) == str(value):
            return True
    return False


def _logged(check: Check, log: Sequence[str]) -> bool:
    return isinstance(check_log(check, log, 0, {}), Matched)

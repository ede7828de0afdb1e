"""A lesson as a value, and how it is read from its directory.

lessons/NAME/lesson.toml     title, world, goals, hints
lessons/NAME/ticket.en.md    what the operator is told; also ticket.ko.md
lessons/NAME/solution.md     a transcript that reaches every goal
lessons/NAME/wrong/GOAL/…    transcripts that miss that goal and no other
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from seg_cli.errors import UserError
from seg_cli.replay.log_items import Check, parse_check

LESSONS = Path(__file__).parent / "lessons"

Settings = Mapping[str, Any]


class Language(StrEnum):
    """What the coach speaks; the appliance always speaks English."""

    ENGLISH = "en"
    KOREAN = "ko"


Text = Mapping[Language, str]
"""The same in each language."""


@dataclass(frozen=True, slots=True)
class ConfigGoal:
    """The committed configuration contains these settings, and lacks those."""

    contains: Settings
    lacks: Settings


@dataclass(frozen=True, slots=True)
class LogGoal:
    """mail_logs holds these lines; with the lines of `nearly` alone it is on the way there."""

    lines: Check
    nearly: Check


@dataclass(frozen=True, slots=True)
class Goal:
    """Something to reach: `weight` is its share of 100; what it says when it is (nearly) reached
    and when it is missed tells what is wrong, never how to mend it."""

    name: str
    weight: int
    wanted: ConfigGoal | LogGoal
    passed: Text
    nearly: Text
    failed: Text


@dataclass(frozen=True, slots=True)
class Hint:
    """One tier of help, and the points it costs."""

    cost: int
    text: Text


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson; `world` says what a transcript's `world` block says."""

    name: str
    title: Text
    level: int
    minutes: int
    world: Settings
    goals: tuple[Goal, ...]
    hints: tuple[Hint, ...]
    ticket: Text


def lesson_names() -> tuple[str, ...]:
    """The lessons there are, sorted."""
    return tuple(sorted(place.parent.name for place in LESSONS.glob("*/lesson.toml")))


def load_lesson(name: str) -> Lesson:
    """A lesson by its name; UserError lists the lessons there are if it is none."""
    if name not in lesson_names():
        raise UserError(f"There is no lesson {name!r}; there are: {', '.join(lesson_names())}.")
    place = LESSONS / name
    tables = tomllib.loads((place / "lesson.toml").read_text("utf-8"))
    return Lesson(
        name=name,
        title=_text(tables["title"]),
        level=tables["level"],
        minutes=tables["minutes"],
        world=tables["world"],
        goals=tuple(_goal(table) for table in tables["goals"]),
        hints=tuple(Hint(table["cost"], _text(table)) for table in tables["hints"]),
        ticket={
            language: (place / f"ticket.{language}.md").read_text("utf-8") for language in Language
        },
    )


def _goal(table: Settings) -> Goal:
    wanted: ConfigGoal | LogGoal
    if "log" in table:
        wanted = LogGoal(_check(table["log"]), _check(table["log_nearly"]))
    else:
        wanted = ConfigGoal(table.get("contains", {}), table.get("lacks", {}))
    return Goal(
        name=table["name"],
        weight=table["weight"],
        wanted=wanted,
        passed=_text(table["passed"]),
        nearly=_text(table["nearly"]),
        failed=_text(table["failed"]),
    )


def _check(lines: str) -> Check:
    return parse_check(lines.strip().split("\n"), 1)


def _text(table: Settings) -> Text:
    return {language: table[language] for language in Language}

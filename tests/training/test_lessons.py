"""Every lesson: the start reaches no goal, the solution all, each wrong path misses its own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from seg_cli.app import open_rehearsal
from seg_cli.commands import COMMANDS
from seg_cli.replay.rehearsal import Rehearsal
from seg_cli.replay.report import Passed
from seg_cli.replay.runner import replay_file
from seg_cli.training.grade import Evidence, Mark, Standing, grade
from seg_cli.training.lesson import LESSONS, Language, Lesson, lesson_names, load_lesson

NAMES = lesson_names()
SOLUTIONS = sorted(LESSONS.glob("*/solution.md"))
WRONG_PATHS = sorted(LESSONS.glob("*/wrong/*/*.md"))


async def marks_after(path: Path, lesson: Lesson) -> tuple[Mark, ...]:
    """The marks of a played transcript, which must be what the appliance does."""
    marks: list[Mark] = []

    @asynccontextmanager
    async def graded(world: Mapping[str, Any]) -> AsyncIterator[Rehearsal]:
        async with open_rehearsal()(world) as rehearsal:
            yield rehearsal
            marks.extend(grade(lesson, await evidence_of(rehearsal)))

    assert await replay_file(path, graded) == Passed(path)
    return tuple(marks)


async def evidence_of(rehearsal: Rehearsal) -> Evidence:
    await rehearsal.quiet()
    log = rehearsal.log("mail_logs")
    assert log is not None
    return Evidence(rehearsal.config(staged=False), rehearsal.config(staged=True), log.lines)


def lesson_of(path: Path) -> Lesson:
    return load_lesson(path.relative_to(LESSONS).parts[0])


@pytest.mark.parametrize("name", NAMES)
async def test_the_start_reaches_no_goal(name: str) -> None:
    lesson = load_lesson(name)
    async with open_rehearsal()({"lesson": name}) as rehearsal:
        marks = grade(lesson, await evidence_of(rehearsal))
    assert {mark.standing for mark in marks} == {Standing.FAILED}


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.parent.name)
async def test_the_solution_reaches_every_goal(path: Path) -> None:
    marks = await marks_after(path, lesson_of(path))
    assert sum(mark.points for mark in marks) == 100


@pytest.mark.parametrize("path", WRONG_PATHS, ids=lambda path: path.stem)
async def test_a_wrong_path_misses_the_goal_it_is_named_for(path: Path) -> None:
    marks = await marks_after(path, lesson_of(path))
    assert [m.goal.name for m in marks if m.standing is not Standing.PASSED] == [path.parent.name]


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_whole(name: str) -> None:
    lesson = load_lesson(name)
    assert sum(goal.weight for goal in lesson.goals) == 100
    assert len(list((LESSONS / name / "wrong").glob("*/*.md"))) >= 2
    assert (LESSONS / name / "solution.md") in SOLUTIONS
    commands = {command.name for command in COMMANDS}
    assert any(command in lesson.hints[-1].text[Language.ENGLISH] for command in commands)
    for language in Language:
        assert lesson.ticket[language].startswith("# ")

"""Supervision: each task ends alone, and quiet means that none is left."""

import asyncio

import pytest

from seg_cli.delivery.quiet import Busy, Quiet
from seg_cli.delivery.tasks import LiveTasks
from seg_cli.errors import UserError


class Bugs(list[tuple[str, BaseException]]):
    """What was reported."""

    def __call__(self, name: str, bug: BaseException) -> None:
        self.append((name, bug))


@pytest.fixture
def bugs() -> Bugs:
    return Bugs()


@pytest.fixture
def tasks(bugs: Bugs) -> LiveTasks:
    return LiveTasks(bugs)


async def hang() -> None:
    await asyncio.Event().wait()


async def fail() -> None:
    raise LookupError("a bug")


async def test_a_refusal_is_told_to_who_waits_and_is_no_bug(tasks: LiveTasks, bugs: Bugs) -> None:
    async def refuse() -> None:
        raise UserError("It cannot be done.")

    with pytest.raises(UserError):
        await tasks.start("refused", refuse())
    assert await tasks.quiet() == Quiet()
    assert bugs == []


async def test_without_tasks_all_is_quiet(tasks: LiveTasks) -> None:
    assert await tasks.quiet() == Quiet()


async def test_a_task_belongs_to_the_group_before_it_first_runs(tasks: LiveTasks) -> None:
    tasks.start("never run", hang())
    assert len(tasks) == 1
    await tasks.cancel_all()


async def test_quiet_waits_for_tasks_that_tasks_have_started(tasks: LiveTasks) -> None:
    ended: list[str] = []

    async def child() -> None:
        await asyncio.sleep(0)
        ended.append("child")

    async def parent() -> None:
        tasks.start("child", child())
        ended.append("parent")

    tasks.start("parent", parent())
    assert await tasks.quiet() == Quiet()
    assert ended == ["parent", "child"]


async def test_busy_names_what_has_stalled(tasks: LiveTasks) -> None:
    for name in ("look-up", "attempt"):
        tasks.start(name, hang())
    assert await tasks.quiet(stall=0.01) == Busy(("attempt", "look-up"))
    await tasks.cancel_all()
    assert await tasks.quiet() == Quiet()


async def test_a_bug_ends_only_its_own_task_and_is_reported(tasks: LiveTasks, bugs: Bugs) -> None:
    other = tasks.start("other", hang())
    await asyncio.gather(tasks.start("attempt", fail()), return_exceptions=True)
    assert [(name, str(bug)) for name, bug in bugs] == [("attempt", "a bug")]
    assert not other.done()
    await tasks.cancel_all()


async def test_a_task_that_is_cancelled_is_no_bug(tasks: LiveTasks, bugs: Bugs) -> None:
    task = tasks.start("attempt", hang())
    await tasks.cancel_all()
    assert task.cancelled()
    assert bugs == []

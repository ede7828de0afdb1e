"""commit, clearchanges, commitdetail and exit: what happens to a login's pending changes."""

from dataclasses import replace

import pytest

from seg_cli.errors import Interrupted
from seg_cli.shell.loop import Status
from seg_cli.shell.session import Ending
from tests.commands.conftest import Desk
from tests.commands.entries import BARE, FULL, NO_TLS, stage
from tests.commands.scripts import answers, screen

COMMIT = """\
Please enter some comments describing your changes:
[]> Changed destination controls

Do you want to save the current configuration for rollback? [Y]> n

Changes committed: Thu Sep 26 15:23:39 2024 GMT
"""

CONFLICT = """\
Please enter some comments describing your changes:
[]> mine

Do you want to save the current configuration for rollback? [Y]> <Enter>

The following settings were changed by admin at Thu Sep 26 15:23:39 2024 GMT: destconfig.
Commit your changes over them? [N]> """

EXIT = """\
Configuration changes entered but not committed. Exiting will lose
changes.
Type 'commit' at the command prompt to commit changes.
Are you sure you wish to exit? [N]> """

COMMITTED = "\nChanges committed: Thu Sep 26 15:23:39 2024 GMT\n"
CLEAR = "Are you sure you want to clear all changes since the last commit? [Y]> "


async def test_commit_asks_for_a_comment_and_about_rollback(desk: Desk) -> None:
    stage(desk, FULL)
    assert await desk.type("commit", *answers(COMMIT)) == screen(COMMIT)
    version = desk.appliance.store.current
    assert version.config.destinations.entries["domain.com"] == FULL
    assert (version.comment, version.for_rollback) == ("Changed destination controls", False)
    assert not desk.session.staged.changed


async def test_enter_commits_without_a_comment_and_for_rollback(desk: Desk) -> None:
    stage(desk, FULL)
    await desk.type("commit", "", "")
    version = desk.appliance.store.current
    assert (version.number, version.comment, version.for_rollback) == (2, "", True)


@pytest.mark.parametrize(
    ("line", "comment", "for_rollback"),
    [
        ('commit "two words"', "two words", True),
        ('commit "two words" N', "two words", False),
        ('commit "two words" Y', "two words", True),
        ("commit word", "word", True),
        ('commit ""', "", True),
        ("commit -y", "", True),
        ("commit -y word n", "word", False),
    ],
)
async def test_commit_in_batch_asks_nothing(
    desk: Desk, line: str, comment: str, for_rollback: bool
) -> None:
    stage(desk, FULL)
    assert await desk.type(line) == ""
    version = desk.appliance.store.current
    assert (version.number, version.comment, version.for_rollback) == (2, comment, for_rollback)


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ("commit one two three", "too many arguments"),
        ("commit one maybe", "rollback: Please answer Yes or No."),
    ],
)
async def test_a_batch_line_that_cannot_be_read_commits_nothing(
    desk: Desk, line: str, refusal: str
) -> None:
    stage(desk, FULL)
    assert await desk.type(line) == f"Invalid arguments when processing commit: {refusal}\n"
    assert desk.status is Status.FAILED
    assert desk.session.staged.changed


@pytest.mark.parametrize("line", ["commit", "commit -y", 'commit "x"'])
async def test_nothing_pending(desk: Desk, line: str) -> None:
    assert await desk.type(line) == "There is no data to commit.\n"
    assert desk.appliance.store.current.number == 1


@pytest.mark.parametrize("typed", [[], ["a comment"]], ids=["first question", "second question"])
async def test_ctrl_c_leaves_the_changes_pending(desk: Desk, typed: list[str]) -> None:
    stage(desk, FULL)
    assert (await desk.type("commit", *typed, Interrupted)).endswith("]> \n^C\n")
    assert desk.session.staged.changed
    assert desk.appliance.store.current.number == 1


async def test_what_cannot_work_as_a_whole_is_not_committed(desk: Desk) -> None:
    stage(desk, replace(BARE, bounce_profile="gone"))
    shown = await desk.type("commit -y")
    assert shown == (
        'The destination control "bare.example" uses the bounce profile "gone", '
        "which does not exist.\n"
    )
    assert desk.session.staged.changed


async def test_areas_that_only_one_login_changed_are_merged(desk: Desk) -> None:
    other = desk.beside()
    stage(desk, FULL)
    await other.type("smtproutes", "new", "a.example", "b.example", "")
    await other.type("commit -y")
    assert (await desk.type("commit", "", "")).endswith(COMMITTED)
    assert list(desk.committed.destinations.entries) == ["domain.com"]
    assert list(desk.committed.smtp_routes.routes) == ["a.example"]


async def test_a_conflict_is_asked_about_and_yes_puts_the_change_over(desk: Desk) -> None:
    other = desk.beside()
    stage(desk, FULL)
    stage(other, BARE)
    await other.type("commit -y")
    script = f"{CONFLICT}y\n{COMMITTED}"
    assert await desk.type("commit", *answers(script)) == screen(script)
    assert list(desk.committed.destinations.entries) == ["domain.com"]
    assert not desk.session.staged.changed


@pytest.mark.parametrize("answer", ["<Enter>", "n"])
async def test_a_conflict_answered_no_keeps_the_change_pending(desk: Desk, answer: str) -> None:
    other = desk.beside()
    stage(desk, FULL)
    stage(other, BARE)
    await other.type("commit -y")
    script = f"{CONFLICT}{answer}\n"
    assert await desk.type("commit", *answers(script)) == screen(script)
    assert list(desk.committed.destinations.entries) == ["bare.example"]
    assert list(desk.staged.destinations.entries) == ["domain.com"]


async def test_a_conflict_in_batch_is_an_error(desk: Desk) -> None:
    other = desk.beside()
    stage(desk, FULL)
    stage(other, NO_TLS)
    await other.type("commit -y")
    assert await desk.type('commit "mine"') == (
        "The following settings were changed by admin "
        "at Thu Sep 26 15:23:39 2024 GMT: destconfig.\n"
    )
    assert desk.status is Status.FAILED
    assert desk.session.staged.changed


@pytest.mark.parametrize("line", ["clearchanges", "clear", "CLEAR"])
async def test_clear_forgets_this_logins_changes_only(desk: Desk, line: str) -> None:
    other = desk.beside()
    stage(desk, FULL)
    stage(other, BARE)
    assert await desk.type(line, "") == (
        f"{CLEAR}\n\nChanges cleared: Thu Sep 26 15:23:39 2024 GMT\n"
    )
    assert not desk.session.staged.changed
    assert other.session.staged.changed


async def test_no_to_clear_says_nothing_and_keeps_the_changes(desk: Desk) -> None:
    stage(desk, FULL)
    assert await desk.type("clear", "n") == f"{CLEAR}n\n"
    assert desk.session.staged.changed


async def test_clear_with_nothing_pending(desk: Desk) -> None:
    assert await desk.type("clear") == "No changes have been made since the last commit.\n"


async def test_commitdetail_shows_the_last_commit(desk: Desk) -> None:
    detail = "Commit at Thu Sep 26 15:23:39 2024 GMT with comments: "
    assert await desk.type("commitdetail") == f'{detail}"lab".\n'
    stage(desk, FULL)
    assert await desk.type("commitdetail") == f'{detail}"lab".\n'
    await desk.type('commit "Enabled loopback"')
    assert await desk.type("commitdetail") == f'{detail}"Enabled loopback".\n'


@pytest.mark.parametrize("line", ["exit", "quit"])
async def test_exit_with_nothing_pending_leaves_at_once(desk: Desk, line: str) -> None:
    assert await desk.type(line) == ""
    assert desk.session.ending is Ending.LOGGED_OUT


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        ("<Enter>", None),
        ("n", None),
        ("Y", Ending.LOGGED_OUT),
        pytest.param("<Ctrl-D>", Ending.LOGGED_OUT, id="end of input"),
    ],
)
async def test_exit_asks_about_pending_changes(
    desk: Desk, answer: str, ending: Ending | None
) -> None:
    stage(desk, FULL)
    script = f"{EXIT}{answer}\n"
    assert await desk.type("quit", *answers(script)) == screen(script)
    assert desk.session.ending is ending
    assert not desk.committed.destinations.entries

"""rollbackconfig: its dialogue to the letter, and what a rollback does to pending changes."""

import pytest

from seg_cli.errors import Interrupted
from tests.commands.conftest import Desk
from tests.commands.entries import BARE, FULL, NO_TLS, stage
from tests.commands.scripts import answers, screen

MENU = """\
Rollback Configuration: Enabled

Choose the operation you want to perform:
- ROLLBACK - Roll back to a previously committed configuration.
- SETUP - Enable or disable the rollback configuration.
"""

# The sample of the reference (cli-core s10), with other commits.
ROLLBACK = f"""\
{MENU}[]> rollback

Previous Commits:
      Committed On                 User        Description
---------------------------------------------------------------------------------
   1. Thu Sep 26 15:23:39 2024     admin       two entries
   2. Thu Sep 26 15:23:39 2024     admin       one entry

Enter the number of the config to revert to.
[]> 2

Are you sure you want to roll back the configuration? [N]> y

Reverted to Thu Sep 26 15:23:39 2024   admin   one entry

Do you want to commit this configuration now? [N]> y

Committed the changes successfully

{MENU}[]> <Enter>
"""

NOTHING = "\nThere are no previous commits to roll back to.\n"


async def commit_twice(desk: Desk) -> None:
    """One entry, then two; and a commit that is not for rollback."""
    stage(desk, FULL)
    await desk.type('commit "one entry" y')
    stage(desk, BARE)
    await desk.type('commit "two entries" y')
    stage(desk, NO_TLS)
    await desk.type('commit "three entries" n')


async def test_the_dialogue_of_the_reference(desk: Desk) -> None:
    await commit_twice(desk)
    assert await desk.type("rollbackconfig", *answers(ROLLBACK)) == screen(ROLLBACK)
    assert list(desk.committed.destinations.entries) == ["domain.com"]
    current = desk.appliance.store.current
    assert (current.number, current.comment, current.for_rollback) == (5, "rollback", True)
    assert not desk.session.staged.changed


async def test_the_rollback_can_be_rolled_back(desk: Desk) -> None:
    await commit_twice(desk)
    await desk.type("rollbackconfig", "rollback", "2", "y", "y", "")
    shown = await desk.type("rollbackconfig", "rollback", "2", "y", "y", "")
    assert "   1. Thu Sep 26 15:23:39 2024     admin       rollback\n" in shown
    assert list(desk.committed.destinations.entries) == ["domain.com", "bare.example"]


@pytest.mark.parametrize("typed", ["", "0", "3", "-1", "x", "١", "9" * 5000, "\x1b[2J"])
async def test_another_number_is_asked_for_again(desk: Desk, typed: str) -> None:
    await commit_twice(desk)
    shown = await desk.type("rollbackconfig", "rollback", typed, "2", "n", "")
    sentence = "That value is not valid." if typed else "You must enter a value."
    question = "\nEnter the number of the config to revert to.\n[]> "
    assert f"{question}{typed}\n\n{sentence}\n{question}2\n" in shown
    assert not desk.session.staged.changed


async def test_no_changes_nothing(desk: Desk) -> None:
    await commit_twice(desk)
    stage(desk, FULL)
    before = desk.staged
    shown = await desk.type("rollbackconfig", "rollback", "2", "", "")
    assert "Reverted" not in shown
    assert desk.staged == before


async def test_what_is_not_committed_now_is_pending(desk: Desk) -> None:
    await commit_twice(desk)
    await desk.type("rollbackconfig", "rollback", "2", "y", "", "")
    assert len(desk.committed.destinations.entries) == 3
    assert list(desk.staged.destinations.entries) == ["domain.com"]
    await desk.type("commit -y")
    assert list(desk.committed.destinations.entries) == ["domain.com"]


async def test_the_old_configuration_takes_the_place_of_pending_changes(desk: Desk) -> None:
    await commit_twice(desk)
    await desk.type("smtproutes new ALL USEDNS")
    await desk.type("rollbackconfig", "rollback", "2", "y", "y", "")
    assert not desk.committed.smtp_routes.routes


async def test_a_rollback_takes_back_what_another_login_committed_before(desk: Desk) -> None:
    await commit_twice(desk)
    other = desk.beside()
    await other.type("smtproutes new ALL USEDNS")
    stage(desk, FULL)
    await other.type("commit -y")
    await desk.type("rollbackconfig", "rollback", "3", "y", "y", "")
    assert not desk.committed.smtp_routes.routes
    assert list(desk.committed.destinations.entries) == ["domain.com"]


async def test_what_another_login_changed_meanwhile_is_asked_about(desk: Desk) -> None:
    await commit_twice(desk)
    await desk.type("rollbackconfig", "rollback", "2", "y", "n", "")
    other = desk.beside()
    await other.type("destconfig clear")
    await other.type("commit -y")
    shown = await desk.type("commit", "", "", "n")
    assert "The following settings were changed by admin" in shown
    assert not desk.committed.destinations.entries


async def test_a_rollback_to_what_is_in_force_commits_nothing(desk: Desk) -> None:
    stage(desk, FULL)
    await desk.type('commit "one entry" y')
    stage(desk, BARE)
    shown = await desk.type("rollbackconfig", "rollback", "1", "y", "")
    assert "Reverted to Thu Sep 26 15:23:39 2024   admin   one entry\n\nThere is no data" in shown
    assert not desk.session.staged.changed
    assert desk.appliance.store.current.number == 2


async def test_nothing_was_saved(desk: Desk) -> None:
    assert NOTHING in await desk.type("rollbackconfig", "rollback", "")


async def test_a_damaged_version_is_named_and_nothing_is_lost(desk: Desk) -> None:
    await commit_twice(desk)
    stage(desk, FULL)
    before = desk.staged
    (path,) = desk.appliance.store.configuration_path("x").parents[1].glob("versions/000002.xml")
    path.write_bytes(path.read_bytes().replace(b"<config>", b"<config><evil/>"))
    shown = await desk.type("rollbackconfig", "rollback", "2", "y", "")
    assert '000002.xml": The element "evil" in "config" is not known.\n\nRollback' in shown
    assert desk.staged == before


async def test_comments_of_strangers_are_printed_safely(desk: Desk) -> None:
    stage(desk, FULL)
    await desk.type("commit", "a\x1b[2J -- \u202eb", "y")
    shown = await desk.type("rollbackconfig", "rollback", Interrupted)
    assert "admin       a\\x1b[2J -- \\u202eb\n" in shown


async def test_disabled_means_nothing_is_asked_and_nothing_offered(desk: Desk) -> None:
    shown = await desk.type("rollbackconfig", "setup", "", "setup", "y", "")
    assert shown.count("\nDo you want to disable the Rollback Configuration? [N]> ") == 2
    assert shown.endswith(
        "\nRollback Configuration: Disabled\n\nChoose the operation you want to perform:\n"
        "- SETUP - Enable or disable the rollback configuration.\n[]> \n"
    )
    # It takes effect after commit, so this commit still asks.
    assert "for rollback? [Y]> " in await desk.type("commit", "", "")
    stage(desk, FULL)
    assert "for rollback?" not in await desk.type("commit", "off")
    assert not desk.appliance.store.current.for_rollback
    shown = await desk.type("rollbackconfig", "rollback", "setup", "y", "")
    assert '\nUnknown option "rollback".\n' in shown
    assert "\nDo you want to enable the Rollback Configuration? [N]> y\n" in shown
    assert desk.staged.rollback.enabled

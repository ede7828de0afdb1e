"""rollbackconfig: put a configuration that was committed earlier in force again.

Listed are the commits that were saved for rollback. The chosen one takes the place of everything
this login has staged; it is committed at once, or stays pending until `commit`.
"""

from dataclasses import replace

from seg_cli.commands.commit import NOTHING_TO_COMMIT, record
from seg_cli.config.rollback import RollbackSettings
from seg_cli.config.store import Change
from seg_cli.config.versions import Commit
from seg_cli.dialogue.entries import Line
from seg_cli.dialogue.questions import NOT_IN_LIST, Operation, YesNo
from seg_cli.errors import Invalid, UserError
from seg_cli.logs.header import ctime
from seg_cli.printable import printable
from seg_cli.shell.appliance import Appliance
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

HEADING = (
    "Previous Commits:",
    "      Committed On                 User        Description",
    "-" * 81,
)
NO_COMMITS = "There are no previous commits to roll back to."
DESCRIPTION = "rollback"
"""What the commit of a rollback is listed as."""


async def run(session: Session, _: Arguments) -> None:
    """Walk the menu until Enter leaves it; it returns after each operation."""
    while operation := await session.console.ask(menu_for(session.staged.config.rollback)):
        try:
            await (setup(session) if operation == "SETUP" else rollback(session))
        except UserError as refusal:
            session.console.say(str(refusal))


def menu_for(settings: RollbackSettings) -> Operation:
    """The menu under the state; while rollback is disabled there is nothing to roll back to."""
    rollback = ("ROLLBACK", "Roll back to a previously committed configuration.")
    setup = ("SETUP", "Enable or disable the rollback configuration.")
    state = f"Rollback Configuration: {'Enabled' if settings.enabled else 'Disabled'}"
    return Operation(
        "operation", (rollback, setup) if settings.enabled else (setup,), state=(state,)
    )


async def setup(session: Session) -> None:
    """Switch between enabled and disabled; it counts once it is committed."""
    enabled = session.staged.config.rollback.enabled
    change = "disable" if enabled else "enable"
    question = YesNo(
        "switch", f"Do you want to {change} the Rollback Configuration?", default=False
    )
    if await session.console.ask(question):
        settings = RollbackSettings(enabled=not enabled)
        session.staged.stage(replace(session.staged.config, rollback=settings))


async def rollback(session: Session) -> None:
    """Choose a commit, make its configuration this login's, and commit that if it is wanted."""
    console = session.console
    commits = session.appliance.store.saved_for_rollback()
    if not commits:
        raise Invalid(NO_COMMITS)
    await console.page([*HEADING, *list_lines(session.appliance, commits)])
    commit = await choose(session, commits)
    sure = YesNo("sure", "Are you sure you want to roll back the configuration?", default=False)
    if not await console.ask(sure):
        return
    restore(session, commit)
    fields = (committed_on(session.appliance, commit), commit.author, commit.comment)
    console.say(f"Reverted to {'   '.join(map(printable, fields))}".rstrip())
    if not session.staged.changed:
        console.say(NOTHING_TO_COMMIT)
        return
    now = YesNo("commit_now", "Do you want to commit this configuration now?", default=False)
    if await console.ask(now):
        change = Change(session.user, session.appliance.clock.now(), DESCRIPTION, for_rollback=True)
        if await record(session, console, change):
            console.say("Committed the changes successfully")


def list_lines(appliance: Appliance, commits: tuple[Commit, ...]) -> list[str]:
    """One line a commit: its number in this list, when it was made, by whom, and why."""
    return [
        f"{number:4}. {committed_on(appliance, commit):29}{printable(commit.author):12}"
        f"{printable(commit.comment)}".rstrip()
        for number, commit in enumerate(commits, 1)
    ]


def committed_on(appliance: Appliance, commit: Commit) -> str:
    return ctime(commit.at, appliance.config.zone)


async def choose(session: Session, commits: tuple[Commit, ...]) -> Commit:
    """The commit whose number in the list is typed; anything else is asked for again."""
    numbered = {str(number): commit for number, commit in enumerate(commits, 1)}

    def check(text: str) -> str:
        if text not in numbered:
            raise Invalid(NOT_IN_LIST)
        return text

    question = Line("number", "Enter the number of the config to revert to.", check=check)
    return numbered[await session.console.ask(question)]


def restore(session: Session, commit: Commit) -> None:
    """Stage the whole configuration of a commit over the latest one, and nothing else.

    Raises BadFile, with nothing changed, when its file cannot be read.
    """
    config = session.appliance.store.version(commit.number).config
    session.staged.clear()
    session.staged.stage(config)

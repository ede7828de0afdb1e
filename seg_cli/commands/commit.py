"""commit: make this login's pending changes the configuration that the appliance works by.

commit                    asks for a comment and whether to keep the version for rollback
commit "comment" [Y|N]    the same without questions; also `commit -y`
"""

from seg_cli.config.changes import CommitConflict
from seg_cli.config.store import Change
from seg_cli.dialogue.answers import AnswerSheet
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Line
from seg_cli.dialogue.questions import YesNo
from seg_cli.errors import Invalid, UserError
from seg_cli.shell.appliance import Appliance
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

COMMENT = Line("comment", "Please enter some comments describing your changes:", default="")
ROLLBACK = YesNo(
    "rollback", "Do you want to save the current configuration for rollback?", default=True
)
NOTHING_TO_COMMIT = "There is no data to commit."
COMMIT_OVER = "Commit your changes over them?"


async def run(session: Session, arguments: Arguments) -> None:
    """Commit what is pending; the engine has adopted it when the date is printed."""
    if not session.staged.changed:
        session.console.say(NOTHING_TO_COMMIT)
        return
    in_batch = bool(arguments.words)
    console = batch(session.console, arguments) if in_batch else session.console
    comment = await console.ask(COMMENT)
    enabled = session.appliance.config.rollback.enabled
    for_rollback = enabled and await console.ask(ROLLBACK)
    change = Change(session.user, session.appliance.clock.now(), comment, for_rollback)
    if in_batch:
        record_at_once(session, change)
    elif await record(session, console, change):
        console.say(f"Changes committed: {session.appliance.date(change.at)}")


def record_at_once(session: Session, change: Change) -> None:
    """Commit what is pending; raises UserError where another login changed the same areas."""
    try:
        session.appliance.commit(session.staged, change)
    except CommitConflict as conflict:
        raise UserError(describe(session.appliance, conflict)) from None


async def record(session: Session, console: Console, change: Change) -> bool:
    """Commit what is pending, and say whether that is done: where another login changed the same
    areas, the operator decides."""
    try:
        session.appliance.commit(session.staged, change)
    except CommitConflict as conflict:
        if not await console.ask(commit_over(describe(session.appliance, conflict))):
            return False
        session.staged.put_over()
        session.appliance.commit(session.staged, change)
    return True


def describe(appliance: Appliance, conflict: CommitConflict) -> str:
    """Whose commit changed the same areas, and when by the appliance's clock."""
    return (
        f"The following settings were changed by {conflict.author} "
        f"at {appliance.date(conflict.at)}: {', '.join(conflict.areas)}."
    )


def commit_over(sentence: str) -> YesNo:
    """Whether the operator's own change is to stay; after a no it is still pending."""
    return YesNo("commit_over", f"{sentence}\n{COMMIT_OVER}", default=False)


def batch(console: Console, arguments: Arguments) -> Console:
    """The console that takes its answers from the line; raises Invalid for a line it cannot be."""
    words = [word for word in arguments.words if word.lower() != "-y"]
    if len(words) > 2:
        raise Invalid("Invalid arguments when processing commit: too many arguments")
    return console.answered_by(
        AnswerSheet("commit", dict(zip(("comment", "rollback"), words, strict=False)))
    )

"""clearchanges, clear: forget this login's changes since the last commit."""

from seg_cli.dialogue.questions import YesNo
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

QUESTION = "Are you sure you want to clear all changes since the last commit?"


async def run(session: Session, _: Arguments) -> None:
    """Ask once; other logins' changes stay."""
    if not session.staged.changed:
        session.console.say("No changes have been made since the last commit.")
    elif await session.console.ask(YesNo("clear", QUESTION, default=True)):
        session.staged.clear()
        session.console.say(f"Changes cleared: {session.appliance.date()}")

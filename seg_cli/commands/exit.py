"""exit, quit: end the login; pending changes are asked about, because they would be lost."""

from seg_cli.dialogue.questions import YesNo
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

QUESTION = (
    "Configuration changes entered but not committed. Exiting will lose\n"
    "changes.\n"
    "Type 'commit' at the command prompt to commit changes.\n"
    "Are you sure you wish to exit?"
)


async def run(session: Session, _: Arguments) -> None:
    """Leave at once where nothing is pending; what is pending is given up by a yes."""
    if session.pending:
        if not await session.console.ask(YesNo("exit", QUESTION, default=False)):
            return
        session.staged.clear()
    session.leave()

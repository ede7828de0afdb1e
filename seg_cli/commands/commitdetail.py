"""commitdetail: the last commit."""

from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session


async def run(session: Session, _: Arguments) -> None:
    """Print when the last commit was made, and its comment."""
    appliance = session.appliance
    version = appliance.store.current
    session.console.say(
        f'Commit at {appliance.date(version.at)} with comments: "{printable(version.comment)}".'
    )

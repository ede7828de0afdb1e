"""whoami: who is logged in here."""

from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session


async def run(session: Session, _: Arguments) -> None:
    """Print the user of this login; the emulator has one, the administrator."""
    session.console.say(
        f"Username: {session.user}",
        "Full Name: Administrator",
        "Groups: admin, operators, config, log, guest",
    )

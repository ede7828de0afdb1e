"""deleterecipients: take messages out of the queue; nobody is told.

deleterecipients host NAME | sender ADDRESS | all
"""

from seg_cli.commands.mail_choice import ask_mail, is_confirmed, parse_mail
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

PLEASE_WAIT = "Deleting messages, please wait."


async def run(session: Session, arguments: Arguments) -> None:
    """Delete what was named, or chosen and confirmed."""
    if arguments.words:
        chosen = parse_mail("deleterecipients", arguments.words)
    else:
        chosen = await ask_mail(session, "delete")
        if not await is_confirmed(session, "delete", chosen):
            return
    network = await session.appliance.network()
    session.console.say(PLEASE_WAIT)
    deleted = await network.engine.delete(chosen.holds)
    session.console.write(f"{deleted} messages deleted.\n")

"""bouncerecipients: give messages in the queue up, and tell their senders.

bouncerecipients host NAME | sender ADDRESS | all
"""

from seg_cli.commands.mail_choice import ask_mail, is_confirmed, parse_mail
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

PLEASE_WAIT = "Bouncing messages, please wait."
GAP = " "
"""The appliance has two blanks before the answer here."""


async def run(session: Session, arguments: Arguments) -> None:
    """Bounce what was named, or chosen and confirmed."""
    if arguments.words:
        chosen = parse_mail("bouncerecipients", arguments.words)
    else:
        chosen = await ask_mail(session, "bounce")
        if not await is_confirmed(session, "bounce", chosen, GAP):
            return
    network = await session.appliance.network()
    session.console.say(PLEASE_WAIT)
    bounced = await network.engine.bounce(chosen.holds)
    session.console.write(f"{bounced} messages bounced.\n")

"""delivernow: try waiting mail again at once, to one recipient domain or to all.

delivernow domain NAME | all
"""

from seg_cli.commands.mail_choice import By, Chosen
from seg_cli.dialogue.entries import Line
from seg_cli.dialogue.questions import Choice, Item
from seg_cli.errors import Invalid
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

OPTION: Choice[By] = Choice(
    "option",
    "Please choose an option for scheduling immediate delivery.",
    (Item("By recipient domain", By.HOST), Item("All messages", By.ALL)),
    default=By.HOST,
)
DOMAIN = Line("domain", "Please enter the recipient domain to schedule for delivery.")


async def run(session: Session, arguments: Arguments) -> None:
    """Let what was named or chosen be due."""
    chosen = parse(arguments.words) if arguments.words else await ask_mail(session)
    engine = (await session.appliance.network()).engine
    if chosen.by is By.ALL:
        session.console.say("Scheduling all messages for delivery.")
        engine.deliver_all_now()
    else:
        to = printable(chosen.value)
        session.console.say(f"Scheduling all messages to {to} for delivery.")
        engine.deliver_now(chosen.holds)


async def ask_mail(session: Session) -> Chosen:
    """The mail of the dialogue."""
    if await session.console.ask(OPTION) is By.ALL:
        return Chosen(By.ALL)
    return Chosen(By.HOST, await session.console.ask(DOMAIN))


def parse(words: tuple[str, ...]) -> Chosen:
    """The mail of a batch line; raises Invalid."""
    match [words[0].lower(), *words[1:]]:
        case ["domain", name]:
            return Chosen(By.HOST, name)
        case ["all"]:
            return Chosen(By.ALL)
    raise Invalid(f"Invalid arguments when processing delivernow: {printable(' '.join(words))}")

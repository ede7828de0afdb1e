"""Which log `tail` and `grep` mean: from the list, or by its name on the line."""

from collections.abc import Sequence

from seg_cli.commands.logconfig import LOG_TYPES, RETRIEVAL
from seg_cli.config.logs import LogSubscription
from seg_cli.dialogue.questions import Number
from seg_cli.errors import Invalid
from seg_cli.printable import printable
from seg_cli.shell.session import Session


async def ask_log(session: Session, purpose: str) -> str:
    """The name of the log whose number was given."""
    names = [log.name for log in session.appliance.config.log_subscriptions]
    session.console.say(
        "Currently configured logs:",
        *(
            f'{number}. "{name}" Type: "{LOG_TYPES[name]}" Retrieval: {RETRIEVAL}'
            for number, name in enumerate(names, 1)
        ),
    )
    prompt = f"Enter the number of the log you wish to {purpose}."
    number = await session.console.ask(Number("log", prompt, low=1, high=len(names)))
    return names[number - 1]


def check_log(
    command: str, words: Sequence[str], subscriptions: tuple[LogSubscription, ...]
) -> str:
    """The one word of a batch line, if there is a log of that name; raises Invalid."""
    if len(words) != 1:
        raise Invalid(f"Invalid arguments when processing {command}: one log name is expected")
    if words[0] not in {log.name for log in subscriptions}:
        name = printable(words[0])
        raise Invalid(f'Invalid arguments when processing {command}: no log is named "{name}"')
    return words[0]

"""Which log a command means: from the list, or by its name on the line."""

from collections.abc import Sequence

from seg_cli.config.logs import LogSubscription
from seg_cli.dialogue.entries import Number
from seg_cli.errors import Invalid, UserError
from seg_cli.printable import printable
from seg_cli.shell.session import Session

LOG_TYPE = "IronPort Text Mail Logs"
RETRIEVAL = "Manual Download"
NO_LOGS = "There are no logs configured."


async def ask_log(session: Session, prompt: str, *, default: int | None = None) -> str:
    """The name of the log whose number was given; UserError where there is none."""
    names = log_names(session)
    number = await session.console.ask(
        Number("log", "\n".join([*listed(names), prompt]), low=1, high=len(names), default=default)
    )
    return names[number - 1]


def log_names(session: Session) -> list[str]:
    """The names of the logs the appliance writes; UserError where there is none."""
    names = [log.name for log in session.appliance.config.log_subscriptions]
    if not names:
        raise UserError(NO_LOGS)
    return names


def listed(names: Sequence[str]) -> list[str]:
    """The logs as a numbered list."""
    return [
        "Currently configured logs:",
        *(
            f'{number}. "{name}" Type: "{LOG_TYPE}" Retrieval: {RETRIEVAL}'
            for number, name in enumerate(names, 1)
        ),
    ]


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

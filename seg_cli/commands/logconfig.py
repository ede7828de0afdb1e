"""logconfig: the log subscriptions: their names, levels, file names, sizes and numbers of files.

Text mail logs are the one type there is, and fetching them by hand the one way: whatever else
the appliance offers is refused in a sentence.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from enum import Enum, auto

from seg_cli.commands.log_choice import LOG_TYPE, RETRIEVAL
from seg_cli.config.codec.spellings import FILE_NAME, NAME
from seg_cli.config.logs import LogSubscription
from seg_cli.dialogue.entries import Line, Number
from seg_cli.dialogue.questions import Choice, Item, Operation, YesNo
from seg_cli.errors import Invalid
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session
from seg_cli.terms import LogLevel

LEVEL_MENU = (
    Item("Critical", LogLevel.CRITICAL),
    Item("Warning", LogLevel.WARNING),
    Item("Information", LogLevel.INFO),
    Item("Debug", LogLevel.DEBUG),
    Item("Trace", LogLevel.TRACE),
)
SIZE = re.compile(r"([0-9]{1,10})([km]?)", re.ASCII | re.IGNORECASE)
UNITS = {"": 1, "k": 1024, "m": 1024 * 1024}
SMALLEST, LARGEST = 1024, 1_073_741_824
NAME_QUESTION = "Please enter the name for the log:"
ONLY_BY_HAND = "Only manual download is available here."
ONLY_BY_SIZE = "Only rollover by size is available here."


class Retrieval(Enum):
    """How log files leave the appliance."""

    BY_HAND = auto()
    FTP_PUSH = auto()
    SCP_PUSH = auto()
    SYSLOG_PUSH = auto()


TYPE_QUESTION: Choice[str] = Choice(
    "type",
    "Choose the log file type for this subscription:",
    (Item("Text Mail Logs", LOG_TYPE),),
    default=LOG_TYPE,
)
RETRIEVAL_QUESTION: Choice[Retrieval] = Choice(
    "retrieval",
    "Choose the method to retrieve the logs.",
    (
        Item("Download Manually", Retrieval.BY_HAND),
        Item("FTP Push", Retrieval.FTP_PUSH),
        Item("SCP Push", Retrieval.SCP_PUSH),
        Item("Syslog Push", Retrieval.SYSLOG_PUSH),
    ),
    default=Retrieval.BY_HAND,
)
BY_TIME = YesNo("by_time", "Do you want to configure time-based log files rollover?", default=False)


async def run(session: Session, _: Arguments) -> None:
    """Walk the menu until Enter leaves it; it returns after each operation."""
    while operation := await session.console.ask(menu_for(subscriptions(session))):
        await OPERATIONS[operation](session)


def subscriptions(session: Session) -> tuple[LogSubscription, ...]:
    """The subscriptions as this login sees them."""
    return session.staged.config.log_subscriptions


def menu_for(logs: tuple[LogSubscription, ...]) -> Operation:
    """The menu under the list of subscriptions, with what makes sense for it."""
    existing = (
        ("EDIT", "Modify a log subscription."),
        ("DELETE", "Remove a log subscription."),
    )
    operations = (("NEW", "Create a new log."), *(existing if logs else ()))
    return Operation("operation", operations, state=listing(logs))


def listing(logs: tuple[LogSubscription, ...]) -> tuple[str, ...]:
    """The subscriptions as a numbered table."""
    heading = f"    {'Log Name':20} {'Log Type':29} {'Retrieval':19} Interval"
    rows = (
        f"{number:2}. {log.name:20} {LOG_TYPE:29} {RETRIEVAL:19} None"
        for number, log in enumerate(logs, 1)
    )
    return ("Currently configured logs:", heading, "-" * 81, *rows)


async def new(session: Session) -> None:
    await session.console.ask(TYPE_QUESTION)
    logs = subscriptions(session)
    name = await session.console.ask(Line("name", NAME_QUESTION, check=new_name(logs)))
    log = await ask_settings(session, LogSubscription(name, filename="mail"))
    stage(session, (*logs, log))


async def edit(session: Session) -> None:
    logs = subscriptions(session)
    chosen = logs[await ask_number(session, "edit") - 1]
    others = tuple(log for log in logs if log is not chosen)
    question = Line("name", NAME_QUESTION, default=chosen.name, check=new_name(others))
    name = await session.console.ask(question)
    edited = await ask_settings(session, replace(chosen, name=name))
    stage(session, tuple(edited if log is chosen else log for log in logs))


async def delete(session: Session) -> None:
    number = await ask_number(session, "delete")
    logs = subscriptions(session)
    stage(session, (*logs[: number - 1], *logs[number:]))


async def ask_number(session: Session, purpose: str) -> int:
    """The place in the list of the subscription that is meant, from 1."""
    prompt = f"Enter the number of the log you wish to {purpose}."
    return await session.console.ask(
        Number("number", prompt, low=1, high=len(subscriptions(session)))
    )


async def ask_settings(session: Session, log: LogSubscription) -> LogSubscription:
    """The subscription after all questions but that for its name."""
    ask, say = session.console.ask, session.console.say
    level = await ask(Choice("log_level", "Log level:", LEVEL_MENU, default=log.level))
    while await ask(RETRIEVAL_QUESTION) is not Retrieval.BY_HAND:
        say(ONLY_BY_HAND)
    filename = await ask(
        Line(
            "filename",
            "Filename to use for log files:",
            default=log.filename,
            check=FILE_NAME.parse,
        )
    )
    while await ask(BY_TIME):
        say(ONLY_BY_SIZE)
    size = await ask(
        Line(
            "max_size",
            "Please enter the maximum file size:",
            default=str(log.max_size),
            check=check_size,
        )
    )
    files = await ask(
        Number(
            "max_files",
            "Please enter the maximum number of files:",
            low=1,
            high=1000,
            default=log.max_files,
        )
    )
    return replace(log, level=level, filename=filename, max_size=int(size), max_files=files)


def new_name(others: tuple[LogSubscription, ...]) -> Callable[[str], str]:
    """The check of a name that no other subscription may have."""

    def check(text: str) -> str:
        name = NAME.parse(text)
        if name in {log.name for log in others}:
            raise Invalid(f'The log "{name}" already exists.')
        return name

    return check


def check_size(text: str) -> str:
    """A size in bytes, from a number that may end in k or m; raises Invalid."""
    found = SIZE.fullmatch(text)
    size = int(found[1]) * UNITS[found[2].lower()] if found else 0
    if not SMALLEST <= size <= LARGEST:
        raise Invalid(f"The value must be an integer from {SMALLEST} to {LARGEST}.")
    return str(size)


def stage(session: Session, logs: tuple[LogSubscription, ...]) -> None:
    session.staged.stage(replace(session.staged.config, log_subscriptions=logs))


OPERATIONS: Mapping[str, Callable[[Session], Awaitable[None]]] = {
    "NEW": new,
    "EDIT": edit,
    "DELETE": delete,
}

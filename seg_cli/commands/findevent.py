"""findevent: all lines of a log about one message, found by sender, recipient, subject or number.

findevent [-i] [-f from | -s subject | -t to] log_name
findevent -m mid log_name
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from getopt import GetoptError, getopt

from seg_cli.commands.findevent_log import Message, lines_about, messages
from seg_cli.commands.log_choice import ask_log, check_log
from seg_cli.commands.log_files_choice import ask_files
from seg_cli.dialogue.entries import Line
from seg_cli.dialogue.questions import Choice, Item
from seg_cli.errors import Invalid
from seg_cli.logs.searching import Query, find_lines
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

BAD_ARGUMENTS = "Invalid arguments when processing findevent:"
NOTHING_FOUND = "No matching message IDs were found"
REGEX_QUESTION = "Enter the regular expression to search for."
LOG_QUESTION = "Enter the number of the log you wish to use for message tracking."


class By(Enum):
    """What a message is found by."""

    SENDER = auto()
    NUMBER = auto()
    SUBJECT = auto()
    RECIPIENT = auto()


LINE_OF = {
    By.SENDER: r"MID \d+ ICID \d+ From: <.*(?:{})",
    By.NUMBER: r"MID \d+ Message-ID .*(?:{})",
    By.SUBJECT: r"MID \d+ Subject .*(?:{})",
    By.RECIPIENT: r"MID \d+ ICID \d+ RID \d+ To: <.*(?:{})",
}
NUMBER = re.compile(r"[0-9]{1,18}")
OPTIONS = {"-f": By.SENDER, "-m": By.NUMBER, "-s": By.SUBJECT, "-t": By.RECIPIENT}
TYPE_QUESTION: Choice[By] = Choice(
    "type",
    "Please choose which type of search you want to perform:",
    (
        Item("Search by envelope FROM", By.SENDER),
        Item("Search by Message ID", By.NUMBER),
        Item("Search by Subject", By.SUBJECT),
        Item("Search by envelope TO", By.RECIPIENT),
    ),
    default=By.SENDER,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to find: a message's number, or a pattern that one of its lines must match."""

    by: By
    text: str
    flags: str = ""

    @property
    def mid(self) -> int | None:
        """The number, if it is one; a Message-ID is none."""
        is_number = self.by is By.NUMBER and NUMBER.fullmatch(self.text) is not None
        return int(self.text) if is_number else None

    @property
    def query(self) -> Query:
        """The search for its line."""
        text = re.escape(self.text) if self.by is By.NUMBER else self.text
        return Query((LINE_OF[self.by].format(text),), self.flags)


async def run(session: Session, arguments: Arguments) -> None:
    """Print the lines of a message, or list the messages that were found."""
    if not arguments.words:
        await wizard(session)
        return
    wanted, log = parse(session, arguments)
    files = session.appliance.logs.paths(log)
    if wanted.mid is not None:
        await session.console.page(await lines_about(wanted.mid, files) or [NOTHING_FOUND])
        return
    found = await messages(await find_lines(wanted.query, files), files)
    await session.console.page([message.described for message in found] or [NOTHING_FOUND])


def parse(session: Session, arguments: Arguments) -> tuple[Wanted, str]:
    """What a batch line wants, and from which log; raises Invalid."""
    try:
        options, words = getopt(list(arguments.words), "f:im:s:t:")
    except GetoptError as error:
        raise Invalid(f"{BAD_ARGUMENTS} {printable(error.msg)}") from None
    chosen = [(OPTIONS[name], text) for name, text in options if name in OPTIONS]
    if len(chosen) != 1:
        raise Invalid(f"{BAD_ARGUMENTS} one of -f, -m, -s and -t is expected")
    log = check_log("findevent", words, session.appliance.config.log_subscriptions)
    by, text = chosen[0]
    if by is not By.NUMBER:
        check_regex(text)
    return Wanted(by, text, "i" if ("-i", "") in options else ""), log


async def wizard(session: Session) -> None:
    """Ask what to find and where; of several messages one is chosen."""
    wanted = await ask_wanted(session)
    log = await ask_log(session, LOG_QUESTION, default=1)
    files = await ask_files(session, session.appliance.logs.paths(log))
    mid = wanted.mid
    if mid is None:
        found = await messages(await find_lines(wanted.query, files), files)
        if not found:
            session.console.say(NOTHING_FOUND)
            return
        mid = await session.console.ask(message_question(found))
    await session.console.page(await lines_about(mid, files) or [NOTHING_FOUND])


async def ask_wanted(session: Session) -> Wanted:
    """The kind of search, and what to search for."""
    by = await session.console.ask(TYPE_QUESTION)
    if by is By.NUMBER:
        question = Line("mid", "Enter the Message ID (MID) to search for.")
    else:
        question = Line("regex", REGEX_QUESTION, check=check_regex)
    return Wanted(by, await session.console.ask(question))


def message_question(found: Sequence[Message]) -> Choice[int]:
    """Which of the messages that were found is meant."""
    return Choice(
        "message",
        "The following matching message IDs were found. Please choose one to\n"
        "show additional log information:",
        tuple(Item(message.described, message.mid) for message in found),
        default=found[0].mid,
    )


def check_regex(text: str) -> str:
    """The pattern as typed, if it is one and can stand within another; raises Invalid."""
    try:
        re.compile(text)
        re.compile(f".*(?:{text})")
    except (re.error, RecursionError, OverflowError) as error:
        raise Invalid(f"{BAD_ARGUMENTS} invalid regular expression: {error}") from None
    if "\0" in text:
        raise Invalid(f"{BAD_ARGUMENTS} invalid regular expression: {printable(text)}")
    return text

"""grep: the lines of a log that match a regular expression.

grep [-C count] [-e regex] [-i] [-p] [-t] [-v] [regex] log_name
"""

import asyncio
import re
from asyncio.subprocess import Process
from contextlib import suppress
from dataclasses import dataclass, replace
from getopt import GetoptError, getopt

from seg_cli.commands.log_choice import ask_log, check_log
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Line
from seg_cli.dialogue.questions import YesNo
from seg_cli.errors import EndOfInput, Invalid
from seg_cli.logs.follow import last_lines
from seg_cli.logs.searching import Query, find_lines, found_by, searching
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

NOTHING_FOUND = "No results were found. Use another regular expression(s) to search."
BAD_ARGUMENTS = "Invalid arguments when processing grep:"
STOP = "Press Ctrl-C to stop."
LAST_LINES = 10
MOST_CONTEXT = 9999


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for in which log, and how to show it."""

    query: Query
    log: str
    tail: bool = False
    paginate: bool = False


async def run(session: Session, arguments: Arguments) -> None:
    """Search all files of a log, oldest first, or follow it; Ctrl-C ends either."""
    search = parse(session, arguments) if arguments.words else await ask_search(session)
    if search.tail:
        await follow(session, search)
    elif search.paginate:
        lines = await find_lines(search.query, session.appliance.logs.paths(search.log))
        await session.console.page(lines or [NOTHING_FOUND])
    else:
        await show(session, search)


def parse(session: Session, arguments: Arguments) -> Search:
    """The search of a batch line: options, a pattern unless -e gave one, and a log name."""
    try:
        options, words = getopt(list(arguments.words), "C:e:iptv")
    except GetoptError as error:
        raise Invalid(f"{BAD_ARGUMENTS} {printable(error.msg)}") from None
    query, names = Query(), {name for name, _ in options}
    for name, value in options:
        if name == "-e":
            query = replace(query, patterns=(*query.patterns, check_regex(value)))
        elif name == "-C":
            query = replace(query, context=check_count(value))
    query = replace(query, flags="".join(flag for flag in "iv" if f"-{flag}" in names))
    if not query.patterns and words:
        query = replace(query, patterns=(check_regex(words.pop(0)),))
    log = check_log("grep", words, session.appliance.config.log_subscriptions)
    return Search(query, log, tail="-t" in names, paginate="-p" in names)


async def ask_search(session: Session) -> Search:
    """The search of the dialogue."""
    log = await ask_log(session, "Enter the number of the log you wish to grep.")
    ask = session.console.ask
    pattern = await ask(Line("regex", "Enter the regular expression to grep.", check=check_regex))
    ignore_case = await ask(
        YesNo("ignore_case", "Do you want this search to be case insensitive?", default=True)
    )
    invert = await ask(
        YesNo("invert", "Do you want to search for non-matching lines?", default=False)
    )
    tail = await ask(YesNo("tail", "Do you want to tail the logs?", default=False))
    paginate = await ask(YesNo("paginate", "Do you want to paginate the output?", default=False))
    flags = ("i" if ignore_case else "") + ("v" if invert else "")
    return Search(Query((pattern,), flags), log, tail, paginate)


def check_regex(text: str) -> str:
    """The pattern as typed, if it is one; raises Invalid."""
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise Invalid(f"{BAD_ARGUMENTS} invalid regular expression: {error}") from None
    if "\0" in text:
        raise Invalid(f"{BAD_ARGUMENTS} invalid regular expression: {printable(text)}")
    return text


def check_count(text: str) -> int:
    """A number of lines; raises Invalid."""
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= MOST_CONTEXT):
        raise Invalid(f"{BAD_ARGUMENTS} {printable(text)}")
    return int(text[:9])


async def show(session: Session, search: Search) -> None:
    """Print what is found as it is found."""
    console, files = session.console, session.appliance.logs.paths(search.log)
    found = False
    async with searching(search.query, files) as process:
        async for piece in found_by(process):
            if not found:
                console.say()
            console.write(piece)
            found = True
    if not found:
        console.say(NOTHING_FOUND)


async def follow(session: Session, search: Search) -> None:
    """Print what is found at the end of a log and in its new lines, until Ctrl-C."""
    logs, console = session.appliance.logs, session.console
    console.say(STOP)
    async with searching(search.query) as process:
        pipe = process.stdin
        assert pipe is not None

        def hand_over(line: str) -> None:
            pipe.write(f"{line}\n".encode())

        stop = logs.follow(search.log, hand_over)
        for line in last_lines(logs.paths(search.log), LAST_LINES):
            hand_over(line)
        try:
            await attend(console, process)
        finally:
            stop()


async def attend(console: Console, process: Process) -> None:
    """Show what is found until the operator has had enough, or the search ends."""
    hearing = asyncio.ensure_future(hear(console, process))
    waiting = asyncio.ensure_future(until_the_end(console))
    try:
        await asyncio.wait({hearing, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            waiting.result()  # or Ctrl-C
        assert process.stdin is not None
        process.stdin.close()
        await hearing
    finally:
        for task in (hearing, waiting):
            task.cancel()
        await asyncio.gather(hearing, waiting, return_exceptions=True)


async def hear(console: Console, process: Process) -> None:
    async for piece in found_by(process):
        console.write(piece)


async def until_the_end(console: Console) -> None:
    with suppress(EndOfInput):
        while True:
            await console.raw_line()

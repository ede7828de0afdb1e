"""grep: the lines of a log that match a regular expression."""

import asyncio
import re
import sys
from dataclasses import dataclass, replace

from seg_cli.commands.log_choice import ask_log, check_log
from seg_cli.dialogue.questions import Line, YesNo
from seg_cli.errors import Invalid
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

NOTHING_FOUND = "No results were found. Use another regular expression(s) to search."
BAD_ARGUMENTS = "Invalid arguments when processing grep:"


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: patterns, `i` and `v` flags, lines of context, and the log."""

    patterns: tuple[str, ...] = ()
    flags: str = ""
    context: int = 0
    log: str = ""


async def run(session: Session, arguments: Arguments) -> None:
    """Search all files of a log, oldest first, in a process that Ctrl-C ends."""
    if arguments.words:
        search = parse_search(session, arguments)
    else:
        search = await ask_search(session)
    console = session.console
    found = await find(session, search)
    if not found:
        console.say(NOTHING_FOUND)
        return
    await console.page(found)


def parse_search(session: Session, arguments: Arguments) -> Search:
    """The search of a batch line: options, a pattern unless -e gave one, and a log name."""
    words = list(arguments.words)
    search = Search()
    while words and words[0].startswith("-"):
        option = words.pop(0)
        match option:
            case "-i" | "-v":
                search = replace(search, flags=search.flags + option[1])
            case "-e" if words:
                search = replace(search, patterns=(*search.patterns, check_regex(words.pop(0))))
            case "-C" if words and words[0].isdecimal():
                search = replace(search, context=int(words.pop(0)[:4]))
            case _:
                raise Invalid(f"{BAD_ARGUMENTS} {option}")
    if not search.patterns and words:
        search = replace(search, patterns=(check_regex(words.pop(0)),))
    log = check_log("grep", words, session.appliance.config.log_subscriptions)
    return replace(search, log=log)


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
    flags = ("i" if ignore_case else "") + ("v" if invert else "")
    return Search((pattern,), flags, log=log)


def check_regex(text: str) -> str:
    """The pattern as typed, if it is one; raises Invalid."""
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise Invalid(f"{BAD_ARGUMENTS} invalid regular expression: {error}") from None
    return text


async def find(session: Session, search: Search) -> list[str]:
    """The lines that were found; the searching process dies with whoever waits for it."""
    files = [str(path) for path in session.appliance.logs.paths(search.log)]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "seg_cli.logs.search", search.flags or "-", str(search.context)),
        *files,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output, _ = await process.communicate("\n".join(search.patterns).encode())
    except BaseException:
        process.kill()
        await process.wait()
        raise
    return (
        output.decode("utf-8", "backslashreplace").removesuffix("\n").split("\n") if output else []
    )

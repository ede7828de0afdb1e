"""tail: the end of a log, and its new lines as they come, over rollovers too."""

import asyncio
from contextlib import suppress

from seg_cli.commands.log_choice import ask_log, check_log
from seg_cli.dialogue.console import Console
from seg_cli.errors import EndOfInput
from seg_cli.logs.follow import last_lines
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

LAST_LINES = 10
STOP = "Press Ctrl-C to stop."


async def run(session: Session, arguments: Arguments) -> None:
    """Follow the log that was named or chosen, until Ctrl-C or the end of input."""
    if arguments.words:
        name = check_log("tail", arguments.words, session.appliance.config.log_subscriptions)
    else:
        name = await ask_log(session, "Enter the number of the log you wish to tail.")
    logs, console = session.appliance.logs, session.console
    console.say(STOP)
    for line in last_lines(logs.paths(name), LAST_LINES):
        console.write(f"{line}\n")
    reading = asyncio.ensure_future(read_on(console))

    def show(line: str) -> None:
        try:
            console.write(f"{line}\n")
        except EndOfInput:  # nobody reads it; whoever wrote the line need not know
            reading.cancel()

    stop = logs.follow(name, show)
    try:
        await asyncio.wait({reading})
        if not reading.cancelled():
            reading.result()
    finally:
        stop()
        reading.cancel()


async def read_on(console: Console) -> None:
    """Take what is typed until there is no more."""
    with suppress(EndOfInput):
        while True:
            await console.raw_line()

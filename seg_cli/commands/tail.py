"""tail: the end of a log, and its new lines as they come."""

from collections import deque

from seg_cli.commands.log_choice import ask_log, check_log
from seg_cli.errors import EndOfInput
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

LAST_LINES = 10


async def run(session: Session, arguments: Arguments) -> None:
    """Follow the log that was named or chosen, until Ctrl-C or the end of input."""
    if arguments.words:
        name = check_log("tail", arguments.words, session.staged.config.log_subscriptions)
    else:
        name = await ask_log(session, "tail")
    logs, console = session.appliance.logs, session.console
    console.say("Press Ctrl-C to stop.")
    with logs.path(name).open(encoding="utf-8", newline="\n") as file:
        for line in deque(file, LAST_LINES):
            console.write(line)
    stop = logs.follow(name, lambda line: console.write(f"{line}\n"))
    try:
        while True:
            await console.raw_line()
    except EndOfInput:
        return
    finally:
        stop()

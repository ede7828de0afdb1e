"""The loop of a login: prompt, command, and what Ctrl-C, Ctrl-D and a fault do to it.

The only place beside `supervise` that catches Exception: a fault ends its command, is written to
the developer log, and the login lives on.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

from seg_cli.dialogue.console import checked
from seg_cli.errors import EndOfInput, Interrupted, SessionExpired, UserError
from seg_cli.printable import whole
from seg_cli.shell.command import Arguments, Command
from seg_cli.shell.completion import completable, complete
from seg_cli.shell.grammar import (
    UnknownCommand,
    parse_arguments,
    resolve,
    split_commands,
    split_line,
)
from seg_cli.shell.greeting import main_prompt
from seg_cli.shell.help import with_help
from seg_cli.shell.session import Ending, Session

INTERRUPTED = "^C\n"
NOT_RECORDED = "^C -- Changes not recorded.\n"

LogFault = Callable[[Exception], None]
"""Writes a fault, with its traceback, to the developer log."""


class Status(IntEnum):
    """How a command line went; the value is an exit status."""

    DONE = 0
    FAILED = 1
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Shell:
    """A session with the commands it knows."""

    session: Session
    commands: tuple[Command, ...]
    log_fault: LogFault

    async def perform(self, line: str) -> Status:
        """Run one command line. Every error is printed here; none is raised but a cancellation.

        Without input, or with nobody to print for, the login ends.
        """
        try:
            return await self._perform(line)
        except SessionExpired:
            self.session.leave(Ending.EXPIRED)
        except EndOfInput:
            self.session.leave()
        return Status.FAILED

    async def _perform(self, line: str) -> Status:
        console = self.session.console
        try:
            word, rest = split_line(checked(line))
            command = resolve(word, self.commands)
            arguments = parse_arguments(rest)
        except UserError as error:
            console.say(str(error))
            return Status.FAILED
        self.session.follow()
        try:
            await console.interruptible(_as_coroutine(command, self.session, arguments))
        except UserError as error:
            console.say(str(error))
        except Interrupted:
            console.write(self._interruption_of(command))
            return Status.INTERRUPTED
        except EndOfInput:
            raise
        except Exception as fault:  # noqa: BLE001 - one command's bug must not end the login
            self.log_fault(fault)
            console.say(f"An application fault occurred: {type(fault).__name__}")
        else:
            return Status.DONE
        return Status.FAILED

    async def leave(self) -> None:
        """End of input at the main prompt: the same as `exit`, which asks about pending changes."""
        try:
            resolve("exit", self.commands)
        except UnknownCommand:
            self.session.leave()
        else:
            await self.perform("exit")

    def _interruption_of(self, command: Command) -> str:
        """A menu between two operations modifies nothing, so Ctrl-C there loses nothing."""
        question = self.session.console.open_question
        modifying = question is not None and question.modifies
        return NOT_RECORDED if command.changes_config and modifying else INTERRUPTED


async def login(session: Session, commands: Sequence[Command], log_fault: LogFault) -> Ending:
    """Read and run commands until the login ends; says how it ended.

    The caller has printed the greeting. A cancellation (hang-up) passes through: what was staged
    is lost with the session.
    """
    shell = Shell(session, with_help(commands), log_fault)
    completing = partial(complete, names=completable(shell.commands))
    while session.ending is None:
        prompt = main_prompt(session.appliance.hostname)
        session.appliance.flush_logs()
        session.console.hold("machine", *session.appliance.troubles.take())
        try:
            line = await session.console.read_command(prompt, completing)
        except Interrupted:
            continue
        except SessionExpired:
            session.leave(Ending.EXPIRED)
            continue
        except EndOfInput:
            await shell.leave()
            continue
        if line.strip():
            await shell.perform(line)
    return session.ending


async def run_lines(
    session: Session, commands: Sequence[Command], text: str, log_fault: LogFault
) -> Status:
    """Run the commands of a batch text (`version; whoami`); a failed one stops the rest."""
    shell = Shell(session, with_help(commands), log_fault)
    try:
        lines = split_commands(whole(text))
    except UserError as error:
        session.console.say(str(error))
        return Status.FAILED
    for line in lines:
        status = await shell.perform(line)
        if status is not Status.DONE or session.ending is not None:
            return status
    return Status.DONE


def commands_in(text: str, commands: Sequence[Command]) -> Iterator[Command]:
    """The commands of a batch text, up to the first that cannot be understood."""
    with suppress(UserError):
        for line in split_commands(text):
            yield resolve(split_line(line)[0], commands)


async def _as_coroutine(command: Command, session: Session, arguments: Arguments) -> None:
    """What `interruptible` wants: a coroutine, where a command's `run` is any awaitable."""
    await command.run(session, arguments)

"""help and ?: the list of commands, or what one of them does and how it runs in batch."""

from collections.abc import Sequence

from seg_cli.shell.command import Arguments, Command, Standing
from seg_cli.shell.grammar import resolve
from seg_cli.shell.session import Session


def list_commands(commands: Sequence[Command], standing: Standing) -> list[str]:
    """One line a command of that standing, in the order of the alphabet."""
    known = sorted((c for c in commands if c.standing is standing), key=lambda c: c.name)
    return [f"{command.name} - {command.summary}" for command in known]


def describe(command: Command) -> list[str]:
    """What `help COMMAND` prints."""
    lines = [f"{command.name} - {command.summary}"]
    if command.aliases:
        lines.append(f"Also: {', '.join(command.aliases)}")
    if command.batch:
        lines += ["", *command.batch.strip("\n").split("\n")]
    return lines


def with_help(commands: Sequence[Command]) -> tuple[Command, ...]:
    """The commands and, after them, the `help` that tells about them all."""

    async def run(session: Session, arguments: Arguments) -> None:
        if arguments.words:
            await session.console.page(describe(resolve(arguments.words[0], known)))
            return
        lines = list_commands(known, Standing.APPLIANCE)
        if own := list_commands(known, Standing.EMULATOR):
            lines += ["", *own]
        await session.console.page(lines)

    help_command = Command("help", "Display the list of commands.", run, aliases=("?",))
    known = (*commands, help_command)
    return known

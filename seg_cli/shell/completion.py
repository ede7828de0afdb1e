"""Tab at the main prompt: completes a command's name, or lists those that begin so."""

from collections.abc import Iterable, Sequence

from seg_cli.dialogue.teletype import Completion
from seg_cli.shell.command import Command, Standing


def complete(line: str, names: Iterable[str]) -> Completion:
    """What Tab makes of the line: a unique name is completed, several are candidates to list.

    Only the first word is completed; a line with a blank after it stays as it is.
    """
    typed = line.lstrip()
    if " " in typed:
        return Completion(line)
    candidates = tuple(sorted(name for name in names if name.startswith(typed.lower())))
    match candidates:
        case ():
            return Completion(line)
        case (name,):
            return Completion(name)
        case _:
            return Completion(line, candidates)


def completable(commands: Sequence[Command]) -> tuple[str, ...]:
    """The names that Tab knows: those of the appliance's own commands."""
    return tuple(c.name for c in commands if c.standing is Standing.APPLIANCE)

"""A command as a value: what the operator types, and the coroutine that answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from importlib import import_module

from seg_cli.shell.session import Session


@dataclass(frozen=True, slots=True)
class Arguments:
    """The rest of a command line: its words without their quotes, and the text as typed."""

    words: tuple[str, ...] = ()
    text: str = ""


class Standing(Enum):
    """How a command is known."""

    APPLIANCE = auto()
    """In the list of `help`, completed by Tab, and understood by a unique prefix."""

    EMULATOR = auto()
    """The emulator's own: in a list after the appliance's, and understood in full only."""

    UNADVERTISED = auto()
    """Understood in full, listed nowhere."""


Run = Callable[[Session, Arguments], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Command:
    """A word of the command line.

    summary: what `help` says of it. batch: its form on one line, for `help COMMAND`.
    waits: it waits for the network, a process or a key, so it needs an event loop.
    changes_config: Ctrl-C inside its dialogue says that changes were not recorded.
    """

    name: str
    summary: str
    run: Run
    waits: bool = False
    changes_config: bool = False
    batch: str = ""
    aliases: tuple[str, ...] = ()
    standing: Standing = Standing.APPLIANCE

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and its aliases."""
        return (self.name, *self.aliases)


def imported(module: str) -> Run:
    """The `run` of a module that is imported when it is first wanted: no start pays for it."""

    async def run(session: Session, arguments: Arguments) -> None:
        await import_module(module).run(session, arguments)

    return run

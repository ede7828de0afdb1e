"""What a program needs to open an appliance and to log in to it; app.py fills it in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from seg_cli.dialogue.teletype import Teletype
from seg_cli.shell.appliance import Appliance
from seg_cli.shell.command import Command
from seg_cli.shell.loop import LogFault
from seg_cli.shell.session import Ending, Session
from seg_cli.shell.troubles import Troubles


class Site(Protocol):
    """An appliance and what is around it: a lab, or the real world."""

    appliance: Appliance
    troubles: Troubles

    async def go_on(self, ending: Ending) -> None:
        """Do what the end of a login asks for."""

    async def close(self) -> None:
        """End everything in order."""


S = TypeVar("S", bound=Site)


@dataclass(frozen=True, slots=True)
class Logins(Generic[S]):
    """How a login on a site is made, what it may type, and where its faults are told."""

    session: Callable[[S, Teletype], Session]
    commands: Callable[[S], tuple[Command, ...]]
    log_fault: LogFault


@dataclass(frozen=True, slots=True)
class Opening(Generic[S]):
    """How a site is opened, and how one logs in there.

    `greeting` is printed before the first prompt; `modules` are what the network is made of, to
    be loaded while the operator types.
    """

    station: Callable[[], S]
    logins: Logins[S]
    greeting: str
    modules: tuple[str, ...]

"""What a program needs to open an appliance and to log in to it; app.py fills it in."""

from collections.abc import Callable
from dataclasses import dataclass

from seg_cli.dialogue.teletype import Teletype
from seg_cli.lab.station import Station
from seg_cli.shell.command import Command
from seg_cli.shell.loop import LogFault
from seg_cli.shell.session import Session


@dataclass(frozen=True, slots=True)
class Logins:
    """How a login on a station is made, what it may type, and where its faults are told."""

    session: Callable[[Station, Teletype], Session]
    commands: Callable[[Station], tuple[Command, ...]]
    log_fault: LogFault


@dataclass(frozen=True, slots=True)
class Opening:
    """How a station is opened, and how one logs in there."""

    station: Callable[[], Station]
    logins: Logins

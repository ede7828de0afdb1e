"""What a program needs to open an appliance; app.py fills it in."""

from collections.abc import Callable
from dataclasses import dataclass

from seg_cli.dialogue.teletype import Teletype
from seg_cli.lab.station import Station
from seg_cli.shell.command import Command
from seg_cli.shell.loop import LogFault
from seg_cli.shell.session import Session


@dataclass(frozen=True, slots=True)
class Opening:
    """How a station is opened, how a login on it is made, and what it may type."""

    station: Callable[[], Station]
    session: Callable[[Station, Teletype], Session]
    commands: Callable[[Station], tuple[Command, ...]]
    log_fault: LogFault

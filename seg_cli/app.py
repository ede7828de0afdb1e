"""The composition root: the only file that knows every room and puts them together."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from seg_cli.commands import COMMANDS
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.teletype import Teletype
from seg_cli.lab.command import lab_command
from seg_cli.lab.elapsed import running_clock
from seg_cli.lab.station import Plan, Station
from seg_cli.net.clock import Clock
from seg_cli.printable import printable
from seg_cli.programs.location import appliance_directory
from seg_cli.programs.opening import Logins, Opening
from seg_cli.shell.command import Command
from seg_cli.shell.session import Session

if TYPE_CHECKING:  # a start needs nothing of it
    from seg_cli.lab.spec import LabSpec
    from seg_cli.replay.rehearsal import OpenRehearsal

LAB = "tech-note-222782"


def opening_of(directory: Path | None) -> Opening:
    """How a program opens the appliance of this directory, at the machine's time."""

    def station() -> Station:
        place = appliance_directory(directory)
        return open_station(place, running_clock(place / "lab"))

    return Opening(station, logins())


def open_rehearsal() -> "OpenRehearsal":
    """How a transcript's world is opened."""
    from seg_cli.programs.stage import stage_opener  # noqa: PLC0415 - see above

    return stage_opener(logins(), report_bug)


def logins() -> Logins:
    """How one logs in anywhere."""
    return Logins(open_session, commands_of, report_fault)


def open_station(directory: Path, clock: Clock) -> Station:
    """The lab of the tech note, with the appliance of this directory in it."""
    return Station(Plan(read_lab, directory, clock, report_bug))


def read_lab() -> "LabSpec":
    """The lab of the tech note."""
    from seg_cli.lab.reading import load_spec  # noqa: PLC0415 - once it is needed

    return load_spec(LAB)


def commands_of(station: Station) -> tuple[Command, ...]:
    """The appliance's commands and the emulator's own."""
    return (*COMMANDS, lab_command(station))


def open_session(station: Station, teletype: Teletype) -> Session:
    """A new login on the station's appliance."""
    return Session(Console(teletype), station.appliance)


def report_bug(name: str, bug: BaseException) -> None:
    """The developer log: a bug in a task of the engine, with its traceback."""
    import traceback  # noqa: PLC0415 - once something went wrong

    sys.stderr.write(f"{name}:\n{''.join(traceback.format_exception(bug))}")


def report_warning(warning: Warning | str, kind: type[Warning], *_: object) -> None:
    """The developer log: what a library thinks odd, such as a certificate that a stranger sent.

    On a terminal the log would stand on the operator's screen, so nothing is written there.
    """
    if not sys.stderr.isatty():
        sys.stderr.write(f"{kind.__name__}: {printable(str(warning))}\n")


def report_fault(fault: Exception) -> None:
    """The developer log: a bug in a command."""
    report_bug("command", fault)

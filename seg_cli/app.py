"""The composition root: the only file that knows every room and puts them together."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from seg_cli.commands import COMMANDS
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.teletype import Teletype
from seg_cli.lab.command import lab_command
from seg_cli.lab.elapsed import running_clock
from seg_cli.lab.station import Plan, Station
from seg_cli.net.clock import Clock, RunningClock
from seg_cli.printable import printable
from seg_cli.programs.location import (
    appliance_directory,
    real_directory,
    refuse_lab,
    refuse_real,
)
from seg_cli.programs.opening import Logins, Opening
from seg_cli.shell.command import Command
from seg_cli.shell.greeting import LAB_NOTICES, REAL_NOTICES, with_notices
from seg_cli.shell.session import Session

if TYPE_CHECKING:  # a start needs nothing of it
    from seg_cli.lab.spec import LabSpec
    from seg_cli.programs.real import RealStation
    from seg_cli.replay.rehearsal import OpenRehearsal

LAB = "tech-note-222782"


LAB_NETWORK = ("seg_cli.delivery.on_demand", "seg_cli.lab.internet", "seg_cli.logs.mail_logs")
REAL_NETWORK = ("seg_cli.delivery.on_demand", "seg_cli.net.machine", "seg_cli.logs.mail_logs")


def opening_of(directory: Path | None) -> Opening[Station]:
    """How a program opens the appliance of this directory in the lab, at the machine's time."""

    def station() -> Station:
        place = appliance_directory(directory)
        refuse_real(place)
        return open_station(place, running_clock(place / "lab"))

    return Opening(station, logins(), with_notices(LAB_NOTICES), LAB_NETWORK)


def real_opening_of(
    directory: Path | None, deliver_to: Iterable[str], *, allow_private: bool
) -> "Opening[RealStation]":
    """How a program opens the appliance of this directory in the real world.

    Raises UserError for a word in `deliver_to` that is no domain.
    """
    from seg_cli.programs.real import (  # noqa: PLC0415 - a lab needs none
        RealPlan,
        RealStation,
        bounds_of,
        commands_in_real_world,
        real_session,
    )

    bounds = bounds_of(deliver_to, allow_private=allow_private)

    def station() -> RealStation:
        place = real_directory(directory)
        refuse_lab(place)
        return RealStation(RealPlan(place, RunningClock(), report_bug, bounds))

    logins = Logins(real_session, commands_in_real_world, report_fault)
    return Opening(station, logins, with_notices(REAL_NOTICES), REAL_NETWORK)


def open_rehearsal() -> "OpenRehearsal":
    """How a transcript's world is opened."""
    from seg_cli.programs.stage import stage_opener  # noqa: PLC0415 - see above

    return stage_opener(logins(), report_bug)


def logins() -> Logins[Station]:
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

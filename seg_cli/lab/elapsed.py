"""How far the time of a lab was advanced, kept so that a later run never goes back."""

from datetime import timedelta
from pathlib import Path

from seg_cli.config.disk import make_directory, write_atomically
from seg_cli.net.clock import RunningClock

FILE = "elapsed"


def running_clock(directory: Path) -> RunningClock:
    """The machine's time plus what earlier runs added; `directory` is the lab's."""
    try:
        seconds = float((directory / FILE).read_text())
        return RunningClock(offset=timedelta(seconds=seconds))
    except (OSError, ValueError, OverflowError):
        return RunningClock()


def keep(directory: Path, clock: RunningClock) -> None:
    """Remember how far the clock is ahead of the machine; UserError when the disk refuses."""
    make_directory(directory)
    write_atomically(directory / FILE, f"{clock.offset.total_seconds()}\n".encode("ascii"))

"""How far the time of a lab was advanced, kept so that a later run never goes back."""

from datetime import timedelta
from pathlib import Path

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
    """Remember how far the clock is ahead of the machine."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    (directory / FILE).write_text(f"{clock.offset.total_seconds()}\n")

"""The files of one log: of these one is being written, and the others are saved ones.

`/{Log_Name}/{Log_Filename}.@{timestamp}.c` is the file being written, `.s` a saved one, and
`{Log_Filename}.current` a link to the first (mail-logs.md s1).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from seg_cli.config.logs import LogSubscription
from seg_cli.logs.header import footer_line, header_lines
from seg_cli.logs.lines import LineWriter
from seg_cli.product import VERSION

NAMED = re.compile(r"\.@(\d{8}T\d{6})\.[cs]", re.ASCII)
TIMESTAMP = "%Y%m%dT%H%M%S"

GATHERED = 64 * 1024
"""So much text is written by itself; less when `flush` is called."""

Follower = Callable[[str], object]


@dataclass(slots=True)
class Setting:
    """What all files of an appliance have in common: whose they are, and its time and zone."""

    serial: str
    now: Callable[[], datetime]
    zone: tzinfo = UTC


class LogFile:
    """The files of one subscription, of which one is live.

    Lines reach the file when `flush` is called, or by themselves when 64 KiB have gathered:
    whoever reads the file (`tail`, `grep`, a check, a person at exit) flushes first. A file is
    rolled over by the line with which it comes to the subscription's size.
    """

    def __init__(self, directory: Path, subscription: LogSubscription, setting: Setting) -> None:
        self.subscription = subscription
        self.directory = directory / subscription.name
        self.followers: list[Follower] = []
        self._setting = setting
        self._live: LineWriter | None = None
        self._lines: list[str] = []
        self._room = 0
        """How much more text is gathered before it is written."""

    @property
    def current(self) -> Path:
        """The link to the live file."""
        return self.directory / f"{self.subscription.filename}.current"

    @property
    def begun(self) -> bool:
        """Whether there is a live file."""
        return self._live is not None

    def paths(self) -> list[Path]:
        """All files, the oldest first and the live one last."""
        filename = self.subscription.filename
        files = self.directory.glob(f"{filename}.@*")
        known = [path for path in files if NAMED.fullmatch(path.name.removeprefix(filename))]
        return sorted(known, key=lambda path: path.name)

    def begin(self) -> None:
        """Open a new live file with its header; the one before it is saved, the oldest deleted."""
        at = self._setting.now()
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        saved = self.save()
        path = self.directory / f"{self.subscription.filename}.@{free_stamp(at, saved)}.c"
        self._live = LineWriter(path)
        self._add(*header_lines(at, self._setting.zone, VERSION, self._setting.serial))
        self._link(path)
        for oldest in saved[: max(0, len(saved) + 1 - self.subscription.max_files)]:
            oldest.unlink()

    def save(self) -> list[Path]:
        """End the live file; nothing is live any more. All files are saved ones, oldest first."""
        self.close()
        return [path.rename(path.with_suffix(".s")) for path in self.paths()]

    def leave(self) -> None:
        """Save the live file, with none to follow it under its name."""
        self.save()
        self.current.unlink(missing_ok=True)

    def _link(self, path: Path) -> None:
        """Let `.current` lead to the file, without a moment in which there is no such link."""
        fresh = self.current.with_suffix(".next")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(path.name)
        fresh.replace(self.current)

    def append(self, line: str) -> None:
        """Write a whole line; a file that has ended takes none."""
        if self._live is None:
            return
        self._lines.append(line)
        self._room -= len(line) + 1
        if self.followers:
            self._tell(line)
        if self._room <= 0:
            self.flush()
            if self._live.size >= self.subscription.max_size:
                self.begin()

    def flush(self) -> None:
        """Everything written so far is in the file."""
        if self._live is not None:
            self._live.write(self._lines)
            self._lines.clear()
            self._room = min(GATHERED, self.subscription.max_size - self._live.size)

    def close(self) -> None:
        """End the live file; nothing more is written to it."""
        if self._live is not None:
            self._add(footer_line(self._setting.now(), self._setting.zone))
            self._live.close()
            self._live = None

    def _add(self, *lines: str) -> None:
        """Write lines that belong to the file itself, whatever its size."""
        self._lines += lines
        self.flush()
        for line in lines:
            self._tell(line)

    def _tell(self, line: str) -> None:
        for follower in tuple(self.followers):
            follower(line)


def started(path: Path) -> datetime:
    """When a file of a log began, by its name; ValueError for a name of another kind."""
    found = NAMED.search(path.name)
    if found is None:
        raise ValueError(path.name)
    return datetime.strptime(found[1], TIMESTAMP).replace(tzinfo=UTC)


def free_stamp(at: datetime, saved: list[Path]) -> str:
    """The time in a new file's name: now, or the second after the last file's if that is later."""
    stamp = at.astimezone(UTC)
    if saved:
        stamp = max(stamp, started(saved[-1]) + timedelta(seconds=1))
    return stamp.strftime(TIMESTAMP)

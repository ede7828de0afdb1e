"""The files of one log: of these one is being written, and the others are saved ones.

`/{Log_Name}/{Log_Filename}.@{timestamp}.c` is the file being written, `.s` a saved one, and
`{Log_Filename}.current` a link to the first (mail-logs.md s1).
"""

import re
from collections.abc import Callable
from contextlib import suppress
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

KEPT = 1024 * 1024
"""So much text waits in memory while the machine does not let it be written."""

REFUSED = '"{}" could not be written: {}; the lines of the log wait in memory.'
TAKEN_AWAY = '"{}" was taken away: the log goes on in a new file.'
LOST = 'Lines of the log in "{}" that are lost: {}.'

Follower = Callable[[str], object]


@dataclass(slots=True)
class Setting:
    """What all files of an appliance have in common: whose they are, its time and zone, and who
    tells a person what the machine refuses."""

    serial: str
    now: Callable[[], datetime]
    tell: Callable[[str], object]
    zone: tzinfo = UTC


class LogFile:
    """The files of one subscription, of which one is live.

    Lines reach the file when `flush` is called, or by themselves when 64 KiB have gathered:
    whoever reads the file (`tail`, `grep`, a check, a person at exit) flushes first. A file is
    rolled over by the line with which it comes to the subscription's size.

    Nothing here raises OSError. What the machine refuses is told once, and tried again at each
    flush; the lines wait for that, and so does a file that could not be begun.
    """

    def __init__(self, directory: Path, subscription: LogSubscription, setting: Setting) -> None:
        self.subscription = subscription
        self.directory = directory / subscription.name
        self.followers: list[Follower] = []
        self.begun = False
        """Whether lines are taken."""
        self.refusal = ""
        """The sentence that was told, as long as the machine refuses."""
        self._setting = setting
        self._live: LineWriter | None = None
        self._lines: list[str] = []
        self._waiting = 0
        """How much text has gathered."""
        self._room = 0
        """How much more is gathered before it is written."""
        self._lost = 0

    @property
    def current(self) -> Path:
        """The link to the live file."""
        return self.directory / f"{self.subscription.filename}.current"

    def paths(self) -> list[Path]:
        """All files, the oldest first and the live one last."""
        filename = self.subscription.filename
        files = self.directory.glob(f"{filename}.@*")
        known = [path for path in files if NAMED.fullmatch(path.name.removeprefix(filename))]
        return sorted(known, key=lambda path: path.name)

    # The life of a file

    def begin(self) -> None:
        """Open a new live file with its header; the one before it is saved, the oldest deleted."""
        self._end()
        self.begun = True
        self.flush()

    def leave(self) -> None:
        """Save the live file, with none to follow it under its name."""
        self.close()
        with suppress(OSError):
            self._save(self.paths())
            self.current.unlink(missing_ok=True)

    def close(self) -> None:
        """End the live file; nothing more is written to it. What still waits is lost, and told."""
        if not self.begun:
            return
        self.flush()
        self._end()
        self.begun = False
        self._lost += len(self._lines)
        self._forget_lines()
        self._tell_lost()

    def _open(self) -> None:
        at, earlier = self._setting.now(), self.paths()
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.directory / f"{self.subscription.filename}.@{free_stamp(at, earlier)}.c"
        header = header_lines(at, self._setting.zone, VERSION, self._setting.serial)
        live = LineWriter(path)
        try:
            live.write(header)
            self._link(path)
        except OSError:
            live.close()
            path.unlink(missing_ok=True)
            raise
        self._live = live
        self._tell(*header)
        with suppress(OSError):  # what stays behind is seen to when the next file begins
            saved = self._save(earlier)
            for oldest in saved[: max(0, len(saved) + 1 - self.subscription.max_files)]:
                oldest.unlink()

    def _save(self, paths: list[Path]) -> list[Path]:
        return [path.rename(path.with_suffix(".s")) for path in paths]

    def _link(self, path: Path) -> None:
        """Let `.current` lead to the file, without a moment in which there is no such link."""
        fresh = self.current.with_suffix(".next")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(path.name)
        fresh.replace(self.current)

    def _end(self) -> None:
        """No file is live any more; what it did not take waits for the next one."""
        if self._live is None:
            return
        footer = footer_line(self._setting.now(), self._setting.zone)
        try:
            self._live.write([*self._lines, footer])
        except OSError as error:
            self._refuse(error)
        else:
            self._forget_lines()
            self._tell(footer)
        self._live.close()
        self._live = None

    # Its lines

    def append(self, line: str) -> None:
        """Write a whole line; a log that has ended takes none."""
        if not self.begun:
            return
        size = len(line) + 1
        if self.refusal and self._waiting + size > KEPT:
            self._lost += 1
        else:
            self._lines.append(line)
            self._waiting += size
        self._room -= size
        if self.followers:
            self._tell(line)
        if self._room <= 0:
            self.flush()
            if self._live is not None and self._live.size >= self.subscription.max_size:
                self.begin()

    def flush(self) -> None:
        """Everything written so far is in the file, as far as the machine allows."""
        if not self.begun:
            return
        try:
            live = self._in_place()
            live.write(self._lines)
        except OSError as error:
            self._refuse(error)
            self._room = GATHERED
            return
        self._forget_lines()
        self._room = min(GATHERED, self.subscription.max_size - live.size)
        self.refusal = ""
        self._tell_lost()

    def _in_place(self) -> LineWriter:
        """The live file; a new one if there is none, or none any more under its name."""
        if self._live is not None and not self._live.is_in_place:
            self._setting.tell(TAKEN_AWAY.format(self._live.path))
            self._live.close()
            self._live = None
        if self._live is None:
            self._open()
        assert self._live is not None
        return self._live

    def _refuse(self, error: OSError) -> None:
        if not self.refusal:
            self.refusal = REFUSED.format(self.directory, error.strerror)
            self._setting.tell(self.refusal)

    def _forget_lines(self) -> None:
        self._lines.clear()
        self._waiting = 0

    def _tell_lost(self) -> None:
        if self._lost:
            self._setting.tell(LOST.format(self.directory, self._lost))
            self._lost = 0

    def _tell(self, *lines: str) -> None:
        for line in lines:
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

"""Log subscriptions: the files that events end up in, one directory a subscription.

`/{Log_Name}/{Log_Filename}.@{timestamp}.c` is the file being written, `.s` a saved one, and
`{Log_Filename}.current` a link to the first (mail-logs.md s1).
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TextIO

from seg_cli.config.logs import LogSubscription
from seg_cli.logs.header import header_lines
from seg_cli.product import VERSION
from seg_cli.terms import LogLevel


class LogFile:
    """The live file of one subscription.

    Lines reach the file when `flush` is called, or by themselves when 64 KiB have gathered:
    whoever reads the file (`tail`, `grep`, a check, a person at exit) flushes first.
    """

    def __init__(self, directory: Path, subscription: LogSubscription, zone: tzinfo) -> None:
        self.subscription = subscription
        self.directory = directory / subscription.name
        self.zone = zone
        self.followers: list[Callable[[str], object]] = []
        self._file: TextIO | None = None

    @property
    def current(self) -> Path:
        """The link to the live file."""
        return self.directory / f"{self.subscription.filename}.current"

    @property
    def begun(self) -> bool:
        """Whether there is a live file."""
        return self._file is not None

    def begin(self, at: datetime, serial: str) -> None:
        """Open a new live file with its header; the one before it becomes a saved file."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.close()
        live = self._free_name(at)
        self._file = live.open("x", encoding="utf-8", buffering=65536, newline="\n")
        live.chmod(0o600)
        for line in header_lines(at, self.zone, VERSION, serial):
            self._file.write(f"{line}\n")
        self._file.flush()
        self.current.unlink(missing_ok=True)
        self.current.symlink_to(live.name)

    def _free_name(self, at: datetime) -> Path:
        """A name of this second, or of the next one that is free."""
        filename = self.subscription.filename
        for saved in self.directory.glob(f"{filename}.@*.c"):
            saved.rename(saved.with_suffix(".s"))
        free = at.astimezone(UTC)
        while (self.directory / f"{filename}.@{free:%Y%m%dT%H%M%S}.s").exists():
            free += timedelta(seconds=1)
        return self.directory / f"{filename}.@{free:%Y%m%dT%H%M%S}.c"

    def includes(self, level: LogLevel) -> bool:
        """Whether lines of that level are written."""
        return self._file is not None and level <= self.subscription.level

    def append(self, line: str) -> None:
        """Write a whole line; a file that has ended takes none."""
        if self._file is None:
            return
        self._file.write(f"{line}\n")
        for follower in tuple(self.followers):
            follower(line)

    def flush(self) -> None:
        """Everything written so far is in the file."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """End the live file; nothing more is written to it."""
        if self._file is not None:
            self._file.close()
            self._file = None


class LogFiles:
    """All log files of an appliance; one begins when it is first written or read."""

    def __init__(self, directory: Path, serial: str, now: Callable[[], datetime]) -> None:
        self._directory = directory
        self._serial = serial
        self._now = now
        self._files: dict[str, LogFile] = {}
        self._ended = False

    def adopt(self, subscriptions: tuple[LogSubscription, ...], zone: tzinfo) -> None:
        """Follow the committed subscriptions."""
        for subscription in subscriptions:
            known = self._files.get(subscription.name)
            if known is None:
                known = LogFile(self._directory, subscription, zone)
                self._files[subscription.name] = known
            known.subscription = subscription
            known.zone = zone

    def __iter__(self) -> Iterator[LogFile]:
        return (self._begun(name) for name in self._files)

    def path(self, name: str) -> Path:
        """The live file of a subscription, complete up to now; KeyError for an unknown one."""
        file = self._begun(name)
        file.flush()
        return file.current

    def _begun(self, name: str) -> LogFile:
        file = self._files[name]
        if not (file.begun or self._ended):
            file.begin(self._now(), self._serial)
        return file

    def paths(self, name: str) -> list[Path]:
        """All files of a subscription, oldest first, complete up to now."""
        live = self.path(name)
        return sorted(live.parent.glob(f"{live.stem}.@*"), key=lambda path: path.name)

    def follow(self, name: str, follower: Callable[[str], object]) -> Callable[[], None]:
        """Hand every later line of a log to `follower`; call what is returned to end that."""
        followers = self._files[name].followers
        followers.append(follower)
        return lambda: followers.remove(follower)

    def flush(self) -> None:
        """Every line written so far can be read."""
        for file in self._files.values():
            file.flush()

    def close(self) -> None:
        """End all files; none begins any more."""
        self._ended = True
        for file in self._files.values():
            file.close()

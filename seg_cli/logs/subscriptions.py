"""Log subscriptions: the files that events end up in, one directory a subscription."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from seg_cli.config.logs import LogSubscription
from seg_cli.errors import UserError
from seg_cli.logs.header import Stamps
from seg_cli.logs.log_file import Follower, LogFile, Setting
from seg_cli.terms import LogLevel


class LogFiles:
    """All log files of an appliance; one begins when it is first written or read. `tell` gets
    sentences for a person about what the machine refuses."""

    def __init__(
        self,
        directory: Path,
        serial: str,
        now: Callable[[], datetime],
        tell: Callable[[str], object],
    ) -> None:
        self._directory = directory
        self._setting = Setting(serial, now, tell)
        self._files: dict[str, LogFile] = {}
        self._taking: dict[LogLevel, tuple[LogFile, ...]] = {}
        self._ended = False
        self.stamps = Stamps(UTC)
        """What lines begin with, in the appliance's zone."""

    def adopt(self, subscriptions: tuple[LogSubscription, ...], zone: tzinfo) -> None:
        """Follow the committed subscriptions; the files of one that was deleted stay as they are.

        A new file name takes effect at once, in a new file; a new size or number of files when
        the next file begins.
        """
        self._setting.zone = zone
        self.stamps = Stamps(zone)
        self._taking.clear()
        wanted = {subscription.name: subscription for subscription in subscriptions}
        for name in self._files.keys() - wanted.keys():
            self._files.pop(name).leave()
        for name, subscription in wanted.items():
            known = self._files.get(name)
            if known is None:
                known = LogFile(self._directory, subscription, self._setting)
                self._files[name] = known
            elif known.subscription.filename != subscription.filename:
                known.leave()
            known.subscription = subscription

    def taking(self, level: LogLevel) -> tuple[LogFile, ...]:
        """The files that a line of this level goes to."""
        files = self._taking.get(level)
        if files is None:
            files = tuple(
                self._begun(name)
                for name, file in self._files.items()
                if level <= file.subscription.level
            )
            self._taking[level] = files
        return files

    def path(self, name: str) -> Path:
        """The live file of a subscription, complete up to now; KeyError for an unknown one."""
        file = self._begun(name)
        file.flush()
        return file.current

    def _begun(self, name: str) -> LogFile:
        file = self._files[name]
        if not (file.begun or self._ended):
            file.begin()
        return file

    def paths(self, name: str) -> list[Path]:
        """All files of a subscription, oldest first, complete up to now.

        Raises UserError where the machine has let none be written.
        """
        file = self._begun(name)
        file.flush()
        if paths := file.paths():
            return paths
        raise UserError(file.refusal or f'"{file.directory}" holds no file of the log.')

    def roll_over(self, name: str) -> None:
        """Save the live file of a subscription and begin a new one; KeyError as for `path`.

        Raises UserError when the machine refuses; the lines wait then.
        """
        file = self._files[name]
        if not self._ended:
            file.begin()
        if file.refusal:
            raise UserError(file.refusal)

    def follow(self, name: str, follower: Follower) -> Callable[[], None]:
        """Hand every later line of a log to `follower`, over rollovers too; call what is returned
        to end that."""
        followers = self._begun(name).followers
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

"""The appliance's directory: committed versions, the configuration folder, the lock.

With disk.py, whose steps it is made of, and version_files.py the only file of this room that
touches the disk. A commit is: write, fsync, rename, fsync the directory; so a kill at any instant
leaves the old version or the new one, never half of one.
"""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from seg_cli.config.changes import CommitConflict, Conflict, changed_areas, merge
from seg_cli.config.codec.text_file import MOST_BYTES
from seg_cli.config.disk import (
    DirectoryLock,
    make_directory,
    read_plain_file,
    serial_number,
    write_atomically,
)
from seg_cli.config.problems import as_sentences, check_config
from seg_cli.config.staging import StagedConfig
from seg_cli.config.tree import Config
from seg_cli.config.version_files import VersionFiles
from seg_cli.config.versions import Commit, ConfigVersion
from seg_cli.errors import BadFile, Invalid, UserError

FIRST_AUTHOR = "admin"
FIRST_COMMENT = "lab"

_CONFIGURATION_FILE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}", re.ASCII)

Greeting = Callable[[str], str]
"""Hostname → banner and first prompt."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit is told: who, when (with a zone), why, and whether to keep it for rollback."""

    author: str
    at: datetime
    comment: str = ""
    for_rollback: bool = False


@dataclass(frozen=True, slots=True)
class _AreaChange:
    """What a commit of this process changed, by command."""

    number: int
    areas: frozenset[str]
    change: Change


class ConfigStore:
    """All committed configurations of one appliance, owned by this process until `close`.

    Raises UserError, with a sentence, when the disk refuses.
    """

    def __init__(self, directory: Path, lock: DirectoryLock, greeting: Greeting) -> None:
        self._directory = directory
        self._lock = lock
        self._greeting = greeting
        self._files = VersionFiles(directory / "versions")
        self._current: ConfigVersion | None = None
        self._changes: list[_AreaChange] = []
        self._serial = ""

    @classmethod
    def open(
        cls, directory: Path, initial: Callable[[], Config], now: datetime, greeting: Greeting
    ) -> "ConfigStore":
        """The store in a directory; an empty one gets what `initial` gives as version 1.

        `greeting` makes the text of the `greeting` file, which each commit writes. Raises
        ApplianceBusy when another process owns the directory, BadFile when the latest version
        cannot be read, or all were taken away: nothing is changed then.
        """
        directory = directory.absolute()
        for folder in (directory, directory / "configuration"):
            make_directory(folder)
        store = cls(directory, DirectoryLock(directory), greeting)
        try:
            store._load(initial, now)
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Give the directory up; closing twice does no harm."""
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def current(self) -> ConfigVersion:
        """The latest commit."""
        assert self._current is not None, "an open store has a version"
        return self._current

    @property
    def serial(self) -> str:
        """The appliance's serial number, made at its first start and kept."""
        return self._serial

    def staged(self) -> StagedConfig:
        """A new login's configuration."""
        return StagedConfig(self)

    def saved_for_rollback(self) -> tuple[Commit, ...]:
        """The commits that can be rolled back to, newest first."""
        return self._files.saved_for_rollback()

    def version(self, number: int) -> ConfigVersion:
        """One of the commits that were kept; raises BadFile when it cannot be read."""
        return self._files.read(number)

    def commit(self, staged: StagedConfig, change: Change) -> ConfigVersion:
        """Make a login's changes the current configuration, and begin its next ones from there.

        Areas that only one side changed since `staged.base` are merged. Raises CommitConflict
        where both did (ask the operator; `staged.put_over()` and commit again to keep theirs),
        and UserError with the problems of the whole. Nothing is committed then, and all changes
        stay staged. Returns the current version when nothing is changed.
        """
        if not staged.changed:
            return self.current
        merged = merge(staged.base.config, staged.config, self.current.config)
        if isinstance(merged, Conflict):
            raise self._conflict(merged.areas, staged.base)
        if problems := check_config(merged):
            raise UserError(as_sentences(problems))
        version = self._write(merged, change)
        staged.clear()
        return version

    def configuration_path(self, name: str) -> Path:
        """Where an imported, exported or saved file lies; raises Invalid for a bad name."""
        if not _CONFIGURATION_FILE.fullmatch(name):
            raise Invalid(
                "A file name holds letters, digits, dots, dashes and underscores, "
                "and does not begin with a dot."
            )
        return self._directory / "configuration" / name

    def save_file(self, name: str, data: bytes) -> Path:
        """Write a file to the configuration folder, in place of any of that name."""
        path = self.configuration_path(name)
        write_atomically(path, data)
        return path

    def read_file(self, name: str) -> bytes:
        """A file of the configuration folder; raises BadFile when it cannot be read."""
        path = self.configuration_path(name)
        try:
            return read_plain_file(path, MOST_BYTES)
        except FileNotFoundError:
            raise BadFile(f'File "{name}" does not exist.') from None
        except OSError as error:
            raise BadFile(f'File "{name}" cannot be read: {error.strerror}.') from None
        except ValueError as error:
            raise BadFile(f'File "{name}" {error}.') from None

    def _load(self, initial: Callable[[], Config], now: datetime) -> None:
        self._serial = serial_number(self._directory)
        if numbers := self._files.numbers():
            self._current = self._files.read(numbers[-1])
            self._write_greeting()
            return
        if self._greeting_path.exists():  # each commit leaves it
            raise BadFile(
                f'"{self._directory / "versions"}" holds no configuration, but some were committed '
                f'here: put them back, or remove "{self._greeting_path}" to begin anew.'
            )
        self._write(initial(), Change(FIRST_AUTHOR, now, FIRST_COMMENT))

    def _write(self, config: Config, change: Change) -> ConfigVersion:
        before = self._current
        number = before.number + 1 if before else 1
        version = ConfigVersion(
            number, config, change.author, change.at, change.comment, change.for_rollback
        )
        self._files.write(version, self._serial)
        self._current = version
        if before is not None:
            areas = frozenset(changed_areas(before.config, config))
            self._changes.append(_AreaChange(number, areas, change))
        # Committed is committed: a greeting that could not be written is made good at next start,
        # and versions that could not be removed at the next commit.
        with contextlib.suppress(UserError):
            self._write_greeting()
        with contextlib.suppress(OSError):
            self._files.prune()
        return version

    @property
    def _greeting_path(self) -> Path:
        return self._directory / "greeting"

    def _write_greeting(self) -> None:
        text = self._greeting(self.current.config.hostname).encode()
        path = self._greeting_path
        if not path.is_file() or path.read_bytes() != text:
            write_atomically(path, text)

    def _conflict(self, areas: tuple[str, ...], base: ConfigVersion) -> CommitConflict:
        """The conflict with the latest commit since `base` that changed any of the areas."""
        for done in reversed(self._changes):
            if done.number > base.number and done.areas & set(areas):
                return CommitConflict(areas, done.change.author, done.change.at)
        raise AssertionError("a conflict comes from a commit after the base")

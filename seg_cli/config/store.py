"""The appliance's directory: committed versions, the configuration folder, the lock.

With disk.py, whose steps it is made of, the only file of this room that touches the disk. A
commit is: write, fsync, rename, fsync the directory; so a kill at any instant leaves the old
version or the new one, never half of one.
"""

import contextlib
import itertools
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
from seg_cli.config.problems import check_config
from seg_cli.config.staging import StagedConfig
from seg_cli.config.tree import Config
from seg_cli.config.versions import ConfigVersion, version_from_xml, version_to_xml
from seg_cli.errors import BadFile, Invalid, UserError

FIRST_AUTHOR = "admin"
FIRST_COMMENT = "lab"

_VERSION_FILE = re.compile(r"([0-9]{6,})\.xml", re.ASCII)
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


class ConfigStore:
    """All committed configurations of one appliance, owned by this process until `close`.

    Raises UserError, with a sentence, when the disk refuses.
    """

    def __init__(self, directory: Path, lock: DirectoryLock, greeting: Greeting) -> None:
        self._directory = directory
        self._lock = lock
        self._greeting = greeting
        self._history: list[ConfigVersion] = []
        self._serial = ""

    @classmethod
    def open(
        cls, directory: Path, initial: Callable[[], Config], now: datetime, greeting: Greeting
    ) -> "ConfigStore":
        """The store in a directory; an empty one gets what `initial` gives as version 1.

        `greeting` makes the text of the `greeting` file, which each commit writes. Raises
        ApplianceBusy when another process owns the directory, BadFile when the latest version
        cannot be read: nothing is changed then.
        """
        directory = directory.absolute()
        for folder in (directory, directory / "versions", directory / "configuration"):
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
        return self._history[-1]

    @property
    def serial(self) -> str:
        """The appliance's serial number, made at its first start and kept."""
        return self._serial

    def staged(self) -> StagedConfig:
        """A new login's configuration."""
        return StagedConfig(self)

    def versions(self) -> tuple[ConfigVersion, ...]:
        """All commits, newest first; raises BadFile when one cannot be read."""
        numbers = sorted(self._numbers(), reverse=True)
        return tuple(self._read_version(number) for number in numbers)

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
            raise UserError("\n".join(problems))
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
        if numbers := self._numbers():
            self._history.append(self._read_version(max(numbers)))
            self._write_greeting()
        else:
            self._write(initial(), Change(FIRST_AUTHOR, now, FIRST_COMMENT))

    def _write(self, config: Config, change: Change) -> ConfigVersion:
        number = self.current.number + 1 if self._history else 1
        version = ConfigVersion(
            number, config, change.author, change.at, change.comment, change.for_rollback
        )
        data = version_to_xml(version, self._serial)
        if len(data) > MOST_BYTES:  # what is written must be readable at the next start
            raise UserError(f"The configuration is larger than {MOST_BYTES} bytes.")
        write_atomically(self._version_path(number), data)
        self._history.append(version)
        # Committed is committed: a greeting that could not be written is made good at next start.
        with contextlib.suppress(UserError):
            self._write_greeting()
        return version

    def _write_greeting(self) -> None:
        text = self._greeting(self.current.config.hostname).encode()
        path = self._directory / "greeting"
        if not path.is_file() or path.read_bytes() != text:
            write_atomically(path, text)

    def _conflict(self, areas: tuple[str, ...], base: ConfigVersion) -> CommitConflict:
        newer = [version for version in self._history if version.number >= base.number]
        for before, after in reversed(list(itertools.pairwise(newer))):
            if set(areas) & set(changed_areas(before.config, after.config)):
                return CommitConflict(areas, after.author, after.at)
        raise AssertionError("a conflict comes from a commit after the base")

    def _numbers(self) -> list[int]:
        names = (path.name for path in (self._directory / "versions").iterdir())
        return [int(match[1]) for name in names if (match := _VERSION_FILE.fullmatch(name))]

    def _version_path(self, number: int) -> Path:
        return self._directory / "versions" / f"{number:06}.xml"

    def _read_version(self, number: int) -> ConfigVersion:
        path = self._version_path(number)
        try:
            return version_from_xml(number, path.read_bytes())
        except BadFile as error:
            raise BadFile(f'"{path}": {error}') from None
        except OSError as error:
            raise BadFile(f'"{path}" cannot be read: {error.strerror}.') from None

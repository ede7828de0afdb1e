"""The files of the committed versions: one XML file each, numbered from 1."""

import contextlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from seg_cli.config.codec.text_file import MOST_BYTES
from seg_cli.config.disk import make_directory, read_plain_file, write_atomically
from seg_cli.config.rollback import MOST_KEPT
from seg_cli.config.versions import (
    Commit,
    ConfigVersion,
    commit_from_header,
    version_from_xml,
    version_to_xml,
)
from seg_cli.errors import BadFile, UserError

MOST_RECENT = 10
"""The latest commits, saved for rollback or not, that stay on the disk for whoever looks there."""

_NAME = re.compile(r"([0-9]{6,})\.xml", re.ASCII)
_MOST_LINES = 100


class VersionFiles:
    """A folder of versions. Raises UserError, with a sentence, when the disk refuses."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def numbers(self) -> list[int]:
        """The versions that are there, oldest first."""
        if not self._folder.exists():
            return []
        names = (path.name for path in self._folder.iterdir())
        return sorted(int(match[1]) for name in names if (match := _NAME.fullmatch(name)))

    def read(self, number: int) -> ConfigVersion:
        """One version; raises BadFile, naming the file, when it cannot be read."""
        path = self._path(number)
        try:
            return version_from_xml(number, read_plain_file(path, MOST_BYTES))
        except BadFile as error:
            raise BadFile(f'"{path}": {error}') from None
        except OSError as error:
            raise BadFile(f'"{path}" cannot be read: {error.strerror}.') from None
        except ValueError as error:
            raise BadFile(f'"{path}" {error}.') from None

    def write(self, version: ConfigVersion, serial: str) -> None:
        """Put a version in place, whole or not at all."""
        data = version_to_xml(version, serial)
        if len(data) > MOST_BYTES:  # what is written must be readable at the next start
            raise UserError(f"The configuration is larger than {MOST_BYTES} bytes.")
        make_directory(self._folder)
        write_atomically(self._path(version.number), data)

    def saved_for_rollback(self) -> tuple[Commit, ...]:
        """The commits that can be rolled back to, newest first; unreadable files are left out.

        Only the headers are read.
        """
        saved = (c for c in self._commits(reversed(self.numbers())) if c.for_rollback)
        return tuple(saved)[:MOST_KEPT]

    def prune(self) -> None:
        """Remove what is neither saved for rollback, as far as is kept, nor among the latest."""
        older = self.numbers()[:-MOST_RECENT]
        if not older:
            return
        kept = {commit.number for commit in self.saved_for_rollback()}
        for commit in self._commits(older):
            if commit.number not in kept:
                with contextlib.suppress(OSError):
                    self._path(commit.number).unlink()

    def _commits(self, numbers: Iterable[int]) -> Iterator[Commit]:
        for number in numbers:
            with contextlib.suppress(BadFile, OSError):
                yield commit_from_header(number, self._header(number))

    def _header(self, number: int) -> tuple[str, ...]:
        """The lines of the comment that a version begins with."""
        lines: list[str] = []
        with self._path(number).open("rb") as file:
            for line, _ in zip(file, range(_MOST_LINES), strict=False):
                text = line.decode("ascii", "replace").strip()
                if text == "-->":
                    break
                lines.append(text)
        return tuple(lines)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:06}.xml"

"""A file that grows by lines, and knows its size."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


class LineWriter:
    """A new file of lines, readable by its owner alone. Raises OSError when the machine refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("xb", buffering=0)
        path.chmod(0o600)
        self.size = 0

    @property
    def is_in_place(self) -> bool:
        """Whether its name still leads to it."""
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self._file.fileno()))
        except OSError:
            return False

    def write(self, lines: Sequence[str]) -> None:
        """Put lines into the file, all at once; all or none of them if the machine refuses."""
        data = memoryview(("\n".join(lines) + "\n").encode() if lines else b"")
        size = self.size + len(data)
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError:
            with suppress(OSError):
                self._file.truncate(self.size)
                self._file.seek(self.size)
            raise
        self.size = size

    def close(self) -> None:
        """End the file."""
        with suppress(OSError):  # what was written is written
            self._file.close()

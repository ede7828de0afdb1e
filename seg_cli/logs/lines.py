"""A file that grows by lines, and knows its size."""

from collections.abc import Sequence
from pathlib import Path


class LineWriter:
    """A new file of lines, readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=0)
        path.chmod(0o600)
        self.size = 0

    def write(self, lines: Sequence[str]) -> None:
        """Put lines into the file, all at once."""
        data = memoryview(("\n".join(lines) + "\n").encode() if lines else b"")
        self.size += len(data)
        while data:
            data = data[self._file.write(data) :]

    def close(self) -> None:
        """End the file."""
        self._file.close()

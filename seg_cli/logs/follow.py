"""The end of a log, over as many of its files as it takes."""

from collections.abc import Sequence
from pathlib import Path

BLOCK = 16 * 1024


def last_lines(paths: Sequence[Path], count: int) -> list[str]:
    """The last so many lines of files that follow each other, oldest first, without line ends."""
    lines: list[str] = []
    for path in reversed(paths):
        lines = _last_of(path, count - len(lines)) + lines
        if len(lines) >= count:
            break
    return lines


def _last_of(path: Path, count: int) -> list[str]:
    """The last lines of one file; no more of it is read than that takes."""
    with path.open("rb") as file:
        start = file.seek(0, 2)
        end = b""
        while start and end.count(b"\n") <= count:
            step = min(BLOCK, start)
            start -= step
            file.seek(start)
            end = file.read(step) + end
    lines = end.removesuffix(b"\n").split(b"\n") if end else []
    return [line.decode("utf-8", "backslashreplace") for line in lines[-count:]]

"""The search of `grep`, a process of its own: an operator's pattern can backtrack for ever, and a
process can be ended where a thread cannot.

    python -m seg_cli.logs.search FLAGS CONTEXT SECONDS COUNT PATTERN... FILE...

FLAGS holds `i` to ignore case and `v` for the lines that do not match, `-` for neither; COUNT says
how many patterns there are. Without a file the lines are those of standard input, each answered at
once. SECONDS of processor time are allowed (for the files together, or for each line of input):
then SIGVTALRM ends the process.
"""

import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from io import BufferedReader

from seg_cli.logs.matching import Matcher, without

CHUNK = 1024 * 1024

Write = Callable[[bytes], object]


class Search:
    """What to look for, and what of the lines around a match is still to be shown."""

    def __init__(self, matcher: Matcher, flags: str, context: int) -> None:
        self._matcher = matcher
        self._inverted = "v" in flags
        self._context = context
        self._before: deque[bytes] = deque(maxlen=context)
        self._after = 0

    def of(self, chunk: bytes) -> bytes:
        """What there is to show of a chunk of whole lines, which follows the one before it."""
        found = self._matcher.lines(chunk)
        spans = without(found, chunk) if self._inverted else found
        if not self._context:
            return b"".join([chunk[start:end] for start, end in spans])
        return b"".join(self._with_context(chunk, spans))

    def _with_context(self, chunk: bytes, spans: Iterable[tuple[int, int]]) -> Iterator[bytes]:
        """Lines before a match are kept until one comes; those after it are counted down."""
        done = 0
        for start, end in (*spans, (len(chunk), len(chunk))):
            for line in _split(chunk[done:start]):
                if self._after:
                    self._after -= 1
                    yield line
                else:
                    self._before.append(line)
            if start < end:
                yield from self._before
                self._before.clear()
                yield chunk[start:end]
                self._after = self._context
            done = end


def _split(lines: bytes) -> list[bytes]:
    return [line + b"\n" for line in lines.split(b"\n")[:-1]]


def chunks(file: BufferedReader) -> Iterator[bytes]:
    """A file in pieces of whole lines; the last line is ended if it is not."""
    while chunk := file.read(CHUNK):
        chunk += file.readline()
        yield chunk if chunk.endswith(b"\n") else chunk + b"\n"


def search_files(search: Search, files: Sequence[str], write: Write) -> None:
    """Show what is found in files, one after the other."""
    for name in files:
        with suppress(FileNotFoundError), _opened(name) as file:
            for chunk in chunks(file):
                write(search.of(chunk))


def _opened(name: str) -> BufferedReader:
    """The file, also if it was rolled over since it was named."""
    try:
        return open(name, "rb")  # noqa: PTH123 - pathlib takes longer to load than this
    except FileNotFoundError:
        return open(f"{name.removesuffix('.c')}.s", "rb")  # noqa: PTH123 - as above


def search_input(search: Search, lines: Iterable[bytes], write: Write, seconds: float) -> None:
    """Show what is found in lines as they come."""
    for line in lines:
        allow(seconds)
        write(search.of(line))
        allow(0)


def allow(seconds: float) -> None:
    """End this process after so much of its own computing; never, for 0."""
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)


def main(arguments: Sequence[str]) -> int:
    """Print what was found; always 0."""
    flags, context, seconds, count, *rest = arguments
    patterns, files = rest[: int(count)], rest[int(count) :]
    matcher = Matcher(patterns, ignore_case="i" in flags)
    search = Search(matcher, flags, int(context))
    output = sys.stdout.buffer

    def write_at_once(data: bytes) -> None:
        output.write(data)
        output.flush()

    if files:
        allow(float(seconds))
        search_files(search, files, output.write)
        output.flush()
    else:
        search_input(search, sys.stdin.buffer, write_at_once, float(seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The search of `grep`, a process of its own: an operator's pattern can backtrack for ever, and a
process can be ended where a thread cannot.

    python -m seg_cli.logs.search FLAGS CONTEXT FILE... < patterns, one a line

FLAGS holds `i` to ignore case and `v` for the lines that do not match, `-` for neither.
"""

import re
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path


def search(
    lines: Iterable[str], patterns: Sequence[re.Pattern[str]], flags: str, context: int
) -> Iterator[str]:
    """The lines that any pattern matches (or none, under `v`), with `context` lines around each."""
    before: deque[str] = deque(maxlen=context)
    after = 0
    for line in lines:
        if any(pattern.search(line) for pattern in patterns) is not ("v" in flags):
            yield from before
            before.clear()
            yield line
            after = context
        elif after:
            after -= 1
            yield line
        else:
            before.append(line)


def main(arguments: Sequence[str]) -> int:
    """Print what was found; 0 if there was anything, 1 if not, as grep does."""
    flags, context, *files = arguments
    case = re.IGNORECASE if "i" in flags else re.RegexFlag(0)
    patterns = [re.compile(pattern, case) for pattern in sys.stdin.read().split("\n")]
    found = 1
    for file in files:
        with Path(file).open(encoding="utf-8", errors="backslashreplace", newline="\n") as lines:
            for line in search(lines, patterns, flags, int(context)):
                sys.stdout.write(line)
                found = 0
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

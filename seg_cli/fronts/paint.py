"""Painted first: the greeting is on the screen before anything slow is imported.

What is typed meanwhile waits in the terminal. The line editor shows it when it takes over, so the
terminal itself must not echo it: it would stand there twice.
"""

import os
import signal
import termios
from contextlib import suppress
from types import FrameType, TracebackType

STDIN = 0
STDOUT = 1


class Paint:
    """A painted greeting; `hand_over()` once the line editor has read for the first time.

    As a context manager it hands over at its end too, so a failing start leaves a sane terminal.
    """

    def __init__(self, text: str) -> None:
        self.prompt = text.rpartition("\n")[2]
        self._attributes = termios.tcgetattr(STDIN)
        signal.signal(signal.SIGINT, _ignore)
        _set_echo_off()
        os.write(STDOUT, text.encode())

    def __enter__(self) -> "Paint":  # noqa: PYI034 - typing takes 2 ms to load
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.hand_over()

    def hand_over(self) -> None:
        """Give the terminal its echo back; what was typed stays in its queue.

        One that was closed needs none.
        """
        with suppress(termios.error):
            termios.tcsetattr(STDIN, termios.TCSANOW, self._attributes)


def paint_first(text: str) -> Paint:
    """Paint the greeting, whose last line is the first prompt; both ends must be a terminal."""
    return Paint(text)


def has_terminal() -> bool:
    """Whether a line editor can run: a terminal at both ends, and not a dumb one."""
    return os.isatty(STDIN) and os.isatty(STDOUT) and os.environ.get("TERM", "dumb") != "dumb"


def _set_echo_off() -> None:
    attributes = termios.tcgetattr(STDIN)
    attributes[3] &= ~termios.ECHO
    termios.tcsetattr(STDIN, termios.TCSANOW, attributes)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Ctrl-C before the first prompt reads: the terminal drops what was typed, nothing else ends.

    A function, not SIG_IGN, which every child process would inherit.
    """

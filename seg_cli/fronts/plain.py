"""The plain front: pipes and TERM=dumb. No editor, no control codes, nothing paged.

Answers that come from a pipe are not echoed; the line is ended after each, so that what is
printed stays readable. On a dumb terminal the echo of Enter has ended it.
"""

import asyncio
import os
import sys
import termios
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, TypeVar

from seg_cli.dialogue.console import LONGEST_LINE
from seg_cli.dialogue.interruption import Interruption
from seg_cli.dialogue.teletype import Complete, Entry
from seg_cli.errors import EndOfInput, Interrupted, OutputLost

T = TypeVar("T")

CHUNK = 65_536
STDIN = 0

LONGEST = 8 * LONGEST_LINE
"""Octets kept of a line: more than any line that the console takes."""

WAITING = 1000
"""Lines read before they are asked for: a pipe may hold more than fits into memory."""


class PlainTeletype:
    """Lines from standard input, text to standard output.

    A daemon thread reads the descriptor: reading through `sys.stdin` in a thread aborts the
    process at its exit, and an event loop cannot watch a file.
    """

    def __init__(self, output: TextIO | None = None, descriptor: int = STDIN) -> None:
        self._output = output or sys.stdout
        self._descriptor = descriptor
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._room = threading.Semaphore(WAITING)
        self._ended = False
        self._reader: threading.Thread | None = None
        self._interruption = Interruption()

    @property
    def rows(self) -> int | None:
        """Nothing is paged."""
        return None

    def write(self, text: str) -> None:
        try:
            self._output.write(text)
            self._output.flush()
        except OSError:
            raise OutputLost from None

    async def read_line(
        self,
        prompt: str,
        *,
        entry: Entry = Entry.ANSWER,
        complete: Complete | None = None,  # noqa: ARG002 - there is no Tab in a pipe
    ) -> str:
        self.write(prompt)
        if not os.isatty(self._descriptor):
            return await self._read_and_end_line()
        if entry is Entry.SECRET:
            with without_echo(self._descriptor):
                return await self._read_and_end_line()
        try:
            return await self.interruptible(self.raw_line())
        except (Interrupted, EndOfInput, asyncio.CancelledError):
            self.write("\n")
            raise

    async def raw_line(self) -> str:
        if self._ended:
            raise EndOfInput
        if self._reader is None:
            self._start_reader()
        line = await self._lines.get()
        self._room.release()
        if line is None:
            self._ended = True
            raise EndOfInput
        return line

    async def interruptible(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return await self._interruption.run(coroutine)

    def interrupt(self) -> None:
        """Ctrl-C: end what runs; the handler of SIGINT calls this."""
        self._interruption.interrupt()

    async def _read_and_end_line(self) -> str:
        try:
            return await self.interruptible(self.raw_line())
        finally:
            self.write("\n")

    def _start_reader(self) -> None:
        loop = asyncio.get_running_loop()
        self._reader = threading.Thread(target=self._read, args=(loop,), daemon=True)
        self._reader.start()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        """Split what comes into lines; LF and CR LF end one, and so does the end.

        Of a line that no command and no answer can be as long as, the rest is not kept.
        """
        rest = b""
        while data := _read_chunk(self._descriptor):
            first, *others = data.split(b"\n")
            *lines, rest = (rest + first)[:LONGEST], *others
            for line in lines:
                self._room.acquire()
                _hand_over(loop, self._lines, line.removesuffix(b"\r"))
        if rest:
            _hand_over(loop, self._lines, rest)
        _hand_over(loop, self._lines, None)


@contextmanager
def without_echo(terminal: int) -> Iterator[None]:
    """Within it the terminal does not show what is typed."""
    found = termios.tcgetattr(terminal)
    hidden = termios.tcgetattr(terminal)
    hidden[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSANOW, hidden)
    try:
        yield
    finally:
        with suppress(termios.error):  # it was closed
            termios.tcsetattr(terminal, termios.TCSANOW, found)


def _read_chunk(descriptor: int) -> bytes:
    """What came; nothing at the end, and when the terminal was hung up (EIO)."""
    try:
        return os.read(descriptor, CHUNK)
    except OSError:
        return b""


def _hand_over(
    loop: asyncio.AbstractEventLoop,
    lines: "asyncio.Queue[str | None]",
    line: bytes | None,
) -> None:
    """From the reading thread to the loop; a loop that has ended needs no more lines."""
    text = None if line is None else line.decode("utf-8", "replace")
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(lines.put_nowait, text)

"""The front of lines that wait for nothing: answers from standard input, without an event loop."""

import sys
from collections.abc import Coroutine
from typing import Any, TextIO, TypeVar

from seg_cli.dialogue.teletype import Complete, Entry
from seg_cli.errors import EndOfInput, Interrupted, OutputLost

T = TypeVar("T")


class BatchTeletype:
    """Reads a line when one is asked for, and stands still until it comes."""

    def __init__(self, answers: TextIO | None = None, output: TextIO | None = None) -> None:
        self._answers = answers or sys.stdin
        self._output = output or sys.stdout

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
        complete: Complete | None = None,  # noqa: ARG002 - there is no Tab here
    ) -> str:
        self.write(prompt)
        if entry is Entry.SECRET and self._answers.isatty():
            from getpass import getpass  # noqa: PLC0415 - seldom needed

            return getpass("", self._output)
        return await self.raw_line()

    async def raw_line(self) -> str:
        try:
            line = self._answers.readline()
        except KeyboardInterrupt:
            self.write("\n")
            raise Interrupted from None
        if not self._answers.isatty():
            self.write("\n")
        if not line:
            raise EndOfInput
        return line.rstrip("\r\n")

    async def interruptible(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return await coroutine

"""The terminal front: line editing, history and Tab by prompt_toolkit, imported nowhere else.

It runs while a prompt is open; between prompts the terminal is the operating system's, so what is
typed ahead waits there. Ctrl-C is a key at a prompt and SIGINT while a command runs: the program
that opens this front calls `interrupt()` at SIGINT, and prompt_toolkit is told to leave the signal
alone, for it would put back the default handler after each prompt.
"""

import asyncio
import os
import shutil
import sys
import termios
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any, TypeVar

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.data_structures import Size
from prompt_toolkit.history import DummyHistory, History, InMemoryHistory
from prompt_toolkit.input import Input, create_input
from prompt_toolkit.input.typeahead import get_typeahead, store_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPress, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.output import Output
from prompt_toolkit.output.vt100 import Vt100_Output

from seg_cli.dialogue.interruption import Interruption
from seg_cli.dialogue.teletype import Complete, Completion, Entry
from seg_cli.errors import EndOfInput, Interrupted, OutputLost
from seg_cli.fronts.paint import Paint

T = TypeVar("T")

READ_SIZE = 65_536
START_OF_LINE = "\r"
WIPE_LINE = "\r\x1b[K"


class TerminalTeletype:
    """A Teletype on a terminal; `paint` is the greeting that already stands there, if one does."""

    def __init__(
        self, paint: Paint | None = None, *, keys: Input | None = None, screen: Output | None = None
    ) -> None:
        self._paint = paint
        self._keys = keys or create_input()
        self._screen = screen or terminal_screen()
        self._interruption = Interruption()
        self._complete: Complete = Completion
        self._ahead: asyncio.Future[str] | None = None

    @cached_property
    def _commands(self) -> PromptSession[str]:
        return self._editor(InMemoryHistory(), self._command_keys())

    @cached_property
    def _answers(self) -> PromptSession[str]:
        return self._editor(DummyHistory(), _answer_keys())

    @cached_property
    def _any_key(self) -> PromptSession[str]:
        return self._editor(DummyHistory(), _any_key(), erase_when_done=True)

    @property
    def rows(self) -> int | None:
        """The height of the screen now."""
        return self._screen.get_size().rows

    def write(self, text: str) -> None:
        try:
            self._screen.write_raw(text)
            self._screen.flush()
        except OSError:
            raise OutputLost from None

    async def read_line(
        self, prompt: str, *, entry: Entry = Entry.ANSWER, complete: Complete | None = None
    ) -> str:
        if self._ahead is not None:
            ahead, self._ahead = self._ahead, None
            self._complete = complete or Completion
            return await ahead
        return await self._read_line(prompt, entry, complete)

    async def raw_line(self) -> str:
        """A line as the operating system edits and echoes it; lines pasted at a prompt come first.

        Raises EndOfInput at Ctrl-D.
        """
        if (line := self._pasted_line()) is not None:
            self.write(f"{line}\n")
            return line
        readable = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._keys.fileno(), readable.set)
        try:
            await readable.wait()
        finally:
            loop.remove_reader(self._keys.fileno())
        data = os.read(self._keys.fileno(), READ_SIZE)
        if not data:
            raise EndOfInput
        return data.decode(errors="replace").rstrip("\r\n")

    async def interruptible(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return await self._interruption.run(coroutine)

    def interrupt(self) -> None:
        """Ctrl-C outside a prompt: end what runs. The ^C that the terminal echoed is wiped away."""
        self.write(WIPE_LINE)
        self._interruption.interrupt()

    @asynccontextmanager
    async def reading_ahead(self, prompt: str) -> AsyncIterator[None]:
        """Within it the main prompt takes keys already; the first `read_line` is given the line."""
        self._ahead = asyncio.ensure_future(self._read_line(prompt, Entry.ANSWER, Completion))
        try:
            yield
        finally:
            if self._ahead is not None:
                self._ahead.cancel()
                await asyncio.gather(self._ahead, return_exceptions=True)
                self.write("\n")

    async def _read_line(self, prompt: str, entry: Entry, complete: Complete | None) -> str:
        if self._paint is not None:
            self.write(START_OF_LINE)  # the editor draws its prompt over the painted one
        try:
            return await self.interruptible(self._read(prompt, entry, complete))
        except (OSError, termios.error):  # the terminal was closed
            raise OutputLost from None
        finally:
            self._hand_over()

    async def _read(self, prompt: str, entry: Entry, complete: Complete | None) -> str:
        if complete is not None:
            self._complete = complete
            editor = self._commands
        else:
            editor = self._any_key if entry is Entry.KEY else self._answers
        processors: list[Processor] = [Hidden()] if entry is Entry.SECRET else []
        return await editor.prompt_async(prompt, input_processors=processors, handle_sigint=False)

    def _editor(
        self, history: History, bindings: KeyBindings, *, erase_when_done: bool = False
    ) -> PromptSession[str]:
        return PromptSession(
            history=history,
            key_bindings=bindings,
            input=self._keys,
            output=self._screen,
            interrupt_exception=Interrupted,
            eof_exception=EndOfInput,
            complete_while_typing=False,
            reserve_space_for_menu=0,
            erase_when_done=erase_when_done,
        )

    def _command_keys(self) -> KeyBindings:
        bindings = _pasting()

        @bindings.add(Keys.Tab)
        def _(event: KeyPressEvent) -> None:
            completion = self._complete(event.current_buffer.text)
            _show(completion, event)

        return bindings

    def _hand_over(self) -> None:
        """The terminal has its echo again after the first prompt: before it, a key that comes while
        the editor starts would be shown twice."""
        if self._paint is not None:
            self._paint.hand_over()
            self._paint = None

    def _pasted_line(self) -> str | None:
        """The first whole line among the keys that came after the Enter of the last prompt."""
        waiting = get_typeahead(self._keys)
        for number, press in enumerate(waiting):
            if press.key in {Keys.Enter, Keys.ControlJ}:
                store_typeahead(self._keys, waiting[number + 1 :])
                return "".join(earlier.data for earlier in waiting[:number])
        store_typeahead(self._keys, waiting)
        return None


class Hidden(Processor):
    """Shows nothing of what is typed, not even how much."""

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:  # noqa: ARG002 - whatever it is
        return Transformation([], lambda _position: 0, lambda _position: 0)


def terminal_screen() -> Output:
    """Standard output, never asked where its cursor is: the reply would mix with typed-ahead."""
    return Vt100_Output(sys.stdout, _size, term=os.environ.get("TERM"), enable_cpr=False)


def _size() -> Size:
    columns, rows = shutil.get_terminal_size()
    return Size(rows=rows, columns=columns)


def _show(completion: Completion, event: KeyPressEvent) -> None:
    """Complete the line; candidates are listed under it and the line is shown again below."""
    if completion.candidates:
        run_in_terminal(_printing(completion, event), render_cli_done=True)
    elif completion.line != event.current_buffer.text:
        event.current_buffer.text = completion.line
        event.current_buffer.cursor_position = len(completion.line)


def _printing(completion: Completion, event: KeyPressEvent) -> Callable[[], None]:
    def write() -> None:
        event.app.output.write_raw(", ".join(completion.candidates) + "\n")
        event.app.output.flush()

    return write


def _answer_keys() -> KeyBindings:
    bindings = _pasting()

    @bindings.add(Keys.Tab)
    def _(_event: KeyPressEvent) -> None:
        """Nothing: questions have no completion."""

    return bindings


def _any_key() -> KeyBindings:
    bindings = KeyBindings()

    @bindings.add(Keys.Any, eager=True)
    @bindings.add(Keys.Enter, eager=True)
    def _(event: KeyPressEvent) -> None:
        event.app.exit(result=event.data)

    return bindings


def _pasting() -> KeyBindings:
    """A paste of several lines is typed: each line answers the prompt that stands when it comes."""
    bindings = KeyBindings()

    @bindings.add(Keys.BracketedPaste)
    def _(event: KeyPressEvent) -> None:
        text = event.data.replace("\r\n", "\n").replace("\r", "\n")
        event.key_processor.feed_multiple([_typed(character) for character in text])

    return bindings


def _typed(character: str) -> KeyPress:
    return KeyPress(Keys.Enter, "\r") if character == "\n" else KeyPress(character, character)

"""The console: asks questions and prints, over whatever front the login has.

Output comes in blocks with one blank line before each; nothing but a prompt follows without one.
"""

from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from seg_cli.dialogue.tables import format_table
from seg_cli.dialogue.teletype import Complete, Entry, Teletype
from seg_cli.errors import Invalid
from seg_cli.printable import whole

if TYPE_CHECKING:  # loaded by whoever asks a question
    from seg_cli.dialogue.answers import AnswerSheet
    from seg_cli.dialogue.questions import Question

T = TypeVar("T")

MORE = "-Press Any Key For More-"

LONGEST_LINE = 65_536
"""Characters of a command line or an answer; what is pasted as lines may be as long in all."""

TOO_LONG = f"The value cannot be longer than {LONGEST_LINE} characters."


class Paper:
    """What was printed so far, as far as the next block needs to know."""

    def __init__(self) -> None:
        self.gap = ""
        """What comes before the next block: nothing at the very top, a blank line after that."""


class Console:
    """One login's dialogue; commands talk to the operator through nothing else."""

    def __init__(
        self,
        teletype: Teletype,
        sheet: "AnswerSheet | None" = None,
        paper: Paper | None = None,
    ) -> None:
        self.open_question: Question[Any] | None = None
        """The question that waits for its answer; after Ctrl-C, the one that never got it."""
        self._teletype = teletype
        self._sheet = sheet
        self._paper = paper or Paper()
        self._notices: list[str] = []

    def answered_by(self, sheet: "AnswerSheet") -> "Console":
        """The same console in batch: the sheet answers, and remarks are left out."""
        return Console(self._teletype, sheet, self._paper)

    async def ask(self, question: "Question[T]") -> T:
        """The answer; one that cannot be taken is refused in a sentence and asked for again.

        Raises Interrupted and EndOfInput; in batch MissingAnswer and Invalid.
        """
        if self._sheet is not None:
            return self._sheet.answer(question)
        self.open_question = question
        while True:
            text = await self._read(question)
            try:
                answer = question.parse(checked(text))
            except Invalid as invalid:
                self.say(str(invalid))
            else:
                self.open_question = None
                return answer

    async def read_command(self, prompt: str, complete: Complete) -> str:
        """What was typed at the main prompt; notices held so far are printed before it."""
        self.open_question = None
        if self._notices:
            self.say(*self._notices)
            self._notices.clear()
        self._paper.gap = "\n"
        return whole(await self._teletype.read_line(prompt, complete=complete))

    def say(self, *lines: str) -> None:
        """Print the lines as one block."""
        self.write(self._paper.gap + "".join(f"{line}\n" for line in lines))

    def remark(self, *lines: str) -> None:
        """Print a block for the reader of a dialogue; a batch line does not print it."""
        if self._sheet is None:
            self.say(*lines)

    def write(self, text: str) -> None:
        """Print the text as it is, without a blank line before it."""
        self._paper.gap = "\n"
        self._teletype.write(text)

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a table as one block."""
        self.say(*format_table(headings, rows))

    async def page(self, lines: Sequence[str]) -> None:
        """Print the lines as one block; a screen that is too low for them is filled and waits."""
        self.write(self._paper.gap)
        step = max(1, self._teletype.rows - 1) if self._teletype.rows else len(lines) or 1
        for start in range(0, len(lines), step):
            if start:
                await self._teletype.read_line(MORE, entry=Entry.KEY)
            self.write("".join(f"{line}\n" for line in lines[start : start + step]))

    def hold(self, source: str, *lines: str) -> None:
        """Keep a notice of the lab, the coach or the instructor until the next main prompt."""
        self._notices.extend(f"[{source}] {line}" for line in lines)

    async def raw_line(self) -> str:
        """A line typed without prompt or editor, for `telnet`."""
        return whole(await self._teletype.raw_line())

    async def interruptible(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What the coroutine returns; raises Interrupted when Ctrl-C ended it."""
        return await self._teletype.interruptible(coroutine)

    async def _read(self, question: "Question[Any]") -> str:
        above, line_feed, prompt = question.render().rpartition("\n")
        self.write(self._paper.gap + above + line_feed)
        if question.has_lines:
            return await self._read_lines(prompt)
        entry = Entry.ANSWER if question.shown else Entry.SECRET
        return whole(await self._teletype.read_line(prompt, entry=entry))

    async def _read_lines(self, prompt: str) -> str:
        from seg_cli.dialogue.entries import END_OF_PASTE  # noqa: PLC0415 - see above

        lines: list[str] = []
        room = LONGEST_LINE
        while (line := await self._teletype.read_line(prompt)).strip() != END_OF_PASTE:
            if room >= 0:  # beyond it the answer is refused, whatever follows
                lines.append(whole(line))
            room -= len(line) + 1
        return "\n".join(lines)


def checked(text: str) -> str:
    """What was typed, if it is no longer than anything sensible; raises Invalid."""
    if len(text) > LONGEST_LINE:
        raise Invalid(TOO_LONG)
    return text

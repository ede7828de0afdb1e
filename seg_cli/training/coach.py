"""The coach: tickets, marks and hints as text. Speaks English or Korean, outside the appliance."""

import io
from collections.abc import Sequence

from rich.console import Console, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table

from seg_cli.training.grade import Mark, Standing
from seg_cli.training.lesson import Language, Lesson, load_lesson

WIDTH = 78

STANDINGS = {
    Language.ENGLISH: {
        Standing.PASSED: "reached",
        Standing.NEARLY: "nearly",
        Standing.FAILED: "not yet",
    },
    Language.KOREAN: {
        Standing.PASSED: "달성",
        Standing.NEARLY: "거의",
        Standing.FAILED: "미달성",
    },
}
SCORE = {
    Language.ENGLISH: "{percent} % of 100, hints cost {cost}.",
    Language.KOREAN: "100점 중 {percent}점, 힌트 감점 {cost}점.",
}
NO_MORE_HINTS = {
    Language.ENGLISH: "There are no more hints.",
    Language.KOREAN: "더 이상 힌트가 없습니다.",
}
HINT = {
    Language.ENGLISH: "Hint {number} of {all} (costs {cost}): {text}",
    Language.KOREAN: "힌트 {number}/{all} (감점 {cost}점): {text}",
}


class Coach:
    """Speaks about one lesson in one language; remembers the hints that were taken."""

    def __init__(self, lesson: Lesson, language: Language) -> None:
        self.lesson = lesson
        self.language = language
        self._hints = 0

    @property
    def cost(self) -> int:
        """The points that the hints so far have cost."""
        return sum(hint.cost for hint in self.lesson.hints[: self._hints])

    def ticket(self) -> list[str]:
        """What the operator is told, laid out for a terminal."""
        return _lines(Markdown(self.lesson.ticket[self.language]))

    def hint(self) -> str:
        """The next tier of help; it costs its points from now on."""
        if self._hints == len(self.lesson.hints):
            return NO_MORE_HINTS[self.language]
        hint = self.lesson.hints[self._hints]
        self._hints += 1
        return HINT[self.language].format(
            number=self._hints,
            all=len(self.lesson.hints),
            cost=hint.cost,
            text=hint.text[self.language],
        )

    def marks(self, marks: Sequence[Mark]) -> list[str]:
        """A line for each goal, and the score."""
        table = Table(box=None, show_header=False, pad_edge=False)
        for mark in marks:
            standing = STANDINGS[self.language][mark.standing]
            table.add_row(mark.goal.name, standing, mark.sentence[self.language])
        percent = max(0, sum(mark.points for mark in marks) - self.cost)
        return [*_lines(table), SCORE[self.language].format(percent=percent, cost=self.cost)]


def lesson_table(names: Sequence[str], language: Language) -> list[str]:
    """The lessons there are: name, level, minutes, title."""
    table = Table(box=None, pad_edge=False)
    for heading in ("lesson", "level", "minutes", "title"):
        table.add_column(heading)
    for name in names:
        lesson = load_lesson(name)
        table.add_row(name, str(lesson.level), str(lesson.minutes), lesson.title[language])
    return _lines(table)


def _lines(renderable: RenderableType) -> list[str]:
    """What rich makes of it on a plain terminal, without blanks at the line ends."""
    screen = io.StringIO()
    console = Console(file=screen, width=WIDTH, color_system=None, force_terminal=False)
    console.print(Padding(renderable, 0))
    return [line.rstrip() for line in screen.getvalue().rstrip("\n").split("\n")]

"""The agreement table: its text, the same for the same answers, and what of it is no agreement."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.interop.agreement import Agreement, Table, Tool
from tests.interop.differences import Difference

HEAD = """\
# Interoperation

What foreign programs say beside what seg-cli says, about every name of the lab and about what the
programs themselves bring along. `make interop` asks all of them, writes this page, and fails on a
difference that is not listed here with its reason.

A number counts the questions on which both agree; where there is one question only, its answer
stands for it. A number in brackets points to a difference; `-` means that the program has nothing
to say about the name.
"""


@dataclass(slots=True)
class Report:
    """What was asked so far; `listed` are the differences that are in order."""

    listed: Sequence[Difference]
    answers: dict[str, list[Agreement]] = field(default_factory=lambda: defaultdict(list))

    def add(self, tool: Tool, agreements: Sequence[Agreement]) -> None:
        self.answers[tool.title] += agreements

    def difference(self, tool: str, agreement: Agreement) -> int:
        """The number of the listed difference, counted from 1; 0 if none covers it."""
        covering = (
            number
            for number, difference in enumerate(self.listed, 1)
            if difference.covers(tool, agreement)
        )
        return next(covering, 0)

    def unlisted(self) -> Iterator[str]:
        """A line for each difference that nobody has a reason for."""
        for tool, answers in self.answers.items():
            for one in answers:
                if not one.agrees and not self.difference(tool, one):
                    yield f"{tool}: {one.name}: {one.case}: {one.theirs!s} / we: {one.ours!s}"

    def stale(self) -> Iterator[str]:
        """A line for each listed difference of a tool that was asked and did not differ so."""
        met = {
            self.difference(tool, one)
            for tool, answers in self.answers.items()
            for one in answers
            if not one.agrees
        }
        for number, difference in enumerate(self.listed, 1):
            if number not in met and difference.tool in self.answers:
                yield f"{difference.tool}: {difference.where}: agreed"

    def summary(self) -> Iterator[str]:
        """A line for each tool."""
        for tool, answers in self.answers.items():
            agreed = sum(one.agrees for one in answers)
            listed = sum(bool(self.difference(tool, one)) for one in answers if not one.agrees)
            unlisted = len(answers) - agreed - listed
            yield f"{tool}: {agreed} agree, {listed} differ as listed, {unlisted} differ otherwise"

    def text(self, tables: Sequence[Table]) -> str:
        """The whole page."""
        parts = [HEAD, *(self._table(table) for table in tables), self._listed()]
        return "\n".join(parts)

    def _table(self, table: Table) -> str:
        titles = [tool.title for tool in table.tools]
        cells: Mapping[str, dict[str, list[Agreement]]] = defaultdict(lambda: defaultdict(list))
        for title in titles:
            for one in self.answers.get(title, ()):
                cells[one.name][title].append(one)
        rows = [
            [name, *(self._cell(title, by_tool.get(title, [])) for title in titles)]
            for name, by_tool in sorted(cells.items(), key=lambda row: place_of(row[0]))
        ]
        head = ["", *titles]
        lines = [head, ["---"] * len(head), *rows]
        body = "".join(f"| {' | '.join(line)} |\n" for line in lines)
        return f"## {table.title}\n\n{table.about}\n\n{body}"

    def _cell(self, tool: str, answers: Sequence[Agreement]) -> str:
        if not answers:
            return "-"
        if len(answers) == 1 and answers[0].agrees:
            return answers[0].ours
        agreed = sum(one.agrees for one in answers)
        marks = {self.difference(tool, one) for one in answers if not one.agrees}
        return " ".join([str(agreed), *(f"[{mark or 'unlisted'}]" for mark in sorted(marks))])

    def _listed(self) -> str:
        lines = ["## Differences that are in order\n\n"]
        for number, one in enumerate(self.listed, 1):
            lines.append(
                f"{number}. {one.tool}, {one.where}: it says "
                f'"{one.theirs}", we say "{one.ours}". {one.reason}\n'
            )
        return "".join(lines)


def place_of(name: str) -> tuple[str, ...]:
    """Names sort below the names they belong to."""
    return tuple(reversed(name.split(".")))

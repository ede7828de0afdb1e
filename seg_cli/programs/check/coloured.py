"""The tables of `check` on a terminal, in colour (none where NO_COLOR is set)."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from seg_cli.programs.check.report import Cell, Report, Section, Tone

STYLES = {Tone.PLAIN: "", Tone.GOOD: "green", Tone.WARNING: "yellow", Tone.BAD: "red"}


def write(whole: Report, console: Console | None = None) -> None:
    """Print the report."""
    console = console or Console(highlight=False)
    for section in whole.sections:
        console.print(table(section))
    console.print(text(whole.conclusion))


def table(section: Section) -> Table:
    """One section as rich lays it out."""
    laid_out = Table(title=section.title, title_justify="left", box=SIMPLE_HEAD)
    laid_out.show_header = any(section.headings)
    for heading in section.headings:
        laid_out.add_column(Text(heading), overflow="fold")
    for row in section.rows:
        laid_out.add_row(*map(text, row))
    return laid_out


def text(cell: Cell) -> Text:
    """A cell in its colour; what looks like markup is not taken for any."""
    return Text(cell.text, STYLES[cell.tone])

"""python -m tests.interop: ask all programs, print the table, and write it to docs/interop.md.

Ends with 0 if all agree or differ as listed, with 1 on any other difference, and with 77 if a
program is not there: those that are have been asked, and the page stays as it is.
"""

import sys
import tempfile
from pathlib import Path
from time import monotonic
from typing import Final

from seg_cli.lab.internet import Lab
from seg_cli.lab.reading import load_spec
from seg_cli.net.clock import machine_time
from tests.interop.agreement import Ground, Tool
from tests.interop.differences import DIFFERENCES
from tests.interop.processes import is_there
from tests.interop.report import Report
from tests.interop.tables import TABLES

PAGE: Final = Path(__file__).parents[2] / "docs" / "interop.md"
WORLD: Final = "tech-note-222782"
NOT_THERE: Final = 77


def main() -> int:
    """The exit status."""
    tools = [tool for table in TABLES for tool in table.tools]
    missing = {need for tool in tools for need in tool.needs if not is_there(need)}
    report = ask([tool for tool in tools if missing.isdisjoint(tool.needs)])
    page = report.text(TABLES)
    say(page)
    for line in report.summary():
        say(line)
    faults = [*report.unlisted(), *(f"no longer: {line}" for line in report.stale())]
    for line in faults:
        say(f"NOT LISTED: {line}")
    for need in sorted(missing):
        say(f"NOT THERE: {need}")
    if faults:
        return 1
    if missing:
        return NOT_THERE
    if page != PAGE.read_text():
        say(f"WRITTEN: {PAGE.name} is another than it was, and is to be committed.")
        PAGE.write_text(page)
    return 0


def ask(tools: list[Tool]) -> Report:
    """Ask these, one after the other, in one lab."""
    report = Report(DIFFERENCES)
    with tempfile.TemporaryDirectory(prefix="interop-") as name:
        directory = Path(name)
        directory.chmod(0o755)  # servers that leave root behind read their files here
        with Lab(load_spec(WORLD), directory / "lab", machine_time) as lab:
            for tool in tools:
                began = monotonic()
                report.add(tool, list(tool.agreements(Ground(lab, directory))))
                say(f"{tool.title}: {monotonic() - began:.0f} s")
    return report


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

"""What `mutmut run` left: every mutant that no test noticed must be excused in docs/mutants.md.

Run as `python -m tests.mutants` by `make mutants`. Ends with 1 if a survivor is not excused, if an
excuse is no longer needed, or if more than 5 % survive.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

MUTMUT = Path(sys.executable).with_name("mutmut")
EXCUSES = Path("docs/mutants.md")
STATISTICS = Path("mutants/mutmut-cicd-stats.json")
MOST = 0.05

EXCUSE = re.compile(r"^- `(?P<place>[^`]+)`: `(?P<change>[^`]*)`: \S", re.MULTILINE)
UNNOTICED = re.compile(r"^ +(?P<name>\S+): (?:survived|no tests|suspicious)$", re.MULTILINE)
FUNCTION = re.compile(r"seg_cli\.(?P<module>.+)\.x(?:_|ǁ(?P<owner>\w+)ǁ)(?P<name>.+)__mutmut_\d+")


@dataclass(frozen=True, slots=True, order=True)
class Survivor:
    """A function and what one of its lines became, which outlives the numbers of mutmut."""

    place: str
    change: str

    def __str__(self) -> str:
        return f"- `{self.place}`: `{self.change}`: "


def mutmut(*arguments: str) -> str:
    """What mutmut printed."""
    return subprocess.run([MUTMUT, *arguments], capture_output=True, text=True, check=True).stdout


def survivor(name: str) -> Survivor:
    """The mutant of this name; the change is what the new lines say, or `-` and what is gone."""
    place = FUNCTION.fullmatch(name)
    assert place is not None, name
    owner = f"{place['owner']}." if place["owner"] else ""
    diff = mutmut("show", name).split("\n")
    lines = {
        sign: [line[1:].strip() for line in diff if line[:1] == sign and line[:3] != sign * 3]
        for sign in "-+"
    }
    change = " ".join(lines["+"]) or f"- {' '.join(lines['-'])}"
    return Survivor(f"{place['module']} {owner}{place['name']}", change)


def excused() -> Counter[Survivor]:
    """The survivors that the document excuses."""
    found = EXCUSE.finditer(EXCUSES.read_text("utf-8"))
    return Counter(Survivor(match["place"], match["change"]) for match in found)


def main() -> int:
    """Compare, tell, and return the exit status."""
    mutmut("export-cicd-stats")
    statistics = json.loads(STATISTICS.read_text("utf-8"))
    survivors = Counter(survivor(match["name"]) for match in UNNOTICED.finditer(mutmut("results")))
    share = survivors.total() / statistics["total"]
    new, gone = survivors - excused(), excused() - survivors
    report = [
        f"{statistics['total']} mutants, {survivors.total()} survive ({share:.1%}).",
        *(f"Not in {EXCUSES}: {each}" for each in sorted(new.elements())),
        *(f"In {EXCUSES}, but noticed: {each}" for each in sorted(gone.elements())),
    ]
    if share > MOST:
        report.append(f"More than {MOST:.0%} survive.")
    sys.stdout.write("\n".join(report) + "\n")
    return 1 if new or gone or share > MOST else 0


if __name__ == "__main__":
    sys.exit(main())

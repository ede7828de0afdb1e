"""`lab questions`: how many DNS questions the lab's name servers got, as they counted them."""

from collections import Counter
from typing import Final

from seg_cli.errors import Invalid
from seg_cli.lab.station import Station
from seg_cli.printable import printable
from seg_cli.shell.session import Session

HEADINGS: Final = ("Type", "Questions", "Names")
NOTHING: Final = "The name servers of the lab have not been asked anything yet."


async def run(station: Station, session: Session, words: tuple[str, ...]) -> None:
    """A row for each type: the questions since the lab came up, and how many names they were for.

    What the appliance answered from its own cache was not asked.
    """
    if words:
        word = printable(" ".join(words))
        raise Invalid(f"Invalid arguments when processing lab: questions {word}")
    asked = tuple((await station.lab()).journal.questions)
    counted = Counter(question.rdtype for question in asked)
    names = Counter(rdtype for rdtype, _ in {(each.rdtype, each.name) for each in asked})
    rows = [(rdtype, str(counted[rdtype]), str(names[rdtype])) for rdtype in sorted(counted)]
    if rows:
        session.console.table(HEADINGS, rows)
    else:
        session.console.say(NOTHING)

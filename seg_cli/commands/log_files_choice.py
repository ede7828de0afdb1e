"""Which files of a log are searched: all, the current one, or those of some dates."""

import re
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from seg_cli.dialogue.entries import Line
from seg_cli.dialogue.questions import Choice, Item
from seg_cli.errors import Invalid
from seg_cli.logs.header import ctime
from seg_cli.logs.log_file import started
from seg_cli.shell.session import Session


class Files(Enum):
    """Which files of a log are searched."""

    ALL = auto()
    LISTED = auto()
    CURRENT = auto()


FILES_QUESTION: Choice[Files] = Choice(
    "files",
    "Please choose which set of logs to search:",
    (
        Item("All available log files", Files.ALL),
        Item("Select log files by date list", Files.LISTED),
        Item("Current log file", Files.CURRENT),
    ),
    default=Files.CURRENT,
)
DATES_QUESTION = """\
Available mail log files, listed by log file start time.
Specify multiple log files by separating with commas or specify a range
with a dash:
{dates}"""
NUMBERS = re.compile(r"\d{1,4}(-\d{1,4})?(, *\d{1,4}(-\d{1,4})?)*", re.ASCII)


async def ask_files(session: Session, paths: list[Path]) -> list[Path]:
    """The files that are chosen of these, which are in order, the current one last."""
    match await session.console.ask(FILES_QUESTION):
        case Files.ALL:
            return paths
        case Files.CURRENT:
            return paths[-1:]
        case Files.LISTED:
            zone = session.appliance.config.zone
            dates = [f"{n}. {ctime(started(path), zone)}" for n, path in enumerate(paths, 1)]
            prompt = DATES_QUESTION.format(dates="\n".join(dates))
            question = Line("dates", prompt, default="1", check=within(len(paths)))
            return [paths[n - 1] for n in numbers_in(await session.console.ask(question))]


def within(most: int) -> Callable[[str], str]:
    """The check of a list of numbers from 1 up to the most there are."""

    def check(text: str) -> str:
        if NUMBERS.fullmatch(text):
            numbers = numbers_in(text)
            if numbers and min(numbers) >= 1 and max(numbers) <= most:
                return text
        raise Invalid("That value is not valid.")

    return check


def numbers_in(text: str) -> list[int]:
    """The numbers of a list such as `1,3-5`, in order."""
    numbers: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return sorted(numbers)

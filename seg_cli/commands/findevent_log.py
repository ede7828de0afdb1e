"""What findevent reads in a log: which messages some lines are of, and all lines about one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from seg_cli.logs.searching import Query, find_lines

MOMENT = 24
"""A line begins with so many characters of date and time."""

BEGINNING = re.compile(r"(.{24}) \w+: (?:Start MID (\d+) ICID |MID (\d+) Subject \"(.*)\"$)")
BEGINNINGS = Query((r"Info: Start MID \d+ ICID |Info: MID \d+ Subject ",))
NUMBERED = re.compile(r"\bMID (\d+)\b")
CONNECTION = re.compile(r"\b([ID]CID):? (\d+)\b")
GENERATED = "0"
"""The connection of mail that came by none, or went by none."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its number, the moment it began, its subject."""

    mid: int
    began: str
    subject: str

    @property
    def described(self) -> str:
        """The message in one line: `MID 4 (Tue Jul 31 17:37:35 2007) Subject text`."""
        return f"MID {self.mid} ({self.began}) {self.subject}".rstrip()


async def messages(found: Iterable[str], files: Sequence[Path]) -> list[Message]:
    """The messages that the lines are of, by number."""
    began = {int(number[1]): line[:MOMENT] for line in found if (number := NUMBERED.search(line))}
    if not began:
        return []
    subjects: dict[int, str] = {}
    for line in await find_lines(BEGINNINGS, files):
        if not (read := BEGINNING.match(line)):
            continue
        mid = int(read[2] or read[3])
        if read[2] and mid in began:
            began[mid] = read[1]
        elif read[3]:
            subjects[mid] = read[4]
    return [Message(mid, at, subjects.get(mid, "")) for mid, at in sorted(began.items())]


async def lines_about(mid: int, files: Sequence[Path]) -> list[str]:
    """All lines of a message, and of the connections it came and went by, in their order."""
    own = await find_lines(Query((rf"\bMID {mid}\b",)), files)
    ways = {tuple(way) for line in own for way in CONNECTION.findall(line)}
    names = [rf"{kind}:? {number}" for kind, number in sorted(ways) if number != GENERATED]
    either = "|".join([f"MID {mid}", *names])
    found = await find_lines(Query((rf"\b(?:{either})\b",)), files)
    return [line for line in found if _is_about(line, mid)]


def _is_about(line: str, mid: int) -> bool:
    """A line that names other messages alone is about them, whatever it came by."""
    named = NUMBERED.findall(line)
    return not named or str(mid) in named

"""Lines of mail_logs as values: the moment, the text, and the numbers of what a line is about."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

PREFIX = re.compile(
    r"(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}) (Critical|Warning|Info|Debug|Trace): (.*)"
)
HEADER = re.compile(r"Begin Logfile$|Version: |Time offset from UTC: ")

MID_OF = re.compile(
    r"(?:Start |Message (?:finished|aborted) |Deleted: |Double bounce: )?MID (\d+)"
    r"|(?:Delivery start|Message done|Bounced:|Delayed:|Possible Delivery:) DCID:? \d+ MID (\d+)"
)
DCID_OF = re.compile(
    r"(?:New SMTP |Delivery start |Message done |Bounced: |Delayed: |Connection Error: )?DCID (\d+)"
    r"|(?:Possible Delivery:|SMTP client connection killed) DCID: (\d+)"
    r"|Mail delivery client with DCID (\d+) exited"
)
RIDS_OF = re.compile(r" MID \d+ to (?:RID )?(\[[\d, ]*\]|\d+)|MID \d+ RID (\[[\d, ]*\]) Response ")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its moment, its text, and the numbers of what it is about."""

    whole: str
    at: datetime
    text: str

    @property
    def mid(self) -> int | None:
        return _number(MID_OF.match(self.text))

    @property
    def dcid(self) -> int | None:
        """The connection; None where no connection was tried (DCID 0)."""
        return _number(DCID_OF.match(self.text)) or None

    @property
    def rids(self) -> frozenset[int]:
        found = RIDS_OF.search(self.text)
        return frozenset(map(int, re.findall(r"\d+", found[1] or found[2]))) if found else _NONE

    def begins(self, *words: str) -> bool:
        return self.text.startswith(words)


_NONE: frozenset[int] = frozenset()


def read(whole: str) -> Line | None:
    """The line as a value; None for what does not begin with its moment and level."""
    found = PREFIX.fullmatch(whole)
    if found is None:
        return None
    at = datetime.strptime(found[1], "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    return Line(whole, at, found[3])


def _number(found: re.Match[str] | None) -> int | None:
    return int(next(filter(None, found.groups()))) if found else None

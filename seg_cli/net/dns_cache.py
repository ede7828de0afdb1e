"""The DNS cache: answers kept by name and type until they expire, at the appliance's time.

It holds values and reads no clock: whoever asks says what time it is.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from seg_cli.policy.facts import Absent, Found

CNAME: Final = "CNAME"
MOST_ENTRIES: Final = 50_000

TICKS_PER_SECOND: Final = 2_194_678_832
"""The appliance's 2.19 GHz counter, from the two encache lines of the tech note."""

NOTED_TICKS: Final = 131_794_459_543_073_830
NOTED_INSTANT: Final = datetime(2024, 9, 26, 15, 53, 39, tzinfo=UTC)
"""One point of the counter: the expiry the tech note shows, and the time it stands for."""


def ticks(at: datetime) -> int:
    """An instant as the log shows it: CPU ticks since the appliance started.

    The start is fixed so that the tech note's line comes out: an answer of TTL 0 that is kept on
    2024-09-26 at 15:23:39 UTC for the minimum of 1800 seconds expires at 131794459543073830.
    """
    microseconds = (at - NOTED_INSTANT) // timedelta(microseconds=1)
    return NOTED_TICKS + microseconds * TICKS_PER_SECOND // 1_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One RRset, or the news that there is none, with its own type: CNAME for an alias.

    `validated` tells that its DNSSEC status was worked out; else it merely counts as insecure.
    """

    rdtype: str
    answer: Found[tuple[object, ...]] | Absent
    expiry: datetime
    validated: bool = False


class DnsCache:
    """Answers by (name, type), the least recently used dropped when there are too many."""

    def __init__(self, most: int = MOST_ENTRIES) -> None:
        self.hits = 0
        self.misses = 0
        self.expired = 0
        self.exceptions = 0
        """Hits that say there is no such record."""
        self._most = most
        self._entries: OrderedDict[tuple[str, str], Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, name: str, rdtype: str, now: datetime) -> Entry | None:
        """What is known about this name and type, or that the name is an alias; None if neither.

        An alias answers for every type of its name (RFC 1034 s3.6.2): look at `Entry.rdtype`.
        """
        entry = self._live((name, rdtype), now) or self._live((name, CNAME), now)
        self.misses += entry is None
        return self._hit(entry)

    def get_validated(self, name: str, rdtype: str, now: datetime) -> Entry | None:
        """As `get`, but only an entry whose DNSSEC status was worked out."""
        entry = self._live((name, rdtype), now) or self._live((name, CNAME), now)
        if entry is not None and not entry.validated:
            entry = None
        self.misses += entry is None
        return self._hit(entry)

    def known(self, name: str, rdtype: str, now: datetime) -> Entry | None:
        """What is known about exactly this name and type; a look that is not counted."""
        entry = self._entries.get((name, rdtype))
        return None if entry is None or entry.expiry <= now else entry

    def holds(self, key: tuple[str, str], entry: Entry) -> bool:
        """Whether what is known under this name and type is still this very entry, whose expiry
        the caller watches; then it counts as asked for."""
        if self._entries.get(key) is not entry:
            return False
        self._entries.move_to_end(key)
        self._hit(entry)
        return True

    def peek(self, key: tuple[str, str]) -> Entry | None:
        """What was put last under this name and type, expired or not, and not counted."""
        return self._entries.get(key)

    def kept_till(self, name: str, rdtype: str, now: datetime) -> datetime | None:
        """Until when something is known, for an onlooker: nothing is counted, nothing moves."""
        entry = self._entries.get((name, rdtype)) or self._entries.get((name, CNAME))
        return entry.expiry if entry is not None and now < entry.expiry else None

    def forget(self, name: str, rdtype: str) -> None:
        """Forget what is known about this name and type, aliases on the way included."""
        while (self._entries.pop((name, rdtype), None)) is None:
            alias = self._entries.pop((name, CNAME), None)
            if alias is None or not isinstance(alias.answer, Found):
                return
            name = str(alias.answer.value[0])

    def put(self, name: str, entry: Entry) -> None:
        """Keep it in place of what was known about the same name and type."""
        key = (name, entry.rdtype)
        self._entries[key] = entry
        self._entries.move_to_end(key)
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def flush(self) -> None:
        """Forget all answers; the counters go on."""
        self._entries.clear()

    def _hit(self, entry: Entry | None) -> Entry | None:
        if entry is not None:
            self.hits += 1
            self.exceptions += isinstance(entry.answer, Absent)
        return entry

    def _live(self, key: tuple[str, str], now: datetime) -> Entry | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry.expiry <= now:
            del self._entries[key]
            self.expired += 1
            return None
        self._entries.move_to_end(key)
        return entry

"""The queue: messages that wait for delivery, parcelled by recipient domain."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import count
from typing import NamedTuple

from seg_cli.delivery.past import NOTHING_YET, Past
from seg_cli.terms import Mid, Rid


@dataclass(frozen=True, slots=True)
class Recipient:
    """One envelope recipient; its number is unique within the message."""

    rid: Rid
    address: str

    @property
    def domain(self) -> str:
        """The recipient domain, in lower case."""
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message that was answered with 250; the recipients are those that still wait."""

    mid: Mid
    sender: str
    recipients: tuple[Recipient, ...]
    content: bytes
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one delivery carries: the waiting recipients of one message in one domain.

    `retries` counts the attempts already made; it is not tried before `due`.
    """

    message: QueuedMessage
    domain: str
    recipients: tuple[Recipient, ...]
    retries: int
    due: datetime
    past: Past = NOTHING_YET

    @property
    def mid(self) -> Mid:
        return self.message.mid

    @property
    def rids(self) -> tuple[Rid, ...]:
        return tuple(recipient.rid for recipient in self.recipients)

    def without(self, recipients: Iterable[Recipient]) -> "Parcel":
        """The parcel as it is for all others."""
        gone = frozenset(recipients)
        return replace(self, recipients=tuple(to for to in self.recipients if to not in gone))


def parcels_of(message: QueuedMessage) -> list[Parcel]:
    """The message's recipients domain by domain, in the order of their first recipient."""
    domains: dict[str, list[Recipient]] = {}
    for recipient in message.recipients:
        domains.setdefault(recipient.domain, []).append(recipient)
    return [
        Parcel(message, domain, tuple(recipients), 0, message.queued_at)
        for domain, recipients in domains.items()
    ]


class _Turn(NamedTuple):
    """When something is to go: the longest due first, then the older message."""

    due: datetime
    mid: Mid
    number: int


class Queue:
    """Parcels that wait or are being delivered, and how many recipients each message still has.

    The parcels of a domain stand in a line of their own, and the lines in one heap by their first
    parcel: whatever is done with one parcel costs O(log n), and a domain that is held back costs
    the others nothing.
    """

    def __init__(self, parcels: Iterable[Parcel] = ()) -> None:
        self._lines: dict[str, list[tuple[_Turn, Parcel]]] = {}
        self._heads: list[tuple[_Turn, str]] = []
        self._held: set[str] = set()
        self._not_before: dict[str, datetime] = {}
        self._open: dict[Mid, int] = {}
        self._numbers = count()
        for parcel in parcels:
            self.add(parcel)

    def add(self, parcel: Parcel) -> None:
        """A parcel of a new message."""
        self._open[parcel.mid] = self._open.get(parcel.mid, 0) + len(parcel.recipients)
        self.put_back(parcel)

    def put_back(self, parcel: Parcel) -> None:
        """A parcel that was taken and waits again."""
        turn = _Turn(parcel.due, parcel.mid, next(self._numbers))
        line = self._lines.setdefault(parcel.domain, [])
        heappush(line, (turn, parcel))
        if line[0][0] is turn:
            self._line_up(parcel.domain)

    def take_due(self, now: datetime) -> Parcel | None:
        """The parcel that has been due longest, no longer waiting; None if none may go now."""
        head = self._head()
        if head is None or head[0].due > now:
            return None
        return self._take(head[1])

    def take_next(self, domain: str, now: datetime) -> Parcel | None:
        """As `take_due`, of the parcels to one domain."""
        turn = self._turn(domain)
        return None if turn is None or turn.due > now else self._take(domain)

    def take_all(self, chosen: Callable[[Parcel], bool]) -> list[Parcel]:
        """The chosen ones of all parcels that wait, due or not; they wait no longer."""
        taken: list[tuple[_Turn, Parcel]] = []
        for domain, line in list(self._lines.items()):
            mine = [entry for entry in line if chosen(entry[1])]
            if not mine:
                continue
            taken += mine
            line[:] = [entry for entry in line if not chosen(entry[1])]
            heapify(line)
            if not line:
                del self._lines[domain]
                self._not_before.pop(domain, None)
            self._line_up(domain)
        return [parcel for _, parcel in sorted(taken, key=lambda entry: entry[0].number)]

    def next_due(self) -> datetime | None:
        """When the next waiting parcel may go."""
        head = self._head()
        return None if head is None else head[0].due

    # Domains that wait

    def hold(self, domain: str) -> None:
        """Nothing goes to the domain until it is released."""
        self._held.add(domain)

    def release(self, domain: str) -> bool:
        """The end of `hold`; False for a domain that was not held."""
        if domain not in self._held:
            return False
        self._held.remove(domain)
        self._line_up(domain)
        return True

    def release_all(self) -> None:
        """The end of every `hold`."""
        for domain in tuple(self._held):
            self.release(domain)

    def delay(self, domain: str, until: datetime) -> None:
        """Nothing goes to the domain before that moment."""
        self._not_before[domain] = until
        self._line_up(domain)

    # Accounts

    def settle(self, mid: Mid, recipients: int) -> bool:
        """So many recipients of a message are done or bounced; True when they were its last."""
        self._open[mid] -= recipients
        if self._open[mid]:
            return False
        del self._open[mid]
        return True

    @property
    def waiting(self) -> tuple[Parcel, ...]:
        """All parcels that wait, in the order they came."""
        everything = [entry for line in self._lines.values() for entry in line]
        return tuple(parcel for _, parcel in sorted(everything, key=lambda entry: entry[0].number))

    # The heap of lines; an entry that is no longer its line's turn is passed over

    def _line_up(self, domain: str) -> None:
        turn = self._turn(domain)
        if turn is not None:
            heappush(self._heads, (turn, domain))

    def _turn(self, domain: str) -> _Turn | None:
        """When the first parcel of a line may go; None for an empty line and a held domain."""
        line = self._lines.get(domain)
        if not line or domain in self._held:
            return None
        turn = line[0][0]
        not_before = self._not_before.get(domain)
        if not_before is None or not_before <= turn.due:
            return turn
        return turn._replace(due=not_before)

    def _head(self) -> tuple[_Turn, str] | None:
        while self._heads and self._heads[0][0] != self._turn(self._heads[0][1]):
            heappop(self._heads)
        return self._heads[0] if self._heads else None

    def _take(self, domain: str) -> Parcel:
        line = self._lines[domain]
        _, parcel = heappop(line)
        if not line:
            del self._lines[domain]
            self._not_before.pop(domain, None)
        self._line_up(domain)
        return parcel

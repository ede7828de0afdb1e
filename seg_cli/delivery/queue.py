"""The queue: messages that wait for delivery, parcelled by recipient domain."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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

    @property
    def mid(self) -> Mid:
        return self.message.mid

    @property
    def rids(self) -> tuple[Rid, ...]:
        return tuple(recipient.rid for recipient in self.recipients)


def parcels_of(message: QueuedMessage) -> list[Parcel]:
    """The message's recipients domain by domain, in the order of their first recipient."""
    domains: dict[str, list[Recipient]] = {}
    for recipient in message.recipients:
        domains.setdefault(recipient.domain, []).append(recipient)
    return [
        Parcel(message, domain, tuple(recipients), 0, message.queued_at)
        for domain, recipients in domains.items()
    ]


class Queue:
    """Parcels that wait or are being delivered, and how many recipients each message still has."""

    def __init__(self, parcels: Iterable[Parcel] = ()) -> None:
        self._waiting: list[Parcel] = []
        self._open: dict[Mid, int] = {}
        for parcel in parcels:
            self.add(parcel)

    def add(self, parcel: Parcel) -> None:
        """A parcel of a new message."""
        self._open[parcel.mid] = self._open.get(parcel.mid, 0) + len(parcel.recipients)
        self._waiting.append(parcel)

    def put_back(self, parcel: Parcel) -> None:
        """A parcel that was taken and waits again."""
        self._waiting.append(parcel)

    def take_due(self, now: datetime) -> Parcel | None:
        """The parcel that has been due longest, no longer waiting; None if none is due."""
        due = [parcel for parcel in self._waiting if parcel.due <= now]
        if not due:
            return None
        first = min(due, key=lambda parcel: (parcel.due, parcel.mid))
        self._waiting.remove(first)
        return first

    def settle(self, mid: Mid, recipients: int) -> bool:
        """So many recipients of a message are done or bounced; True when they were its last."""
        self._open[mid] -= recipients
        if self._open[mid]:
            return False
        del self._open[mid]
        return True

    def next_due(self) -> datetime | None:
        """When the next waiting parcel is due."""
        return min((parcel.due for parcel in self._waiting), default=None)

    @property
    def waiting(self) -> tuple[Parcel, ...]:
        """All parcels that wait, in the order they came."""
        return tuple(self._waiting)

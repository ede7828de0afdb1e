"""The bus: stamps each event with appliance time and hands it to every subscriber, in order."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # loaded by whoever emits or writes one
    from seg_cli.events import Event


class Stamped(NamedTuple):
    """An event and the moment it happened (aware UTC)."""

    at: datetime
    event: "Event"


Subscriber = Callable[[Stamped], None]


class Bus:
    """One stream of events for the whole appliance; subscribers are called as they happen."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._subscribers: tuple[Subscriber, ...] = ()

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Hand every later event to `subscriber`; call what is returned to end that."""
        self._subscribers = (*self._subscribers, subscriber)
        return lambda: self._end(subscriber)

    def _end(self, subscriber: Subscriber) -> None:
        left = list(self._subscribers)
        left.remove(subscriber)
        self._subscribers = tuple(left)

    def emit(self, event: "Event") -> None:
        """Stamp the event and hand it on."""
        stamped = Stamped(self._now(), event)
        for subscriber in self._subscribers:
            subscriber(stamped)

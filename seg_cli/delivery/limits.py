"""The limits of destination controls: deliveries at once, and recipients in so many minutes.

Either holds for a whole domain or for each of its mail exchangers' addresses apart (`limit_type`).
All mail leaves by one interface, so a limit for each virtual gateway (`limit_apply`) is the same
as one for the whole system.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from seg_cli.config.destinations import DestinationSettings
from seg_cli.terms import LimitType

NO_LIMIT: Final = 1 << 62
"""More recipients than anybody has."""

Place = tuple[str, str]
"""A domain, and an address of a mail exchanger or nothing: what one limit is counted for."""


@dataclass(frozen=True, slots=True)
class Full:
    """No more may go there now: before `until`, or before another delivery ends (None)."""

    until: datetime | None = None


@dataclass(slots=True)
class Window:
    """The recipients since the first of them, up to the end of the minutes."""

    end: datetime
    recipients: int = 0


class Limits:
    """What goes to each destination at the moment, and went there in the last minutes."""

    def __init__(self) -> None:
        self._busy: Counter[str] = Counter()
        self._capacity: dict[str, int] = {}
        self._windows: dict[Place, Window] = {}

    # Deliveries at once

    def begin(self, domain: str, settings: DestinationSettings) -> bool:
        """Whether one more delivery to the domain may begin; it is counted then."""
        if settings.limit_type is LimitType.HOST:
            most: int | None = settings.concurrency
        else:
            most = self._capacity.get(domain)
        if most is not None and self._busy[domain] >= most:
            return False
        self._busy[domain] += 1
        return True

    def end(self, domain: str) -> None:
        """A delivery that had begun has ended."""
        self._busy[domain] -= 1
        if not self._busy[domain]:
            del self._busy[domain]
            self._capacity.pop(domain, None)

    def exceeded(self, domain: str, settings: DestinationSettings) -> bool:
        """Whether more deliveries are under way than these settings, which are new, allow."""
        by_domain = settings.limit_type is LimitType.HOST
        return by_domain and self._busy[domain] > settings.concurrency

    def found_full(self, domain: str, connections: int) -> None:
        """A delivery met the limit of every address, with so many connections to the domain: as
        long as there are deliveries to it, it makes no sense to begin more than those."""
        self._capacity[domain] = connections

    # Recipients in so many minutes

    def room(self, place: Place, settings: DestinationSettings, now: datetime) -> int | Full:
        """How many recipients may go there now; Full until the end of the minutes if none may.

        A limit of 0 is none, so that an entry can be free of the default row's: taken at its word
        it would hold mail for ever, with no attempt to expire by (inferred).
        For a place without an address where each address has a limit, it is the whole limit: what
        goes where is not known yet.
        """
        limit, minutes = settings.recipient_limit, settings.recipient_minutes
        if not limit or minutes is None:
            return NO_LIMIT
        if settings.limit_type is LimitType.MX_IP and not place[1]:
            return limit
        window = self._window(counted(place, settings), minutes, now)
        left = limit - window.recipients
        return left if left > 0 else Full(window.end)

    def claim(
        self, place: Place, recipients: int, settings: DestinationSettings, now: datetime
    ) -> Full | None:
        """Let so many recipients go there; Full, and nothing is counted, if there is no room."""
        room = self.room(place, settings, now)
        if isinstance(room, Full):
            return room
        if room == NO_LIMIT or (settings.limit_type is LimitType.MX_IP and not place[1]):
            return None
        window = self._windows[counted(place, settings)]
        if room < recipients:
            return Full(window.end)
        window.recipients += recipients
        return None

    def forget_recipients(self) -> None:
        """Let the minutes of every place begin anew."""
        self._windows.clear()

    def _window(self, place: Place, minutes: int, now: datetime) -> Window:
        window = self._windows.get(place)
        if window is None or now >= window.end:
            window = self._windows[place] = Window(now + timedelta(minutes=minutes))
        return window


def counted(place: Place, settings: DestinationSettings) -> Place:
    """The place that the limit is counted for."""
    return place if settings.limit_type is LimitType.MX_IP else (place[0], "")

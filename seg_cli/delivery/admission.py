"""Admission: which parcel goes next, within the limits of its destination.

What a limit keeps back waits in the queue: for the end of another delivery to its domain, or for
the end of the minutes of a recipient limit.
"""

from dataclasses import replace

from seg_cli.delivery.destination import Destinations
from seg_cli.delivery.limits import Full, Limits
from seg_cli.delivery.queue import Parcel, Queue
from seg_cli.net.clock import Clock


class Admission:
    """Takes parcels out of the queue, and knows how many deliveries each domain has."""

    def __init__(
        self, queue: Queue, limits: Limits, destinations: Destinations, clock: Clock
    ) -> None:
        self._queue = queue
        self._limits = limits
        self._destinations = destinations
        self._clock = clock

    def first(self) -> Parcel | None:
        """The first parcel that is due and may go, for a new delivery; None if there is none.

        The delivery counts from now on, until `ended`.
        """
        while (parcel := self._queue.take_due(self._clock.now())) is not None:
            domain = parcel.domain
            if not self._limits.begin(domain, self._destinations.of(domain).settings):
                self._queue.put_back(parcel)
                self._queue.hold(domain)
            elif (share := self._share(parcel, "")) is not None:
                return share
            else:
                self._limits.end(domain)
        return None

    def following(self, domain: str, address: str) -> Parcel | None:
        """The next parcel for a domain, over a connection to that address."""
        parcel = self._queue.take_next(domain, self._clock.now())
        return None if parcel is None else self._share(parcel, address)

    def ended(self, domain: str) -> None:
        """A delivery has ended."""
        self._limits.end(domain)
        self._queue.release(domain)

    def out_of_room(self, domain: str, connections: int) -> None:
        """A delivery has ended because every address has as many connections as it may have, so
        many for the domain: it waits until one of them is no longer in use."""
        self._limits.end(domain)
        if connections:
            self._limits.found_full(domain, connections)
            self._queue.hold(domain)

    def forget_recipients(self) -> None:
        """Count towards recipient limits anew."""
        self._limits.forget_recipients()

    def exceeded(self, domain: str) -> bool:
        """Whether the configuration, which is new, allows fewer deliveries to the domain."""
        return self._limits.exceeded(domain, self._destinations.of(domain).settings)

    def _share(self, parcel: Parcel, address: str) -> Parcel | None:
        """What of a parcel may go now by the recipient limit; the rest waits its time."""
        settings = self._destinations.of(parcel.domain).settings
        place, now = (parcel.domain, address), self._clock.now()
        room = self._limits.room(place, settings, now)
        if isinstance(room, Full):
            self._queue.put_back(parcel)
            self._queue.delay(parcel.domain, room.until or now)
            return None
        if len(parcel.recipients) > room:
            self._queue.put_back(replace(parcel, recipients=parcel.recipients[room:]))
            parcel = replace(parcel, recipients=parcel.recipients[:room])
        self._limits.claim(place, len(parcel.recipients), settings, now)
        return parcel

"""The engine: takes messages in, starts deliveries when they are due, and knows when all is quiet.

No worker waits on a queue: `pump` is called whenever something may have become possible, and
starts what is due. Who waits is a timer on the world's clock.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from seg_cli.config.tree import Config
from seg_cli.delivery.admission import Admission
from seg_cli.delivery.arrears import Arrears
from seg_cli.delivery.connections import Connections
from seg_cli.delivery.deliver import Delivery
from seg_cli.delivery.destination import Destination, Destinations
from seg_cli.delivery.hand import Hand
from seg_cli.delivery.ids import Ids
from seg_cli.delivery.journal import Accepted, Journal
from seg_cli.delivery.limits import Limits
from seg_cli.delivery.queue import Parcel, Queue, QueuedMessage, Recipient, parcels_of
from seg_cli.delivery.quiet import Busy, Quiet
from seg_cli.delivery.tasks import LiveTasks
from seg_cli.delivery.withdrawal import bounce, delete
from seg_cli.errors import NotRecorded
from seg_cli.net.clock import SteppedClock, Timer
from seg_cli.net.world import World
from seg_cli.smtp.handler import Envelope
from seg_cli.terms import Icid, Mid, Rid

Chosen = Callable[[Parcel], bool]
End = Callable[[Delivery], Awaitable[None]]

AFTER_A_BUG = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class EngineParts:
    """What an engine is put together from; `deliver` makes the delivery of one parcel of a queue,
    over the connection in hand if there is one."""

    world: World
    journal: Journal
    mids: Ids
    icids: Ids
    tasks: LiveTasks
    limits: Limits
    connections: Connections
    arrears: Arrears
    deliver: Callable[[Destination, Parcel, Queue, Hand], Delivery]


class Engine:
    """The delivery engine of one appliance; it is the listener's Intake."""

    def __init__(self, parts: EngineParts, config: Config) -> None:
        self._parts = parts
        self._destinations = Destinations(config)
        self._queue = Queue(parts.journal.parcels())
        self._admission = Admission(
            self._queue, parts.limits, self._destinations, parts.world.clock
        )
        self._active = 0
        self._inbound = 0
        self._timer: Timer | None = None
        self._closing = False

    def adopt(self, config: Config) -> None:
        """Work by this configuration from the next delivery on; one under way keeps its own."""
        self._destinations.adopt(config)
        self._queue.release_all()
        self.pump()

    # Intake

    async def next_icid(self) -> Icid:
        return Icid(await self._parts.icids.take())

    async def next_mid(self) -> Mid:
        return Mid(await self._parts.mids.take())

    async def accept(self, mid: Mid, envelope: Envelope, content: bytes) -> None:
        """Put a message on the disk and into the queue; delivery starts at the next pump."""
        recipients = tuple(
            Recipient(Rid(number), address) for number, address in enumerate(envelope.recipients)
        )
        now = self._parts.world.clock.now()
        message = QueuedMessage(mid, envelope.sender, recipients, content, now)
        await self._parts.journal.write(Accepted(message))
        for parcel in parcels_of(message):
            self._queue.add(parcel)

    def inbound_opened(self) -> None:
        """An inbound connection began."""
        self._inbound += 1

    def inbound_closed(self) -> None:
        """An inbound connection ended; in a stepped world deliveries have waited for this."""
        self._inbound -= 1
        self.pump()

    # Delivery

    def pump(self) -> None:
        """Start every delivery that is due and allowed, and set the timer for the next one."""
        while self._allowed and self._active < self._destinations.config.delivery.max_concurrency:
            parcel = self._admission.first()
            if parcel is None:
                break
            self._active += 1
            self._parts.tasks.start(f"delivery of MID {parcel.mid}", self._run(parcel))
        self._set_timer()

    @property
    def _allowed(self) -> bool:
        """In a stepped world nothing leaves while something comes in: one log for one script."""
        stepped = isinstance(self._parts.world.clock, SteppedClock)
        held = self._closing or self._parts.arrears.holding
        return not held and not (stepped and self._inbound)

    async def _run(self, parcel: Parcel) -> None:
        """Deliver a parcel, and what is due for its domain over the same connection."""
        domain, room = parcel.domain, True
        hand = Hand(self._parts.connections)
        following: Parcel | None = parcel
        try:
            while following is not None:
                destination = self._destinations.of(domain)
                delivery = self._parts.deliver(destination, following, self._queue, hand)
                await self._deliver(delivery)
                room = not delivery.waits_for_room
                following = self._following(destination, hand)
        finally:
            self._active -= 1
            if room:
                self._admission.ended(domain)
            else:
                self._admission.out_of_room(domain, self._parts.connections.on_behalf_of(domain))
            if not self._closing:
                self.pump()

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            waiting = await delivery.run()
        except NotRecorded:
            self._parts.arrears.owe(delivery.owed)
            self._put_off(delivery, timedelta())
        except Exception:
            self._put_off(delivery, AFTER_A_BUG)
            raise
        else:
            if waiting is not None:
                self._queue.put_back(waiting)

    def _put_off(self, delivery: Delivery, wait: timedelta) -> None:
        """After a bug or on a full disk nothing is lost: what is left waits for another turn."""
        delivery.hand.abandon()
        if delivery.parcel.recipients:
            due = self._parts.world.clock.now() + wait
            self._queue.put_back(replace(delivery.parcel, due=due))

    def _following(self, destination: Destination, hand: Hand) -> Parcel | None:
        """The next parcel for the connection in hand, which is given away if there is none."""
        if hand.connection is None:
            return None
        following, address = None, hand.connection.endpoint.address
        if destination.config is not self._destinations.config:
            self._retire_if_too_many(destination.domain, hand)
        elif self._allowed:
            following = self._admission.following(destination.domain, address)
        if following is None:
            hand.release()
        return following

    def _retire_if_too_many(self, domain: str, hand: Hand) -> None:
        """A new configuration may allow fewer deliveries than are under way."""
        most = self._destinations.config.delivery.max_concurrency
        if self._active > most or self._admission.exceeded(domain):
            hand.retire()

    def freed(self, domain: str) -> None:
        """A connection to the domain is no longer in use."""
        if self._queue.release(domain) and not self._closing:
            self.pump()

    # What an operator asks for

    @property
    def waiting(self) -> tuple[Parcel, ...]:
        """The parcels that are not being delivered, in the order they came."""
        return self._queue.waiting

    def deliver_now(self, chosen: Chosen) -> None:
        """Let the chosen ones of the waiting parcels be due."""
        for parcel in self._queue.take_all(chosen):
            self._queue.put_back(replace(parcel, due=self._parts.world.clock.now()))
        self.pump()

    def deliver_all_now(self) -> None:
        """Let all waiting parcels be due, whatever recipient limits were counted so far."""
        self._admission.forget_recipients()
        self.deliver_now(lambda _: True)

    async def delete(self, chosen: Chosen) -> int:
        """Drop the chosen ones of the waiting parcels; how many messages they were of."""
        return await self._end("deletion", chosen, delete)

    async def bounce(self, chosen: Chosen) -> int:
        """Give up the chosen ones of the waiting parcels; how many messages they were of."""
        return await self._end("bounce", chosen, bounce)

    async def _end(self, name: str, chosen: Chosen, end: End) -> int:
        """In a task of the engine: whoever gives up waiting for it does not stop it halfway."""
        parcels = self._queue.take_all(chosen)
        await asyncio.shield(self._parts.tasks.start(name, self._end_all(list(parcels), end)))
        return len({parcel.mid for parcel in parcels})

    async def _end_all(self, parcels: list[Parcel], end: End) -> None:
        try:
            while parcels:
                destination = self._destinations.of(parcels[0].domain)
                hand = Hand(self._parts.connections)
                await end(self._parts.deliver(destination, parcels[0], self._queue, hand))
                del parcels[0]
        finally:
            for parcel in parcels:
                self._queue.put_back(parcel)
            if not self._closing:
                self.pump()

    def _set_timer(self) -> None:
        clock, due = self._parts.world.clock, self._queue.next_due()
        if self._timer is not None:
            if self._timer.due == due:
                return
            clock.cancel(self._timer)
            self._timer = None
        if due is not None and due > clock.now():
            self._timer = clock.call_at(due, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self.pump()

    # Rest

    async def quiet(self) -> Quiet | Busy:
        """Wait until nothing is under way."""
        return await self._parts.tasks.quiet()

    async def close(self) -> None:
        """Start nothing more, end what is under way; what was accepted stays on the disk."""
        self._closing = True
        if self._timer is not None:
            self._parts.world.clock.cancel(self._timer)
        await self._parts.arrears.close()
        await self._parts.tasks.cancel_all()
        await self._parts.mids.give_back()
        await self._parts.icids.give_back()

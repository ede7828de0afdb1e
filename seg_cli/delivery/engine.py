"""The engine: takes messages in, starts deliveries when they are due, and knows when all is quiet.

No worker waits on a queue: `pump` is called whenever something may have become possible, and
starts what is due. Who waits is a timer on the world's clock.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from seg_cli.config.tree import Config
from seg_cli.delivery.connections import Connection
from seg_cli.delivery.deliver import Delivery
from seg_cli.delivery.ids import Ids
from seg_cli.delivery.journal import Accepted, Journal
from seg_cli.delivery.queue import Parcel, Queue, QueuedMessage, Recipient, parcels_of
from seg_cli.delivery.quiet import Busy, Quiet
from seg_cli.delivery.tasks import LiveTasks
from seg_cli.delivery.withdrawal import bounce, delete
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
    over a connection to its domain if one is in hand."""

    world: World
    journal: Journal
    mids: Ids
    icids: Ids
    tasks: LiveTasks
    deliver: Callable[[Config, Parcel, Queue, Connection | None], Delivery]


class Engine:
    """The delivery engine of one appliance; it is the listener's Intake."""

    def __init__(self, parts: EngineParts, config: Config) -> None:
        self._parts = parts
        self._config = config
        self._queue = Queue(parts.journal.parcels())
        self._active = 0
        self._inbound = 0
        self._timer: Timer | None = None
        self._closing = False

    def adopt(self, config: Config) -> None:
        """Work by this configuration from the next delivery on; one under way keeps its own."""
        self._config = config
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
        while self._may_start():
            parcel = self._queue.take_due(self._parts.world.clock.now())
            if parcel is None:
                break
            self._active += 1
            self._parts.tasks.start(f"delivery of MID {parcel.mid}", self._run(parcel))
        self._set_timer()

    def _may_start(self) -> bool:
        return self._allowed and self._active < self._config.delivery.max_concurrency

    @property
    def _allowed(self) -> bool:
        """In a stepped world nothing leaves while something comes in: one log for one script."""
        stepped = isinstance(self._parts.world.clock, SteppedClock)
        return not self._closing and not (stepped and self._inbound)

    async def _run(self, parcel: Parcel) -> None:
        """Deliver a parcel, and what is due for its domain over the same connection."""
        config = self._config
        following: Parcel | None = parcel
        connection: Connection | None = None
        try:
            while following is not None:
                delivery = self._parts.deliver(config, following, self._queue, connection)
                await self._deliver(delivery)
                following = self._following(delivery)
                connection = delivery.connection
        finally:
            self._active -= 1
            if not self._closing:
                self.pump()

    async def _deliver(self, delivery: Delivery) -> None:
        waiting: Parcel | None = None
        try:
            waiting = await delivery.run()
        except Exception:
            # After a bug nothing is lost: what is left of the parcel waits for another turn.
            delivery.abandon()
            due = self._parts.world.clock.now() + AFTER_A_BUG
            waiting = replace(delivery.parcel, due=due) if delivery.parcel.recipients else None
            raise
        finally:
            if waiting is not None:
                self._queue.put_back(waiting)

    def _following(self, delivery: Delivery) -> Parcel | None:
        """The next parcel for the connection in hand, which is released if there is none."""
        following = None
        if delivery.connection is not None and self._allowed and delivery.config is self._config:
            now = self._parts.world.clock.now()
            following = self._queue.take_next(delivery.parcel.domain, now)
        if following is None:
            delivery.release()
        return following

    # What an operator asks for

    @property
    def waiting(self) -> tuple[Parcel, ...]:
        """The parcels that are not being delivered, in the order they came."""
        return self._queue.waiting

    def deliver_now(self, chosen: Chosen) -> None:
        """Let the chosen ones of the waiting parcels be due."""
        now = self._parts.world.clock.now()
        for parcel in self._queue.take_all(chosen):
            self._queue.put_back(replace(parcel, due=now))
        self.pump()

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
                await end(self._parts.deliver(self._config, parcels[0], self._queue, None))
                del parcels[0]
        finally:
            for parcel in parcels:
                self._queue.put_back(parcel)
            if not self._closing:
                self.pump()

    def _set_timer(self) -> None:
        clock = self._parts.world.clock
        if self._timer is not None:
            clock.cancel(self._timer)
            self._timer = None
        due = self._queue.next_due()
        if due is not None and due > clock.now():
            self._timer = clock.call_at(due, self.pump)

    # Rest

    async def quiet(self) -> Quiet | Busy:
        """Wait until nothing is under way."""
        return await self._parts.tasks.quiet()

    async def close(self) -> None:
        """Start nothing more, end what is under way; what was accepted stays on the disk."""
        self._closing = True
        if self._timer is not None:
            self._parts.world.clock.cancel(self._timer)
        await self._parts.tasks.cancel_all()
        await self._parts.mids.give_back()
        await self._parts.icids.give_back()

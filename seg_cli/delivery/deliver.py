"""One delivery as a story: gather, govern, and for each host demand, reach, send, settle.

Between any two steps one event. Nothing here compares modes: policy/ decides.
"""

from dataclasses import dataclass, field, replace

from seg_cli.config.smtp_routes import DISCARD
from seg_cli.delivery.answers import is_decided, result_of
from seg_cli.delivery.arrears import Owed
from seg_cli.delivery.connections import Connection
from seg_cli.delivery.destination import Destination
from seg_cli.delivery.hand import Hand
from seg_cli.delivery.last_look import finds_new_policy
from seg_cli.delivery.limits import Full
from seg_cli.delivery.mail_hosts import MailHosts, Usable
from seg_cli.delivery.next_hops import by_rank
from seg_cli.delivery.parts import Attempted, DeliveryParts
from seg_cli.delivery.queue import Parcel, Queue
from seg_cli.delivery.reaching import Denied, Reaching, Target
from seg_cli.delivery.settlement import Settlement
from seg_cli.delivery.story import Sent, Story
from seg_cli.errors import NotRecorded
from seg_cli.events import DaneHeld, DeliveryDoubtful, DeliveryStarted, DeliveryWithheld
from seg_cli.policy.outcome import HeldBack, NotReached, Result
from seg_cli.policy.requirement import Refusal
from seg_cli.smtp.transaction import Transaction
from seg_cli.terms import NO_DCID, Dcid, Reason

NOTHING_YET = Attempted(())
NOWHERE = NotReached(Reason.NO_ADDRESS, Reason.NO_ADDRESS.value)


@dataclass(slots=True)
class Delivery:
    """One attempt to deliver one parcel.

    Recipients leave the parcel as hosts decide about them; `attempted` tells of those that are
    left. The connection in `hand` comes from the delivery before to the same domain, and is left
    to the next one. `owed` is what was decided and, with NotRecorded, could not be recorded.
    """

    parts: DeliveryParts
    destination: Destination
    parcel: Parcel
    queue: Queue
    hand: Hand
    attempted: Attempted = NOTHING_YET
    owed: Owed | None = None
    _story: Story = field(init=False)
    _answered: set[str] = field(default_factory=set)
    _doubtful: bool = False
    _full: Full | None = None

    async def run(self) -> Parcel | None:
        """Try, and settle what came of it; what still waits comes back."""
        self._story = self.parts.stories.begin(self.parcel.mid, self.parcel.domain)
        route = self.destination.route
        if route is not None and route.keyword == DISCARD:
            await self.settlement.discard(self.parcel)
            return None
        if self.hand.connection is not None:
            await self._hand_over(self.hand.connection)
        if not self._ended:
            await self._walk()
        if self._full is not None and self.attempted.dcid == NO_DCID:
            # Nobody was asked, for a limit has been reached: this is no attempt.
            return replace(self.parcel, due=self._full.until or self.parcel.due)
        if not self._ended and await finds_new_policy(self, self.attempted):
            await self._walk()
        waiting = await self._settle(self.parcel, self.attempted) if self._left else None
        await self._drop_if_spent()
        return waiting

    # The walk along the hosts

    async def _walk(self) -> None:
        """Try host after host until every recipient has its answer."""
        hosts = MailHosts(self.parts, self.destination, self._story)
        hops = await hosts.find()
        if isinstance(hops, NotReached):
            self._untried(hops)
            return
        if not self.parts.world.bounds.deliver(self.parcel.domain):
            self._withhold(Reason.OUT_OF_BOUNDS)
            return
        self._untried(NOWHERE)
        reaching = Reaching(self.parts, self.destination, self._story)
        for equals in by_rank(hops):
            if self._ended:
                return
            usable = self._usable(await hosts.choose(equals, hops[-1]))
            for target in await reaching.targets(usable):
                await self._try(reaching, target)
        if hosts.held_by_dane and self._held_back:
            self.parts.emit(DaneHeld(self.parcel.domain))

    def _usable(self, choices: list[Usable | Refusal]) -> list[Usable]:
        """The hosts that may be used; the reason of another is kept as that of the whole."""
        for choice in choices:
            if isinstance(choice, Refusal):
                self._untried(HeldBack(choice.reason))
        return [choice for choice in choices if isinstance(choice, Usable)]

    def _withhold(self, reason: Reason) -> None:
        """Nobody is dialled, for the emulator must not."""
        parcel = self.parcel
        self.parts.emit(DeliveryWithheld(parcel.mid, parcel.rids, parcel.domain, reason))
        self._untried(HeldBack(reason))

    async def _try(self, reaching: Reaching, target: Target) -> None:
        """One address of one host, unless the host has answered already or nobody is left."""
        if self._ended or target.hop.host in self._answered:
            return
        if full := reaching.claim(target, len(self.parcel.recipients)):
            self._full = full
            return
        await self._go_on()
        connection = reaching.kept(target)
        if connection is not None and await self._hand_over(connection):
            return
        match await reaching.connect(target):
            case Full() as full:
                self._full = full
            case Denied(result, dcid):
                self.attempted = self._for_all(result, dcid)
            case Connection() as connection:
                await self._hand_over(connection)

    # One host

    async def _hand_over(self, connection: Connection) -> bool:
        """The message itself, and what the host decides about its recipients.

        False for a kept connection that turns out to be lost: nobody has heard of the message,
        and it goes over a new one.
        """
        self.hand.connection = connection
        parcel, emit, used = self.parcel, self.parts.emit, connection.messages > 0
        emit(DeliveryStarted(connection.dcid, parcel.mid, parcel.rids))
        connection.messages += 1
        addresses = tuple(recipient.address for recipient in parcel.recipients)
        message = parcel.message
        transaction = await connection.client.send(message.sender, addresses, message.content)
        if used and transaction.unheard:
            await self._drop_if_spent()
            return False
        self._answered.add(connection.endpoint.host)
        await self._judge(connection, transaction)
        return True

    async def _judge(self, connection: Connection, transaction: Transaction) -> None:
        """Settle the recipients that the host has decided about; the others stay in the parcel."""
        parcel = self.parcel
        if transaction.doubtful:
            self._doubtful = True
            self.parts.emit(DeliveryDoubtful(connection.dcid, parcel.mid, parcel.rids))
        dcid, host = connection.dcid, connection.endpoint.host
        results = tuple(map(result_of, transaction.answers))
        self._story.tell(Sent(dcid, connection.endpoint.address, results))
        fates = list(zip(parcel.recipients, results, strict=True))
        open_ = [fate for fate in fates if not is_decided(fate[1])]
        self.parcel = replace(parcel, recipients=tuple(to for to, _ in open_))
        self.attempted = Attempted(tuple(result for _, result in open_), dcid, host)
        if decided := [fate for fate in fates if is_decided(fate[1])]:
            share = replace(parcel, recipients=tuple(to for to, _ in decided))
            await self._settle(share, Attempted(tuple(result for _, result in decided), dcid, host))

    async def _settle(self, parcel: Parcel, attempted: Attempted) -> Parcel | None:
        now = self.parts.world.clock.now()
        owed = Owed(self.settlement, parcel, attempted, self.destination.bounces, now)
        try:
            return await owed.settle()
        except NotRecorded:
            self.owed = replace(owed, connection=self.hand.give_up())
            self.parcel = self.parcel.without(parcel.recipients)
            raise

    async def _go_on(self) -> None:
        """Take leave of the last host, if there was one, with a line for each refusal."""
        if self.hand.connection is not None:
            self.settlement.went_on(self.parcel, self.attempted)
            await self._drop_if_spent()
            self.hand.release()

    async def _drop_if_spent(self) -> None:
        await self.hand.drop_if_spent(self.destination.settings.messages_per_connection)

    # Where it stands

    @property
    def waits_for_room(self) -> bool:
        """Nobody was asked, for every address has as many connections as it may have."""
        return self._full == Full() and self.attempted.dcid == NO_DCID

    @property
    def settlement(self) -> Settlement:
        """What settles recipients of this parcel."""
        parts = self.parts
        return Settlement(
            parts.journal, self.queue, parts.emit, parts.mids, self.destination.postmaster
        )

    @property
    def _left(self) -> bool:
        return bool(self.parcel.recipients)

    @property
    def _held_back(self) -> bool:
        """A security rule keeps what is left from every host that was tried."""
        results = self.attempted.results
        return self._left and all(isinstance(result, HeldBack) for result in results)

    @property
    def _ended(self) -> bool:
        """Nobody is left to be tried for; what a host may have taken is not sent again now."""
        return self._doubtful or not self._left

    def _untried(self, result: Result) -> None:
        """Nobody was asked; what a host has shown or said before counts for more."""
        if self.attempted.dcid == NO_DCID:
            self.attempted = self._for_all(result, NO_DCID)

    def _for_all(self, result: Result, dcid: Dcid) -> Attempted:
        return Attempted((result,) * len(self.parcel.recipients), dcid)

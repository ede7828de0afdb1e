"""Settlement: each recipient's outcome made durable first, and then logged.

What the sender is told is queued in the same durable step: no kill parts a bounce from its notice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from seg_cli.config.bounce_profiles import BounceSettings
from seg_cli.delivery.bounce import Fates, Postmaster
from seg_cli.delivery.dsn import Action, Notice
from seg_cli.delivery.ids import Ids
from seg_cli.delivery.journal import Accepted, Journal, Postponed, Settled, Step, Together
from seg_cli.delivery.parts import Attempted
from seg_cli.delivery.past import Past, Remembered
from seg_cli.delivery.queue import Parcel, Queue, QueuedMessage, Recipient, parcels_of
from seg_cli.events import (
    BounceGenerated,
    DelayWarningGenerated,
    DoubleBounced,
    Event,
    MessageFinished,
    MessageQueued,
    MessageStarted,
    RecipientBounced,
    RecipientDelayed,
    RecipientGiven,
    RecipientsDeleted,
    RecipientsDelivered,
    ResponseReceived,
    RetryScheduled,
    SenderGiven,
)
from seg_cli.policy.outcome import (
    EXPIRED,
    Bounced,
    Delayed,
    Delivered,
    History,
    Schedule,
    delayed,
    settle,
)
from seg_cli.terms import Dcid, Icid, Mid, Rid

GENERATED = Icid(0)
"""The connection of mail that came by none."""

Issued = tuple[Notice, QueuedMessage]
"""A notice, and the message that it is sent as."""


def schedule_of(settings: BounceSettings) -> Schedule:
    """The retry schedule of a bounce profile."""
    return Schedule(
        settings.max_retries,
        settings.max_queue_lifetime,
        settings.initial_retry,
        settings.max_retry_time,
    )


@dataclass(frozen=True, slots=True)
class Settlement:
    """Settles what came of one attempt."""

    journal: Journal
    queue: Queue
    emit: Callable[[Event], None]
    mids: Ids
    postmaster: Postmaster

    async def settle(
        self, parcel: Parcel, attempted: Attempted, settings: BounceSettings, at: datetime
    ) -> Parcel | None:
        """Record, log, and return what of the parcel waits for another attempt."""
        history = History(parcel.retries, parcel.message.queued_at)
        schedule = schedule_of(settings)
        fates = [
            (recipient, settle(result, history, at, schedule))
            for recipient, result in zip(parcel.recipients, attempted.results, strict=True)
        ]
        notices = self.postmaster.notices(parcel, fates, settings, attempted.host, at)
        past = replace(parcel.past, dcid=attempted.dcid or parcel.past.dcid)
        if any(notice.action is Action.DELAYED for notice in notices):
            past = replace(past, warnings=past.warnings + 1, warned_at=at)
        waiting = waiting_of(parcel, fates, past)
        if not notices:
            await self._record(parcel, fates, waiting, ())
            self._log(parcel, fates, attempted.dcid)
            return waiting
        async with self.mids.in_order() as take:
            issued = [
                (notice, self.postmaster.message(notice, Mid(await take()), at))
                for notice in notices
            ]
            await self._record(parcel, fates, waiting, issued)
            self._log(parcel, fates, attempted.dcid)
            self._queue(issued)
        return waiting

    async def delete(self, parcel: Parcel) -> None:
        """Take the parcel out of the queue, as an operator says; nobody is told."""
        await self.journal.write(Settled(parcel.mid, parcel.rids))
        self.emit(RecipientsDeleted(parcel.mid, parcel.rids))
        self._finish(parcel, len(parcel.recipients))

    async def discard(self, parcel: Parcel) -> None:
        """Drop the parcel, as a route to /dev/null says."""
        await self.journal.write(Settled(parcel.mid, parcel.rids))
        self._finish(parcel, len(parcel.recipients))

    def went_on(self, parcel: Parcel, attempted: Attempted) -> None:
        """Log what the last mail host said to the recipients that the next one is tried for."""
        for rid, result in zip(parcel.rids, attempted.results, strict=True):
            self._emit_delayed(parcel.mid, rid, delayed(result, parcel.due), attempted.dcid)

    async def _record(
        self, parcel: Parcel, fates: Fates, waiting: Parcel | None, issued: Sequence[Issued]
    ) -> None:
        steps: list[Step] = [Accepted(message) for _, message in issued]
        settled = tuple(to.rid for to, fate in fates if not isinstance(fate, Delayed))
        if settled:
            steps.append(Settled(parcel.mid, settled))
        if waiting:
            steps.append(Postponed(parcel.mid, waiting.rids, waiting.retries, waiting.due))
            if waiting.past != parcel.past:
                steps.append(Remembered(parcel.mid, waiting.rids, waiting.past))
        await self.journal.write(Together(tuple(steps)))

    def _queue(self, issued: Sequence[Issued]) -> None:
        """Log the notices as generated mail, and let them be delivered."""
        for notice, message in issued:
            mid, about = message.mid, notice.original.mid
            self.emit(MessageStarted(mid, GENERATED))
            match notice.action:
                case Action.FAILED:
                    self.emit(BounceGenerated(mid, about))
                case Action.DELAYED:
                    self.emit(DelayWarningGenerated(mid, about))
            self.emit(SenderGiven(mid, GENERATED, message.sender))
            self.emit(RecipientGiven(mid, GENERATED, Rid(0), notice.to))
            self.emit(MessageQueued(mid))
            for parcel in parcels_of(message):
                self.queue.add(parcel)

    # The lines of the outcomes

    def _log(self, parcel: Parcel, fates: Fates, dcid: Dcid) -> None:
        self._log_delivered(parcel, fates, dcid)
        for to, fate in fates:
            if isinstance(fate, Bounced):
                self._log_bounced(parcel, to, fate, dcid)
        self._log_delayed(parcel, fates, dcid)
        self._finish(parcel, sum(not isinstance(fate, Delayed) for _, fate in fates))

    def _log_delivered(self, parcel: Parcel, fates: Fates, dcid: Dcid) -> None:
        delivered = [(to.rid, fate) for to, fate in fates if isinstance(fate, Delivered)]
        if delivered:
            rids = tuple(rid for rid, _ in delivered)
            self.emit(RecipientsDelivered(dcid, parcel.mid, rids))
            self.emit(ResponseReceived(parcel.mid, rids, delivered[0][1].text))

    def _log_bounced(self, parcel: Parcel, to: Recipient, fate: Bounced, dcid: Dcid) -> None:
        if not parcel.message.sender:
            self.emit(
                DoubleBounced(
                    mid=parcel.mid,
                    rid=to.rid,
                    status=fate.status,
                    cause=fate.cause,
                    code=fate.code,
                    lines=fate.lines,
                )
            )
            return
        expired = (fate.status, fate.cause) == EXPIRED
        self.emit(
            RecipientBounced(
                # What has expired names the last connection there was.
                dcid=parcel.past.dcid if expired and not dcid else dcid,
                mid=parcel.mid,
                rid=to.rid,
                status=fate.status,
                cause=fate.cause,
                code=fate.code,
                lines=fate.lines,
            )
        )

    def _log_delayed(self, parcel: Parcel, fates: Fates, dcid: Dcid) -> None:
        """What a security rule holds back has shown its cause already and has no line here."""
        shown = [(to.rid, fate) for to, fate in fates if isinstance(fate, Delayed) and fate.status]
        for rid, fate in shown:
            self._emit_delayed(parcel.mid, rid, fate, dcid)
        if shown:
            rids = tuple(rid for rid, _ in shown)
            self.emit(RetryScheduled(parcel.mid, rids, shown[0][1].due))

    def _emit_delayed(self, mid: Mid, rid: Rid, fate: Delayed, dcid: Dcid) -> None:
        self.emit(
            RecipientDelayed(
                dcid=dcid,
                mid=mid,
                rid=rid,
                status=fate.status,
                cause=fate.cause,
                code=fate.code,
                lines=fate.lines,
            )
        )

    def _finish(self, parcel: Parcel, settled: int) -> None:
        """The last line of a message, once none of its recipients waits."""
        if settled and self.queue.settle(parcel.mid, settled):
            self.emit(MessageFinished(parcel.mid))


def waiting_of(parcel: Parcel, fates: Fates, past: Past) -> Parcel | None:
    """What of a parcel waits for another attempt."""
    delayed = [(to, fate) for to, fate in fates if isinstance(fate, Delayed)]
    if not delayed:
        return None
    return replace(
        parcel,
        recipients=tuple(to for to, _ in delayed),
        retries=parcel.retries + 1,
        due=delayed[0][1].due,
        past=past,
    )

"""Settlement: each recipient's outcome made durable first, and then logged."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from seg_cli.config.bounce_profiles import BounceSettings
from seg_cli.delivery.journal import Journal, Postponed, Settled
from seg_cli.delivery.queue import Parcel, Queue, Recipient
from seg_cli.events import (
    Event,
    MessageFinished,
    RecipientBounced,
    RecipientDelayed,
    RecipientsDelivered,
    ResponseReceived,
    RetryScheduled,
)
from seg_cli.policy.outcome import Bounced, Delayed, Delivered, History, Outcome, Schedule, settle
from seg_cli.terms import Dcid, Rid

if TYPE_CHECKING:  # deliver.py is the caller
    from seg_cli.delivery.deliver import Attempted

Fates = list[tuple[Recipient, Outcome]]


def schedule_of(profile: BounceSettings) -> Schedule:
    """The retry schedule of a bounce profile."""
    return Schedule(
        profile.max_retries,
        profile.max_queue_lifetime,
        profile.initial_retry,
        profile.max_retry_time,
    )


@dataclass(frozen=True, slots=True)
class Settlement:
    """Settles what came of one attempt."""

    journal: Journal
    queue: Queue
    emit: Callable[[Event], None]

    async def settle(
        self, parcel: Parcel, attempted: "Attempted", profile: BounceSettings, at: datetime
    ) -> Parcel | None:
        """Record, log, and return what of the parcel waits for another attempt."""
        history = History(parcel.retries, parcel.message.queued_at)
        schedule = schedule_of(profile)
        fates = [
            (recipient, settle(result, history, at, schedule))
            for recipient, result in zip(parcel.recipients, attempted.results, strict=True)
        ]
        waiting = self._waiting(parcel, fates)
        await self._record(parcel, fates, waiting)
        self._log_delivered(parcel, fates, attempted.dcid)
        self._log_bounced(parcel, fates, attempted.dcid)
        self._log_delayed(parcel, fates, attempted.dcid)
        self._finish(parcel, len(fates) - (len(waiting.recipients) if waiting else 0))
        return waiting

    async def discard(self, parcel: Parcel) -> None:
        """Drop the parcel, as a route to /dev/null says."""
        await self.journal.write(Settled(parcel.mid, parcel.rids))
        self._finish(parcel, len(parcel.recipients))

    def _waiting(self, parcel: Parcel, fates: Fates) -> Parcel | None:
        delayed = [(to, fate) for to, fate in fates if isinstance(fate, Delayed)]
        if not delayed:
            return None
        return replace(
            parcel,
            recipients=tuple(to for to, _ in delayed),
            retries=parcel.retries + 1,
            due=delayed[0][1].due,
        )

    async def _record(self, parcel: Parcel, fates: Fates, waiting: Parcel | None) -> None:
        settled = tuple(to.rid for to, fate in fates if not isinstance(fate, Delayed))
        if settled:
            await self.journal.write(Settled(parcel.mid, settled))
        if waiting:
            await self.journal.write(
                Postponed(parcel.mid, waiting.rids, waiting.retries, waiting.due)
            )

    def _log_delivered(self, parcel: Parcel, fates: Fates, dcid: Dcid) -> None:
        delivered = [(to.rid, fate) for to, fate in fates if isinstance(fate, Delivered)]
        if delivered:
            rids = tuple(rid for rid, _ in delivered)
            self.emit(RecipientsDelivered(dcid, parcel.mid, rids))
            self.emit(ResponseReceived(parcel.mid, rids, delivered[0][1].text))

    def _log_bounced(self, parcel: Parcel, fates: Fates, dcid: Dcid) -> None:
        for to, fate in fates:
            if isinstance(fate, Bounced):
                self.emit(
                    RecipientBounced(
                        dcid=dcid,
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
        shown: list[Rid] = []
        due = None
        for to, fate in fates:
            if isinstance(fate, Delayed) and fate.status:
                shown.append(to.rid)
                due = fate.due
                self.emit(
                    RecipientDelayed(
                        dcid=dcid,
                        mid=parcel.mid,
                        rid=to.rid,
                        status=fate.status,
                        cause=fate.cause,
                        code=fate.code,
                        lines=fate.lines,
                    )
                )
        if due is not None:
            self.emit(RetryScheduled(parcel.mid, tuple(shown), due))

    def _finish(self, parcel: Parcel, settled: int) -> None:
        """The last line of a message, once none of its recipients waits."""
        if settled and self.queue.settle(parcel.mid, settled):
            self.emit(MessageFinished(parcel.mid))

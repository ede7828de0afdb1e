"""Bounces and delay warnings: who is told that a message was not delivered, and by which notice.

A message from the null sender is told to nobody: a bounce that bounces would go on for ever. Only
the alternate address of a bounce profile, where there is one, gets word of such a double bounce.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from seg_cli.config.bounce_profiles import BounceSettings
from seg_cli.config.tree import Config
from seg_cli.delivery.dsn import Action, Issue, Notice, Trouble, compose
from seg_cli.delivery.queue import Parcel, QueuedMessage, Recipient
from seg_cli.policy.outcome import Bounced, Delayed, Outcome
from seg_cli.terms import Mid, Rid

Fates = list[tuple[Recipient, Outcome]]

HELD_BACK = ("4.7.0", "Other security problem")
"""How a notice calls what a security rule holds back, which has no line in the log."""


@dataclass(frozen=True, slots=True)
class Postmaster:
    """Writes the notices of an appliance; `alternates` are the alternate addresses of all
    profiles."""

    hostname: str
    zone: tzinfo
    alternates: frozenset[str] = frozenset()

    @classmethod
    def of(cls, config: Config) -> "Postmaster":
        """As a configuration says."""
        profiles = config.bounce_profiles.values()
        addresses = (profile.alternate_address for profile in profiles)
        return cls(config.hostname, config.zone, frozenset(filter(None, addresses)))

    def notices(
        self, parcel: Parcel, fates: Fates, settings: BounceSettings, remote: str, at: datetime
    ) -> tuple[Notice, ...]:
        """What an attempt gives reason to tell: one notice of all that bounced then, one of all
        that must wait; none where nobody is to be told. `remote` is the host that answered."""
        bounced = tuple(
            Trouble(to.address, fate.status, fate.cause, fate.code, fate.lines, remote)
            for to, fate in fates
            if isinstance(fate, Bounced)
        )
        waiting = tuple(
            Trouble(to.address, *_named(fate), fate.code, fate.lines, remote)
            for to, fate in fates
            if isinstance(fate, Delayed)
        )
        both = (
            self._failure(parcel.message, bounced, settings),
            self._warning(parcel, waiting, settings, at),
        )
        return tuple(notice for notice in both if notice is not None)

    def message(self, notice: Notice, mid: Mid, at: datetime) -> QueuedMessage:
        """A notice as a message of its own, from the null sender."""
        content = compose(notice, Issue(self.hostname, mid, at.astimezone(self.zone)))
        return QueuedMessage(mid, "", (Recipient(Rid(0), notice.to),), content, at)

    def _failure(
        self, message: QueuedMessage, troubles: tuple[Trouble, ...], settings: BounceSettings
    ) -> Notice | None:
        to = self._addressee(message.sender, troubles, settings)
        if not (troubles and settings.send_bounces and to):
            return None
        return Notice(Action.FAILED, to, message, troubles, settings.dsn_format)

    def _addressee(self, sender: str, troubles: Iterable[Trouble], settings: BounceSettings) -> str:
        """Whom to tell of a bounce; empty for nobody.

        A notice that could not reach an alternate address goes nowhere: two profiles may name
        addresses that bounce to each other.
        """
        if sender:
            return settings.alternate_address or sender
        if any(trouble.address in self.alternates for trouble in troubles):
            return ""
        return settings.alternate_address

    def _warning(
        self,
        parcel: Parcel,
        troubles: tuple[Trouble, ...],
        settings: BounceSettings,
        at: datetime,
    ) -> Notice | None:
        message = parcel.message
        if not (troubles and message.sender and is_warning_due(parcel, settings, at)):
            return None
        until = message.queued_at + timedelta(seconds=settings.max_queue_lifetime)
        to = settings.alternate_address or message.sender
        return Notice(Action.DELAYED, to, message, troubles, settings.dsn_format, until)


def is_warning_due(parcel: Parcel, settings: BounceSettings, at: datetime) -> bool:
    """Whether so much time has passed since acceptance, or the last warning, and fewer than the
    maximum have been sent."""
    past = parcel.past
    last = past.warned_at or parcel.message.queued_at
    interval = timedelta(seconds=settings.warnings_interval)
    few = past.warnings < settings.warnings_count
    return settings.send_warnings and few and at - last >= interval


def _named(fate: Delayed) -> tuple[str, str]:
    return (fate.status, fate.cause) if fate.status else HELD_BACK

"""Refresh: cached policies are fetched anew before they expire (RFC 8461 s3.3, s10.2).

Daily, or at half of what is left of a shorter life, by GET and whatever the TXT record says: who
holds the DNS of a domain in his hand could otherwise let its policy run out. Who waits is a timer
on the world's clock; a refresh is a live task of the engine.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final

from seg_cli.config.updates import Proxy
from seg_cli.delivery.policy_cache import UNUSED_FOR, CachedPolicy, PolicyCache
from seg_cli.delivery.policy_failures import NotFetched, Wanted
from seg_cli.delivery.policy_source import PolicySource
from seg_cli.delivery.tasks import LiveTasks
from seg_cli.events import Event, MtaStsRefreshFailing
from seg_cli.net.clock import Clock, Timer
from seg_cli.terms import PolicyMode

DAILY: Final = timedelta(days=1)
SOONEST: Final = timedelta(hours=1)
"""No host is asked more often; a policy that lives no longer is fetched when mail needs it."""

REPEATED: Final = 2
"""Failures in a row before the operator is warned."""


def next_refresh(since: datetime, expires_at: datetime) -> datetime | None:
    """When to refresh a policy that was last tried at `since`; None if that would be too late."""
    wait = max(SOONEST, min(DAILY, (expires_at - since) / 2))
    due = since + wait
    return due if due < expires_at else None


@dataclass(slots=True)
class Refreshes:
    """One timer for each cached policy: for its refresh, else for the day it may be dropped."""

    source: PolicySource
    cache: PolicyCache
    tasks: LiveTasks
    clock: Clock
    emit: Callable[[Event], None]
    proxy: Proxy | None = None
    _timers: dict[str, Timer] = field(default_factory=dict)

    def start(self) -> None:
        """Watch over what the cache holds and whatever it is given to keep."""
        for cached in self.cache.all():
            self._watch(cached, self._tried_at(cached))
        self.cache.follow(lambda cached: self._watch(cached, cached.fetched_at))

    def stop(self) -> None:
        """Set no timer off any more."""
        for timer in self._timers.values():
            self.clock.cancel(timer)
        self._timers.clear()

    def _tried_at(self, cached: CachedPolicy) -> datetime:
        """When it was last fetched, or was to be."""
        failure = self.source.failures.of(cached.domain)
        return cached.fetched_at if failure is None else max(cached.fetched_at, failure.at)

    def _watch(self, cached: CachedPolicy, since: datetime) -> None:
        if timer := self._timers.get(cached.domain):
            self.clock.cancel(timer)
        due = next_refresh(since, cached.expires_at) or self._forgotten_at(cached)
        self._timers[cached.domain] = self.clock.call_at(due, partial(self._begin, cached))

    def _forgotten_at(self, cached: CachedPolicy) -> datetime:
        day = self.cache.used_on(cached) + UNUSED_FOR
        return datetime.combine(day, time(), UTC)

    def _begin(self, cached: CachedPolicy) -> None:
        name = f"refresh of the policy of {cached.domain}"
        self.tasks.start(name, self._refresh(cached))

    async def _refresh(self, cached: CachedPolicy) -> None:
        """What was fetched meanwhile has a timer of its own."""
        now = self.clock.now()
        if self.cache.is_unused(cached, now):
            self._timers.pop(cached.domain, None)
            await self.cache.drop(cached.domain)
        elif now >= cached.expires_at:
            self._watch(cached, now)
        else:
            outcome = await self.source.fetch(Wanted(cached.domain, cached.id), self.proxy)
            if isinstance(outcome, NotFetched):
                self._tell(cached, outcome)
                self._watch(cached, now)

    def _tell(self, cached: CachedPolicy, failure: NotFetched) -> None:
        """Warn of repeated failure, unless it is no loss (RFC 8461 s10.2)."""
        if failure.times >= REPEATED and cached.policy.mode is not PolicyMode.NONE:
            self.emit(MtaStsRefreshFailing(cached.domain, failure.times, cached.expires_at))

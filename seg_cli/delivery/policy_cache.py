"""The cache of MTA-STS policies: a dict in front, the journal behind (RFC 8461 s3.3).

It outlives restarts, for a policy may be valid for weeks (STS-47); the disk is read once, at the
start. What nobody has used for 180 days is dropped.
"""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from seg_cli.delivery.journal import Journal, Step
from seg_cli.errors import NotRecorded
from seg_cli.standards.mta_sts import Policy
from seg_cli.terms import PolicyMode

UNUSED_FOR: Final = timedelta(days=180)
"""As mox does (STS-47)."""


@dataclass(frozen=True, slots=True)
class CachedPolicy:
    """A policy, the id of the TXT record it was fetched for, and when it was fetched."""

    domain: str
    id: str
    policy: Policy
    fetched_at: datetime

    @property
    def expires_at(self) -> datetime:
        """max_age after the last successful fetch (STS-40)."""
        return self.fetched_at + timedelta(seconds=self.policy.max_age)


@dataclass(frozen=True, slots=True)
class PolicyKept:
    """The step that makes a cached policy durable."""

    cached: CachedPolicy

    def apply(self, db: sqlite3.Connection) -> None:
        cached = self.cached
        db.execute(
            "INSERT OR REPLACE INTO policy VALUES (?, ?, ?, ?, ?, ?)",
            (
                cached.domain,
                cached.id,
                cached.policy.mode.value,
                "\n".join(cached.policy.mx),
                cached.policy.max_age,
                cached.fetched_at.isoformat(),
            ),
        )


@dataclass(frozen=True, slots=True)
class PolicyUsed:
    """The step that remembers the day on which a policy was last asked for."""

    domain: str
    day: date

    def apply(self, db: sqlite3.Connection) -> None:
        db.execute(
            "INSERT OR REPLACE INTO policy_use VALUES (?, ?)", (self.domain, self.day.isoformat())
        )


@dataclass(frozen=True, slots=True)
class PolicyDropped:
    """The step that forgets a policy."""

    domain: str

    def apply(self, db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM policy WHERE domain = ?", (self.domain,))
        db.execute("DELETE FROM policy_use WHERE domain = ?", (self.domain,))


class PolicyCache:
    """Policies by domain; an expired one is as good as none (STS-43)."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        kept = (_read(row) for row in journal.rows("policy"))
        self._policies = {cached.domain: cached for cached in kept}
        self._used = {
            str(domain): date.fromisoformat(str(day)) for domain, day in journal.rows("policy_use")
        }
        self._followers: list[Callable[[CachedPolicy], None]] = []

    def follow(self, follower: Callable[[CachedPolicy], None]) -> None:
        """Hand every policy that is kept from now on to `follower`."""
        self._followers.append(follower)

    def all(self) -> tuple[CachedPolicy, ...]:
        """Every policy, the expired ones too, by domain."""
        return tuple(self._policies[domain] for domain in sorted(self._policies))

    def get(self, domain: str) -> CachedPolicy | None:
        """The last policy of a domain, expired or not."""
        return self._policies.get(domain)

    def find(self, domain: str, now: datetime) -> CachedPolicy | None:
        """The policy of a domain, if there is one that has not expired."""
        cached = self._policies.get(domain)
        return cached if cached is not None and now < cached.expires_at else None

    def used_on(self, cached: CachedPolicy) -> date:
        """The day on which mail last asked for it; the day it was fetched if none has since."""
        return self._used.get(cached.domain, cached.fetched_at.date())

    def is_unused(self, cached: CachedPolicy, now: datetime) -> bool:
        """Whether nobody has asked for it for so long that it is not worth keeping."""
        return now.date() >= self.used_on(cached) + UNUSED_FOR

    async def keep(self, cached: CachedPolicy) -> None:
        """Keep a policy that was just fetched in place of the one before."""
        await self._write(PolicyKept(cached))
        self._policies[cached.domain] = cached
        for follower in self._followers:
            follower(cached)

    async def use(self, cached: CachedPolicy, now: datetime) -> None:
        """Note that mail asks for it; the disk hears of it once a day."""
        today = now.date()
        if self._used.get(cached.domain) != today:
            self._used[cached.domain] = today
            await self._write(PolicyUsed(cached.domain, today))

    async def drop(self, domain: str) -> None:
        """Forget the policy of a domain."""
        await self._write(PolicyDropped(domain))
        self._policies.pop(domain, None)
        self._used.pop(domain, None)

    async def _write(self, step: Step) -> None:
        """What the disk does not take is remembered in memory alone: it is a cache."""
        with suppress(NotRecorded):
            await self._journal.write(step)


def _read(row: tuple[object, ...]) -> CachedPolicy:
    domain, id_, mode, mx, max_age, fetched_at = row
    assert isinstance(max_age, int)
    patterns = tuple(str(mx).split("\n")) if mx else ()
    policy = Policy(PolicyMode(str(mode)), patterns, max_age)
    return CachedPolicy(str(domain), str(id_), policy, datetime.fromisoformat(str(fetched_at)))

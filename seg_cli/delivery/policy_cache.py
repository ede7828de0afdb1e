"""The cache of MTA-STS policies: a dict in front, the journal behind (RFC 8461 s3.3).

It outlives restarts, for a policy may be valid for weeks (STS-47).
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from seg_cli.delivery.journal import Journal
from seg_cli.standards.mta_sts import Policy
from seg_cli.terms import PolicyMode


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


class PolicyCache:
    """Policies by domain; an expired one is as good as none (STS-43)."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        kept = (_read(row) for row in journal.rows("policy"))
        self._policies = {cached.domain: cached for cached in kept}

    def find(self, domain: str, now: datetime) -> CachedPolicy | None:
        """The policy of a domain, if there is one that has not expired."""
        cached = self._policies.get(domain)
        return cached if cached is not None and now < cached.expires_at else None

    async def keep(self, cached: CachedPolicy) -> None:
        """Keep a policy that was just fetched in place of the one before."""
        await self._journal.write(PolicyKept(cached))
        self._policies[cached.domain] = cached


def _read(row: tuple[object, ...]) -> CachedPolicy:
    domain, id_, mode, mx, max_age, fetched_at = row
    assert isinstance(max_age, int)
    patterns = tuple(str(mx).split("\n")) if mx else ()
    policy = Policy(PolicyMode(str(mode)), patterns, max_age)
    return CachedPolicy(str(domain), str(id_), policy, datetime.fromisoformat(str(fetched_at)))

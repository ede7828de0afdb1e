"""Policy fetches that failed: until when the same policy is not asked for again.

A dict in front, the journal behind: a restart is no reason to ask a policy host sooner.
"""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from seg_cli.delivery.journal import Journal, Step, Together
from seg_cli.errors import NotRecorded
from seg_cli.terms import Reason

BACK_OFF: Final = timedelta(minutes=5)
"""RFC 8461 s3.3 asks for at least so much between two attempts for the same policy id."""

MOST_FAILURES: Final = 10_000
"""Failures remembered; the oldest goes first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The policy of a domain that its TXT record announces by this id."""

    domain: str
    id: str


@dataclass(frozen=True, slots=True)
class NotFetched:
    """A GET that brought no policy, at `at`; `times` counts those in a row."""

    wanted: Wanted
    reason: Reason
    cause: str
    at: datetime
    times: int = 1

    @property
    def waits_until(self) -> datetime:
        """Before this no delivery asks for the same id again (STS-45)."""
        return self.at + BACK_OFF

    def holds(self, now: datetime) -> bool:
        """Whether it is too early for another GET; not by a clock that was set back since."""
        return self.at <= now < self.waits_until


@dataclass(frozen=True, slots=True)
class FailureKept:
    """The step that makes the last failure of a domain durable."""

    failure: NotFetched

    def apply(self, db: sqlite3.Connection) -> None:
        failure = self.failure
        db.execute(
            "INSERT OR REPLACE INTO policy_failure VALUES (?, ?, ?, ?, ?, ?)",
            (
                failure.wanted.domain,
                failure.wanted.id,
                failure.reason.name,
                failure.cause,
                failure.at.isoformat(),
                failure.times,
            ),
        )


@dataclass(frozen=True, slots=True)
class FailureForgotten:
    """The step that forgets the failure of a domain."""

    domain: str

    def apply(self, db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM policy_failure WHERE domain = ?", (self.domain,))


class PolicyFailures:
    """The last failure of each domain whose policy has not been fetched since."""

    def __init__(self, journal: Journal, most: int = MOST_FAILURES) -> None:
        self._journal = journal
        self._most = most
        kept = sorted(map(_read, journal.rows("policy_failure")), key=attrgetter("at"))
        self._failures = {failure.wanted.domain: failure for failure in kept}

    def all(self) -> tuple[NotFetched, ...]:
        """Every one of them, the oldest first."""
        return tuple(self._failures.values())

    def of(self, domain: str) -> NotFetched | None:
        """The one of a domain, if there is one."""
        return self._failures.get(domain)

    async def keep(self, failure: NotFetched) -> None:
        """Keep a failure in place of the one before."""
        self._failures.pop(failure.wanted.domain, None)
        self._failures[failure.wanted.domain] = failure
        steps: list[Step] = [FailureKept(failure)]
        if len(self._failures) > self._most:
            oldest = next(iter(self._failures))
            del self._failures[oldest]
            steps.append(FailureForgotten(oldest))
        await self._write(Together(tuple(steps)))

    async def forget(self, domain: str) -> None:
        """The policy of the domain was fetched."""
        if self._failures.pop(domain, None) is not None:
            await self._write(FailureForgotten(domain))

    async def _write(self, step: Step) -> None:
        """What the disk does not take is remembered in memory alone, as with policies."""
        with suppress(NotRecorded):
            await self._journal.write(step)


def _read(row: tuple[object, ...]) -> NotFetched:
    domain, id_, reason, cause, at, times = row
    assert isinstance(times, int)
    wanted = Wanted(str(domain), str(id_))
    return NotFetched(
        wanted, Reason[str(reason)], str(cause), datetime.fromisoformat(str(at)), times
    )

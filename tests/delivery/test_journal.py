import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seg_cli.delivery.ids import Ids
from seg_cli.delivery.journal import Accepted, Journal, Postponed, Settled
from seg_cli.delivery.policy_cache import CachedPolicy, PolicyCache
from seg_cli.delivery.queue import Queue, QueuedMessage, Recipient, parcels_of
from seg_cli.standards.mta_sts import Policy
from seg_cli.terms import Mid, PolicyMode, Rid

NOW = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
HOUR = timedelta(hours=1)
TO = ("a@one.example", "b@two.example", "c@One.example")
MESSAGE = QueuedMessage(
    Mid(7), "me@here.example", tuple(Recipient(Rid(n), to) for n, to in enumerate(TO)), b"hi", NOW
)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite3"


@pytest.fixture
def journal(state: Path) -> Iterator[Journal]:
    journal = Journal(state)
    yield journal
    journal.close()


@dataclass(frozen=True)
class Broken:
    def apply(self, db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO nowhere VALUES (1)")


def test_recipients_of_one_domain_travel_together() -> None:
    parcels = parcels_of(MESSAGE)
    assert [(parcel.domain, parcel.rids) for parcel in parcels] == [
        ("one.example", (0, 2)),
        ("two.example", (1,)),
    ]


async def test_what_was_accepted_is_there_after_a_restart(journal: Journal, state: Path) -> None:
    await journal.write(Accepted(MESSAGE))
    await journal.write(Settled(Mid(7), (Rid(1),)))
    await journal.write(Postponed(Mid(7), (Rid(0), Rid(2)), 3, NOW + HOUR))
    again = Journal(state)
    (parcel,) = again.parcels()
    again.close()
    assert (parcel.mid, parcel.domain, parcel.rids) == (7, "one.example", (0, 2))
    assert (parcel.retries, parcel.due) == (3, NOW + HOUR)
    assert parcel.message.content == b"hi"


async def test_a_message_goes_with_its_last_recipient(journal: Journal) -> None:
    await journal.write(Accepted(MESSAGE))
    await journal.write(Settled(Mid(7), (Rid(0), Rid(1), Rid(2))))
    assert journal.parcels() == []
    assert journal.rows("message") == []


async def test_a_step_that_fails_is_told_to_who_waits(journal: Journal) -> None:
    with pytest.raises(sqlite3.OperationalError):
        await journal.write(Broken())
    await journal.write(Accepted(MESSAGE))
    assert len(journal.parcels()) == 2


async def test_numbers_are_never_given_twice(journal: Journal, state: Path) -> None:
    ids = Ids(journal, "mid", 5444)
    assert [await ids.take() for _ in range(2)] == [5444, 5445]
    killed = Journal(state)
    assert await Ids(killed, "mid").take() == 5544
    killed.close()


async def test_numbers_go_on_after_an_orderly_end(journal: Journal) -> None:
    ids = Ids(journal, "dcid")
    await ids.take()
    await ids.give_back()
    assert await Ids(journal, "dcid").take() == 2


def test_the_longest_due_goes_first_and_nothing_before_its_time() -> None:
    queue = Queue(parcels_of(MESSAGE))
    assert queue.next_due() == NOW
    assert queue.take_due(NOW - HOUR) is None
    first = queue.take_due(NOW)
    assert first is not None
    queue.put_back(first)
    assert len(queue.waiting) == 2
    assert not queue.settle(Mid(7), 2)
    assert queue.settle(Mid(7), 1)


@pytest.mark.requirement("STS-40")
@pytest.mark.requirement("STS-43")
async def test_a_policy_outlives_a_restart_and_not_its_max_age(
    journal: Journal, state: Path
) -> None:
    policy = Policy(PolicyMode.ENFORCE, ("*.example", "mx.example"), 3600)
    await PolicyCache(journal).keep(CachedPolicy("domain.com", "1", policy, NOW))
    again = Journal(state)
    cache = PolicyCache(again)
    again.close()
    found = cache.find("domain.com", NOW + HOUR - timedelta(seconds=1))
    assert found is not None
    assert found.policy == policy
    assert cache.find("domain.com", NOW + HOUR) is None

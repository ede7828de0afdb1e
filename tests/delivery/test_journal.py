"""The journal: what it says is durable is there after a kill, and a refusal reaches who waits."""

import asyncio
import re
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from seg_cli.delivery.journal import Accepted, Counted, Journal, Postponed, Settled, Step, Together
from seg_cli.delivery.past import NOTHING_YET, Past, Remembered
from seg_cli.errors import NotRecorded
from seg_cli.terms import Dcid, Mid, Rid
from tests.delivery.conftest import Reopen
from tests.delivery.held import Held
from tests.delivery.messages import HOUR, MESSAGE, NOW, message
from tests.full_disk import full_disk


@dataclass(frozen=True)
class Broken:
    """A step that the database refuses."""

    def apply(self, db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO nowhere VALUES (1)")


UNWRITABLE = Accepted(replace(message(8, "a@one.example"), sender="\udcff@here.example"))


async def test_what_was_accepted_is_there_after_a_kill(journal: Journal, reopen: Reopen) -> None:
    await journal.write(Accepted(MESSAGE))
    again = reopen()
    assert [(parcel.domain, parcel.rids, parcel.due) for parcel in again.parcels()] == [
        ("one.example", (0, 2), NOW),
        ("two.example", (1,), NOW),
    ]
    assert {parcel.message for parcel in again.parcels()} == {MESSAGE}


async def test_closing_gives_the_parcels_back_as_they_stood(state: Path, reopen: Reopen) -> None:
    journal = Journal(state)
    await journal.write(Accepted(MESSAGE))
    await journal.write(Settled(Mid(7), (Rid(1),)))
    await journal.write(Postponed(Mid(7), (Rid(0), Rid(2)), 3, NOW + HOUR))
    journal.close()
    (parcel,) = reopen().parcels()
    assert (parcel.mid, parcel.domain, parcel.rids) == (7, "one.example", (0, 2))
    assert (parcel.retries, parcel.due) == (3, NOW + HOUR)
    assert parcel.message.content == b"hi"


async def test_recipients_of_one_domain_part_when_only_one_waits_longer(journal: Journal) -> None:
    await journal.write(Accepted(message(7, "a@one.example", "b@one.example")))
    await journal.write(Postponed(Mid(7), (Rid(1),), 1, NOW + HOUR))
    assert [(parcel.rids, parcel.retries) for parcel in journal.parcels()] == [((0,), 0), ((1,), 1)]


async def test_recipients_part_when_only_one_was_warned(journal: Journal, reopen: Reopen) -> None:
    await journal.write(Accepted(message(7, "a@one.example", "b@one.example")))
    past = Past(Dcid(3), 1, NOW)
    await journal.write(Remembered(Mid(7), (Rid(1),), past))
    parcels = [(parcel.rids, parcel.past) for parcel in reopen().parcels()]
    assert parcels == [((0,), NOTHING_YET), ((1,), past)]


async def test_the_past_goes_with_its_recipient(journal: Journal) -> None:
    await journal.write(Accepted(message(7, "a@one.example")))
    await journal.write(Remembered(Mid(7), (Rid(0), Rid(5)), Past(Dcid(3))))
    assert len(journal.rows("past")) == 1
    await journal.write(Settled(Mid(7), (Rid(0),)))
    assert journal.rows("past") == []


async def test_of_steps_together_there_are_all_or_none(journal: Journal) -> None:
    both = Accepted(message(7, "a@one.example")), Accepted(message(8, "a@one.example"))
    with pytest.raises(sqlite3.OperationalError):
        await journal.write(Together((both[0], Broken())))
    assert journal.parcels() == []
    await journal.write(Together(both))
    assert [parcel.mid for parcel in journal.parcels()] == [7, 8]


async def test_a_message_goes_with_its_last_recipient(journal: Journal) -> None:
    await journal.write(Accepted(MESSAGE))
    await journal.write(Settled(Mid(7), (Rid(0), Rid(1), Rid(2))))
    assert journal.parcels() == []
    assert journal.rows("message") == []


async def test_a_counter_keeps_its_last_value(journal: Journal) -> None:
    assert journal.counter("mid") is None
    await journal.write(Counted("mid", 100))
    await journal.write(Counted("mid", 200))
    assert journal.counter("mid") == 200


async def test_steps_that_wait_together_share_one_transaction(journal: Journal) -> None:
    """A refused step takes those beside it along, and nothing of them is left."""
    held = Held()
    first = asyncio.ensure_future(journal.write(held))
    await asyncio.to_thread(held.begun.wait, 5)
    beside = asyncio.gather(
        journal.write(Accepted(MESSAGE)), journal.write(Broken()), return_exceptions=True
    )
    await asyncio.sleep(0)
    held.released.set()
    await first
    assert [type(told) for told in await beside] == [sqlite3.OperationalError] * 2
    assert journal.parcels() == []


async def test_many_who_write_at_once_are_all_told(journal: Journal) -> None:
    messages = [message(mid, "a@one.example") for mid in range(50)]
    await asyncio.gather(*(journal.write(Accepted(each)) for each in messages))
    assert [parcel.mid for parcel in journal.parcels()] == list(range(50))


@pytest.mark.parametrize(
    ("step", "refusal"),
    [
        pytest.param(Broken(), sqlite3.OperationalError, id="the database refuses"),
        pytest.param(UNWRITABLE, ValueError, id="text that is not UTF-8"),
        pytest.param(Counted("mid", 2**63), OverflowError, id="a number beyond 64 bits"),
    ],
)
async def test_a_refusal_is_told_to_who_waits(
    journal: Journal, step: Step, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await journal.write(step)
    await journal.write(Accepted(MESSAGE))
    assert len(journal.parcels()) == 2


async def test_a_full_disk_is_a_sentence_and_takes_steps_again_once_there_is_room(
    state: Path, reopen: Reopen
) -> None:
    told: list[str] = []
    journal = Journal(state, told.append)
    await journal.write(Accepted(message(1, "a@one.example")))
    sentence = f'"{state}" could not be written: disk I/O error.'
    with full_disk():
        for mid in (2, 3):
            with pytest.raises(NotRecorded, match=re.escape(sentence)):
                await journal.write(Accepted(message(mid, "a@one.example")))
    assert told == [sentence]
    await journal.write(Accepted(message(4, "a@one.example")))
    with full_disk(), pytest.raises(NotRecorded):
        await journal.write(Accepted(message(5, "a@one.example")))
    assert told == [sentence] * 2
    journal.close()
    assert [parcel.mid for parcel in reopen().parcels()] == [1, 4]


async def test_a_journal_without_room_is_a_sentence(state: Path) -> None:
    """As a disk that is full to the last block: what is there can be read, nothing can be added."""
    journal = Journal(state)
    journal._db.execute("PRAGMA max_page_count = 1")
    with pytest.raises(NotRecorded, match="database or disk is full"):
        await journal.write(Accepted(replace(MESSAGE, content=b"x" * 100_000)))
    journal.close()


async def test_closing_on_a_full_disk_keeps_what_was_recorded(state: Path, reopen: Reopen) -> None:
    journal = Journal(state)
    await journal.write(Accepted(MESSAGE))
    with full_disk():
        journal.close()
    assert {parcel.message for parcel in reopen().parcels()} == {MESSAGE}


async def test_a_step_behind_the_end_is_refused(state: Path) -> None:
    journal = Journal(state)
    journal.close()
    async with asyncio.timeout(5):
        with pytest.raises(sqlite3.ProgrammingError):
            await journal.write(Accepted(MESSAGE))
    journal.close()


async def test_who_is_cancelled_loses_only_the_wait(journal: Journal) -> None:
    writing = asyncio.ensure_future(journal.write(Accepted(MESSAGE)))
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await journal.write(Counted("mid", 8))
    assert len(journal.parcels()) == 2


def test_only_the_owner_reads_the_file(journal: Journal, state: Path) -> None:
    assert state.stat().st_mode & 0o777 == 0o600

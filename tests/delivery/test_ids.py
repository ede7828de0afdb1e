"""Numbers: rising, never given twice, and gapless over an orderly end."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from seg_cli.delivery.ids import BLOCK, Ids
from seg_cli.delivery.journal import Journal
from tests.delivery.conftest import Reopen
from tests.delivery.held import Held


async def test_numbers_rise_from_the_first(journal: Journal) -> None:
    ids = Ids(journal, "mid", 5444)
    assert [await ids.take() for _ in range(3)] == [5444, 5445, 5446]


async def test_a_block_is_reserved_once(journal: Journal) -> None:
    ids = Ids(journal, "mid")
    for _ in range(BLOCK):
        await ids.take()
    assert journal.counter("mid") == 1 + BLOCK
    assert await ids.take() == 1 + BLOCK
    assert journal.counter("mid") == 1 + 2 * BLOCK


async def test_a_kill_loses_the_rest_of_the_block_and_repeats_nothing(
    journal: Journal, reopen: Reopen
) -> None:
    ids = Ids(journal, "mid", 5444)
    assert [await ids.take() for _ in range(2)] == [5444, 5445]
    assert await Ids(reopen(), "mid", 5444).take() == 5444 + BLOCK


async def test_an_orderly_end_leaves_no_gap(journal: Journal, reopen: Reopen) -> None:
    ids = Ids(journal, "dcid")
    await ids.take()
    await ids.give_back()
    assert await Ids(reopen(), "dcid").take() == 2


async def test_each_kind_counts_for_itself(journal: Journal) -> None:
    mids, icids = Ids(journal, "mid", 10), Ids(journal, "icid", 20)
    assert [await mids.take(), await icids.take(), await mids.take()] == [10, 20, 11]


async def test_who_ask_at_once_get_numbers_in_the_order_they_asked(journal: Journal) -> None:
    ids = Ids(journal, "mid")
    taken = await asyncio.gather(*(ids.take() for _ in range(BLOCK + 5)))
    assert taken == list(range(1, BLOCK + 6))


async def test_no_number_is_given_before_its_block_is_on_the_disk(journal: Journal) -> None:
    held, ids = Held(), Ids(journal, "mid")
    first = asyncio.ensure_future(journal.write(held))
    await asyncio.to_thread(held.begun.wait, 5)
    taking = [asyncio.ensure_future(ids.take()) for _ in range(2)]
    for _ in range(3):
        await asyncio.sleep(0)
    assert not any(taken.done() for taken in taking)
    held.released.set()
    await first
    assert [await taken for taken in taking] == [1, 2]


async def test_a_disk_that_refuses_gives_no_number(state: Path) -> None:
    journal = Journal(state)
    ids = Ids(journal, "mid")
    journal.close()
    for _ in range(2):
        with pytest.raises(sqlite3.Error):
            await ids.take()
    journal.close()

"""A disk that fills between a mail host's word and its record: nothing is lost or sent twice."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from seg_cli.delivery.arrears import LEFT
from seg_cli.delivery.journal import Journal
from seg_cli.errors import NotRecorded
from seg_cli.events import (
    BounceGenerated,
    DeliveryStarted,
    Event,
    MessageFinished,
    RecipientBounced,
    RecipientsDelivered,
)
from seg_cli.smtp.replies import Reply
from tests.delivery.post import Host, Post, post
from tests.full_disk import full_disk

NO_SUCH_USER = Reply.parse("550 No such user")
LATER = Reply.parse("451 Later")
ANSWERS = {"no@domain.com": NO_SUCH_USER, "later@domain.com": LATER}


def full_from(event: type[Event], disk: ExitStack) -> Callable[[Event], None]:
    """Lets the disk be full from the first event of a kind on."""
    seen: list[Event] = []

    def watch(happened: Event) -> None:
        if isinstance(happened, event) and not seen:
            seen.append(happened)
            disk.enter_context(full_disk())

    return watch


async def fill_at_delivery(box: Post, disk: ExitStack, *to: str) -> None:
    """Send a message whose delivery finds the disk full once it has begun."""
    box.watchers.append(full_from(DeliveryStarted, disk))
    await box.deliver(*to)


async def test_what_was_taken_is_recorded_once_there_is_room(tmp_path: Path) -> None:
    async with post(tmp_path, {"mx": Host()}) as box:
        with ExitStack() as disk:
            await fill_at_delivery(box, disk, "a@domain.com")
            await box.advance(minutes=5)
            assert box.received("mx") == [("a@domain.com",)]
            assert box.told(RecipientsDelivered) == []
        await box.advance(minutes=1)
        assert len(box.told(RecipientsDelivered)) == len(box.told(MessageFinished)) == 1
        assert box.received("mx") == [("a@domain.com",)]
        assert box.network.engine.waiting == ()
    journal = Journal(tmp_path / "state.sqlite3")
    assert journal.parcels() == []
    journal.close()


async def test_nothing_more_is_sent_until_it_is_recorded(tmp_path: Path) -> None:
    async with post(tmp_path, {"mx": Host()}) as box:
        await box.send("b@other.com")
        with ExitStack() as disk:
            await fill_at_delivery(box, disk, "a@domain.com")
            sent = box.received("mx")
            assert len(sent) in {1, 2}  # what was under way when the disk filled
            await box.advance(minutes=3)
            box.network.engine.deliver_all_now()
            await box.quiet()
            assert box.received("mx") == sent
        await box.advance(minutes=1)
        assert sorted(box.received("mx")) == [("a@domain.com",), ("b@other.com",)]
        assert len(box.told(MessageFinished)) == 2


async def test_each_recipient_has_its_own_fate_as_on_a_good_day(tmp_path: Path) -> None:
    async with post(tmp_path, {"mx": Host(answers=ANSWERS)}) as box:
        with ExitStack() as disk:
            await fill_at_delivery(box, disk, "a@domain.com", "no@domain.com", "later@domain.com")
        await box.advance(minutes=1)
        assert len(box.told(RecipientsDelivered)) == 1
        assert len(box.told(RecipientBounced)) == len(box.told(BounceGenerated)) == 1
        (waiting,) = [parcel for parcel in box.network.engine.waiting if parcel.mid == 1]
        assert [to.address for to in waiting.recipients] == ["later@domain.com"]


async def test_a_connection_without_a_number_is_not_made_and_mail_waits(tmp_path: Path) -> None:
    async with post(tmp_path, {"mx": Host()}) as box:
        await box.send("a@domain.com")
        with full_disk():
            await box.quiet()
            assert box.received("mx") == []
            (waiting,) = box.network.engine.waiting
            assert waiting.retries == 0
        await box.advance(minutes=1)
        assert box.received("mx") == [("a@domain.com",)]


async def test_a_restart_with_the_disk_still_full_sends_it_again_at_most(tmp_path: Path) -> None:
    """The one window for a repeat: between the host's word and its record."""
    with ExitStack() as disk:
        async with post(tmp_path, {"mx": Host()}) as box:
            await fill_at_delivery(box, disk, "a@domain.com", "b@domain.com")
    journal = Journal(tmp_path / "state.sqlite3")
    (parcel,) = journal.parcels()
    assert len(parcel.recipients) == 2
    assert box.troubles == [
        f'"{tmp_path / "state.sqlite3"}" could not be written: disk I/O error.',
        LEFT.format(2),
    ]
    journal.close()


@pytest.mark.parametrize("operation", ["delete", "bounce"])
async def test_what_an_operator_takes_out_stays_while_it_cannot_be_recorded(
    tmp_path: Path, operation: str
) -> None:
    async with post(tmp_path, {"mx": Host(dead=True)}) as box:
        await box.deliver("a@domain.com")
        engine = box.network.engine
        end = engine.delete if operation == "delete" else engine.bounce
        with full_disk(), pytest.raises(NotRecorded):
            await end(lambda _: True)
        assert len(engine.waiting) == 1
        assert await end(lambda _: True) == 1

"""Settlement: one outcome a recipient, one line each, and a notice in the same durable step."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes

import pytest

from seg_cli.config.bounce_profiles import BounceSettings
from seg_cli.delivery.bounce import Postmaster
from seg_cli.delivery.ids import Ids
from seg_cli.delivery.journal import Accepted, Journal
from seg_cli.delivery.parts import Attempted
from seg_cli.delivery.past import Past
from seg_cli.delivery.queue import Parcel, Queue, QueuedMessage, parcels_of
from seg_cli.delivery.settlement import Settlement
from seg_cli.events import Event
from seg_cli.logs.mail_logs import format_text
from seg_cli.policy.outcome import Answered, NotReached, Result
from seg_cli.terms import Dcid, Reason
from tests.delivery.conftest import Reopen
from tests.delivery.messages import HOUR, NOW, message

OK = Answered(250, ("2.0.0 Ok",))
NO_SUCH_USER = Answered(550, ("5.1.1 No such user", "Go away"))
LATER = Answered(451, ("Try again",))
TIMEOUT = NotReached(Reason.TIMED_OUT, "timeout")
MESSAGE = message(7, "a@one.example", "b@one.example", "c@one.example")
SETTINGS = BounceSettings()


@dataclass(slots=True)
class Desk:
    """A settlement with its queue, and what it has logged."""

    journal: Journal
    queue: Queue
    settlement: Settlement
    log: list[str]

    async def settle(
        self,
        *results: Result,
        of: QueuedMessage = MESSAGE,
        by: BounceSettings = SETTINGS,
        at: datetime = NOW,
    ) -> Parcel | None:
        """Accept a message, and settle an attempt with these results."""
        await self.journal.write(Accepted(of))
        (parcel,) = parcels_of(of)
        self.queue.add(parcel)
        taken = self.queue.take_due(at)
        assert taken is parcel
        attempted = Attempted(results, Dcid(3), "mx.one.example")
        return await self.settlement.settle(parcel, attempted, by, at)


@pytest.fixture
def desk(journal: Journal) -> Desk:
    log: list[str] = []

    def emit(event: Event) -> None:
        log.append(format_text(event, UTC))

    queue = Queue()
    postmaster = Postmaster("mail3.example.com", UTC)
    settlement = Settlement(journal, queue, emit, Ids(journal, "mid", 8), postmaster)
    return Desk(journal, queue, settlement, log)


async def test_each_recipient_has_one_line_and_the_bounced_ones_one_notice(desk: Desk) -> None:
    waiting = await desk.settle(OK, NO_SUCH_USER, LATER)
    refused = "5.1.0 - Unknown address error ('550', ['5.1.1 No such user', 'Go away']) []"
    assert desk.log == [
        "Message done DCID 3 MID 7 to RID [0] ",
        "MID 7 RID [0] Response '2.0.0 Ok'",
        f"Bounced: DCID 3 MID 7 to RID 1 - {refused}",
        "Delayed: DCID 3 MID 7 to RID 2 - 4.1.0 - Unknown address error ('451', ['Try again'])[]",
        "MID 7 to RID [2] pending till Thu Sep 26 15:24:39 2024",
        "Start MID 8 ICID 0",
        "MID 8 was generated for bounce of MID 7",
        "MID 8 ICID 0 From: <>",
        "MID 8 ICID 0 RID 0 To: <me@here.example>",
        "MID 8 queued for delivery",
    ]
    assert waiting is not None
    assert (waiting.rids, waiting.retries) == ((2,), 1)


async def test_after_a_kill_the_bounce_and_its_notice_are_both_there(
    desk: Desk, reopen: Reopen
) -> None:
    await desk.settle(OK, NO_SUCH_USER, LATER)
    waiting, notice = reopen().parcels()
    assert (waiting.mid, waiting.rids, waiting.past) == (7, (2,), Past(Dcid(3)))
    assert (notice.mid, notice.message.sender, notice.domain) == (8, "", "here.example")
    report = message_from_bytes(notice.message.content)
    assert report["Subject"] == "Delivery Status Notification (Failure)"
    assert [parcel.mid for parcel in desk.queue.waiting] == [8]


async def test_a_refused_step_leaves_neither(desk: Desk, reopen: Reopen) -> None:
    unwritable = replace(MESSAGE, sender="\udcff@here.example")
    await desk.journal.write(Accepted(MESSAGE))
    (parcel,) = parcels_of(unwritable)
    attempted = Attempted((NO_SUCH_USER,) * 3, Dcid(3))
    with pytest.raises(ValueError, match="surrogates"):
        await desk.settlement.settle(parcel, attempted, SETTINGS, NOW)
    (kept,) = reopen().parcels()
    assert kept.rids == (0, 1, 2)
    assert desk.log == []


async def test_an_expired_message_names_its_last_connection(desk: Desk) -> None:
    waiting = await desk.settle(LATER, of=message(7, "a@one.example"))
    assert waiting is not None
    unconnected = Attempted((TIMEOUT,))
    await desk.settlement.settle(waiting, unconnected, SETTINGS, NOW + 72 * HOUR)
    expired = "5.4.7 - Delivery expired (message too old) ('000', ['timeout']) []"
    assert f"Bounced: DCID 3 MID 7 to RID 0 - {expired}" in desk.log


async def test_a_message_from_the_null_sender_bounces_twice_and_is_gone(
    desk: Desk, reopen: Reopen
) -> None:
    bounce = replace(message(7, "a@one.example"), sender="")
    assert await desk.settle(NO_SUCH_USER, of=bounce) is None
    said = "550-'5.1.1 No such user Go away'"
    assert desk.log == [
        f"Double bounce: MID 7 to 0 - 5.1.0 - Unknown address error {said}",
        "Message finished MID 7 done",
    ]
    assert reopen().parcels() == []


async def test_warnings_are_counted_over_restarts(desk: Desk, reopen: Reopen) -> None:
    warning = BounceSettings(send_warnings=True, warnings_interval=3600)
    await desk.settle(TIMEOUT, of=message(7, "a@one.example"), by=warning, at=NOW + HOUR)
    assert "MID 8 was generated for delay warning of MID 7" in desk.log
    waiting, notice = reopen().parcels()
    assert waiting.past == Past(Dcid(3), 1, NOW + HOUR)
    assert notice.mid == 8


async def test_notices_take_their_numbers_in_the_order_of_their_lines(desk: Desk) -> None:
    """Nobody gets a number between the taking of a notice's and its `Start MID` line."""

    async def rival() -> None:
        desk.log.append(f"Start MID {await desk.settlement.mids.take()} ICID 9")

    await asyncio.gather(desk.settle(*[NO_SUCH_USER] * 3), *(rival() for _ in range(4)))
    started = [int(line.split()[2]) for line in desk.log if line.startswith("Start MID ")]
    assert len(started) == 5
    assert started == sorted(started)

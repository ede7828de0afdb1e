"""The queue: who travels together, who goes first, and when a message is through."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from seg_cli.delivery.queue import Queue, Recipient, parcels_of
from seg_cli.terms import Mid, Rid
from tests.delivery.messages import HOUR, MESSAGE, NOW, message


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        pytest.param("a@Example.COM", "example.com", id="the domain in lower case"),
        pytest.param('"a@b"@example.com', "example.com", id="the last at sign counts"),
    ],
)
def test_domain_of_a_recipient(address: str, domain: str) -> None:
    assert Recipient(Rid(0), address).domain == domain


def test_recipients_of_one_domain_travel_together() -> None:
    assert [(parcel.domain, parcel.rids) for parcel in parcels_of(MESSAGE)] == [
        ("one.example", (0, 2)),
        ("two.example", (1,)),
    ]


def test_nothing_goes_before_its_time() -> None:
    queue = Queue(parcels_of(MESSAGE))
    assert queue.next_due() == NOW
    assert queue.take_due(NOW - HOUR) is None
    assert len(queue.waiting) == 2


def test_the_longest_due_goes_first_and_then_the_older_message() -> None:
    late, old, young = (
        message(mid, "a@one.example", at=at) for mid, at in ((1, NOW + HOUR), (2, NOW), (3, NOW))
    )
    queue = Queue(parcel for each in (late, young, old) for parcel in parcels_of(each))
    taken = [queue.take_due(NOW + HOUR) for _ in range(4)]
    assert [parcel and parcel.mid for parcel in taken] == [2, 3, 1, None]
    assert queue.next_due() is None


def test_a_parcel_that_is_put_back_waits_until_it_is_due() -> None:
    queue = Queue(parcels_of(message(7, "a@one.example")))
    parcel = queue.take_due(NOW)
    assert parcel is not None
    assert queue.waiting == ()
    queue.put_back(replace(parcel, retries=1, due=NOW + HOUR))
    assert queue.take_due(NOW) is None
    assert queue.next_due() == NOW + HOUR


def test_a_message_is_through_with_the_last_recipient_of_all_its_parcels() -> None:
    queue = Queue(parcels_of(MESSAGE))
    assert not queue.settle(Mid(7), 2)
    assert queue.settle(Mid(7), 1)


def queue_of(*to: str) -> Queue:
    """One message to each address, the first the oldest."""
    messages = [message(mid, address) for mid, address in enumerate(to, start=1)]
    return Queue(parcel for each in messages for parcel in parcels_of(each))


def mids(queue: Queue, now: datetime = NOW) -> list[int]:
    """What is taken until nothing may go."""
    taken = iter(lambda: queue.take_due(now), None)
    return [parcel.mid for parcel in taken]


def test_the_next_of_one_domain_goes_before_its_turn() -> None:
    queue = queue_of("a@one", "a@two", "b@one", "b@two")
    parcel = queue.take_next("two", NOW)
    assert parcel is not None
    assert parcel.mid == 2
    assert queue.take_next("three", NOW) is None
    assert queue.take_next("one", NOW - HOUR) is None
    assert mids(queue) == [1, 3, 4]


def test_a_held_domain_waits_for_its_release_and_keeps_its_place() -> None:
    queue = queue_of("a@one", "a@two", "b@one")
    queue.hold("one")
    assert queue.take_next("one", NOW) is None
    assert mids(queue) == [2]
    assert queue.next_due() is None
    queue.release("one")
    queue.release("never held")
    assert mids(queue) == [1, 3]


def test_a_delayed_domain_is_due_at_that_moment() -> None:
    queue = queue_of("a@one", "a@two", "b@one")
    queue.delay("one", NOW + HOUR)
    assert mids(queue) == [2]
    assert queue.next_due() == NOW + HOUR
    assert mids(queue, NOW + HOUR) == [1, 3]


class Moment(datetime):
    """A moment that counts how often it was compared."""

    compared = 0

    def __lt__(self, other: date) -> bool:
        Moment.compared += 1
        return super().__lt__(other)  # type: ignore[operator]  # a datetime it is

    def __eq__(self, other: object) -> bool:
        Moment.compared += 1
        return super().__eq__(other)

    __hash__ = datetime.__hash__


def test_thousands_that_wait_are_taken_without_looking_through_them_all() -> None:
    parcels = 4000
    due = [
        Moment(2024, 9, 26, 15, mid // 60 % 60, mid % 60, mid, NOW.tzinfo) for mid in range(parcels)
    ]
    each = [message(mid, f"a@{mid % 100}.example", at=due[mid]) for mid in range(parcels)]
    queue = Queue(parcel for one in each for parcel in parcels_of(one))
    assert len(mids(queue, NOW + HOUR)) == parcels
    assert Moment.compared < 100 * parcels

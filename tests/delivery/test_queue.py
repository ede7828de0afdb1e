"""The queue: who travels together, who goes first, and when a message is through."""

from dataclasses import replace

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

"""The limits of destination controls: what they keep back waits, and nothing else does."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from seg_cli.config.destinations import DestinationControl
from seg_cli.config.tree import Config
from seg_cli.delivery.limits import Full, Limits
from seg_cli.events import DeliveryStarted, Event
from seg_cli.terms import LimitType
from tests.delivery.messages import NOW
from tests.delivery.post import Configure, Host, Post, post

MINUTE = timedelta(minutes=1)


def limited(**fields: Any) -> Configure:
    def change(config: Config) -> Config:
        entry = DestinationControl("domain.com", **fields)
        return replace(config, destinations=config.destinations.with_entry(entry))

    return change


def default_limit(recipients: int) -> Configure:
    def change(config: Config) -> Config:
        table = config.destinations
        default = replace(table.default, recipient_limit=recipients, recipient_minutes=1)
        return replace(config, destinations=replace(table, default=default))

    return change


async def send_many(box: Post, number: int, domain: str = "domain.com") -> None:
    for each in range(number):
        await box.send(f"{each}@{domain}")
    await box.quiet()


def opened(box: Post) -> list[str]:
    """The addresses that were dialled."""
    return [line.split()[7] for line in box.lines if line.startswith("New SMTP DCID")]


def finished(box: Post) -> int:
    return sum(line.startswith("Message finished") for line in box.lines)


@pytest.mark.parametrize("most", [1, 3])
async def test_so_many_connections_to_a_domain(tmp_path: Path, most: int) -> None:
    async with post(tmp_path, {"mx1": Host()}, limited(concurrency=most)) as box:
        await send_many(box, 10)
        assert finished(box) == 10
        assert len(opened(box)) == most


async def test_a_domain_at_its_limit_holds_up_no_other(tmp_path: Path) -> None:
    async with post(tmp_path, {"mx1": Host()}, limited(concurrency=1)) as box:
        for each in range(4):
            await box.send(f"{each}@domain.com")
        await box.send("a@other.com")
        await box.quiet()
        last = [line for line in box.lines if line.startswith("Message finished")][-1]
        assert last != "Message finished MID 5 done"
        assert finished(box) == 5


async def test_so_many_connections_to_each_address(tmp_path: Path) -> None:
    hosts = {"mx1": Host(10, ("192.0.2.1", "192.0.2.2")), "mx2": Host(20, ("192.0.2.3",))}
    by_address = limited(concurrency=2, limit_type=LimitType.MX_IP)
    async with post(tmp_path, hosts, by_address) as box:
        await send_many(box, 20)
        assert finished(box) == 20
        assert sorted(opened(box)) == sorted(2 * ["192.0.2.1", "192.0.2.2", "192.0.2.3"])


async def test_so_many_connections_at_all(tmp_path: Path) -> None:
    def two(config: Config) -> Config:
        return replace(config, delivery=replace(config.delivery, max_concurrency=2))

    async with post(tmp_path, {"mx1": Host()}, two) as box:
        await send_many(box, 10)
        assert finished(box) == 10
        assert len(opened(box)) == 2


async def test_a_client_too_many_exits_under_a_new_configuration(tmp_path: Path) -> None:
    async with post(tmp_path, {"mx1": Host()}, limited(concurrency=3)) as box:
        for each in range(9):
            await box.send(f"{each}@domain.com")

        def lower(event: Event) -> None:
            """When all three are at work."""
            if isinstance(event, DeliveryStarted) and len(box.told(DeliveryStarted)) == 3:
                box.network.adopt(limited(concurrency=1)(box.config))

        box.watchers.append(lower)
        await box.quiet()
        assert finished(box) == 9
        exits = [line for line in box.lines if line.startswith("Mail delivery client with DCID")]
        assert len(exits) == 2
        assert exits[0].endswith("exited due to the maximum concurrency configuration.")


async def test_recipients_in_a_minute(tmp_path: Path) -> None:
    three = limited(recipient_limit=3, recipient_minutes=1)
    async with post(tmp_path, {"mx1": Host()}, three) as box:
        await send_many(box, 5)
        await send_many(box, 4, "other.com")
        assert len(box.received("mx1")) == 3 + 4
        assert box.lines[-1].startswith("Message finished")
        await box.advance(seconds=59)
        assert len(box.received("mx1")) == 7
        await box.advance(seconds=1)
        assert len(box.received("mx1")) == 9
        assert not [line for line in box.lines if "Delayed" in line or "pending" in line]


@pytest.mark.parametrize("kind", LimitType)
async def test_zero_recipients_are_no_limit(tmp_path: Path, kind: LimitType) -> None:
    """An entry's 0 frees it from the limit of the default row."""
    free = limited(recipient_limit=0, recipient_minutes=1, limit_type=kind)
    async with post(tmp_path, {"mx1": Host()}, default_limit(2), free) as box:
        await send_many(box, 5)
        await send_many(box, 5, "other.com")
        assert len(box.received("mx1")) == 5 + 2


@pytest.mark.parametrize("kind", LimitType)
async def test_a_message_to_more_than_may_go_is_split(tmp_path: Path, kind: LimitType) -> None:
    three = limited(recipient_limit=3, recipient_minutes=1, limit_type=kind)
    async with post(tmp_path, {"mx1": Host()}, three) as box:
        await box.deliver(*(f"{name}@domain.com" for name in "abcdefg"))
        for _ in range(2):
            await box.advance(minutes=1)
        assert [len(recipients) for recipients in box.received("mx1")] == [3, 3, 1]
        assert box.lines.count("Message finished MID 1 done") == 1


async def test_recipients_of_each_address(tmp_path: Path) -> None:
    hosts = {"mx1": Host(10), "mx2": Host(20)}
    two = limited(recipient_limit=2, recipient_minutes=1, limit_type=LimitType.MX_IP)
    async with post(tmp_path, hosts, two) as box:
        await send_many(box, 5)
        assert [len(box.received(name)) for name in hosts] == [2, 2]
        await box.advance(minutes=1)
        assert [len(box.received(name)) for name in hosts] == [3, 2]


def test_the_minutes_begin_with_the_first_recipient() -> None:
    limits = Limits()
    settings = replace(Config().destinations.default, recipient_limit=2, recipient_minutes=1)
    place = ("domain.com", "")
    assert limits.claim(place, 1, settings, NOW) is None
    assert limits.room(place, settings, NOW + MINUTE / 2) == 1
    assert limits.claim(place, 2, settings, NOW + MINUTE / 2) == Full(NOW + MINUTE)
    assert limits.claim(place, 1, settings, NOW + MINUTE / 2) is None
    assert limits.room(place, settings, NOW + MINUTE / 2) == Full(NOW + MINUTE)
    assert limits.room(place, settings, NOW + MINUTE) == 2

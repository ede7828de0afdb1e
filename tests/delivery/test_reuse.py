"""Kept connections: taken again by whom they serve, noticed when they are lost."""

import gc
import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seg_cli.config.destinations import DestinationControl
from seg_cli.config.tree import Config
from seg_cli.smtp.handler import Ending
from seg_cli.smtp.profile import Say, Scripted, ServerProfile, Then, TlsOffer
from seg_cli.smtp.replies import Reply
from seg_cli.terms import MtaStsSupport, TlsMode
from tests.delivery.post import Configure, Host, Post, post

Fields = dict[str, Any]
TESTING: Fields = {"mta_sts": MtaStsSupport.ON}
VERIFIED: Fields = {"tls": TlsMode.PREFERRED_VERIFY}
CLOSE = Scripted(then=Then.CLOSE)


def opened(box: Post) -> int:
    return sum(line.startswith("New SMTP DCID") for line in box.lines)


def one_at_a_time(config: Config) -> Config:
    return replace(config, delivery=replace(config.delivery, max_concurrency=1))


async def test_a_connection_serves_the_next_message_and_closes_after_five_seconds(
    tmp_path: Path,
) -> None:
    async with post(tmp_path, {"mx1": Host()}) as box:
        for _ in range(3):
            await box.deliver("a@domain.com")
            await box.advance(seconds=4)
        assert opened(box) == 1
        assert "DCID 1 close" not in box.lines
        await box.advance(seconds=1)
        assert box.lines[-1] == "DCID 1 close"
        assert await box.hosts["mx1"].ending() is Ending.QUIT
        await box.deliver("a@domain.com")
        assert opened(box) == 2


async def test_what_waits_goes_over_the_same_connection_without_another_question(
    tmp_path: Path,
) -> None:
    async with post(tmp_path, {"mx1": Host()}, one_at_a_time) as box:
        for number in range(10):
            await box.send(f"{number}@domain.com")
        await box.quiet()
        assert len(box.received("mx1")) == 10
        assert opened(box) == 1
        asked = [line for line in box.lines if line.startswith("DNS query: Q(")]
        assert asked.count("DNS query: Q(domain.com, 'MX')") == 1


async def test_after_so_many_messages_a_connection_ends(tmp_path: Path) -> None:
    def three_a_connection(config: Config) -> Config:
        entry = DestinationControl("domain.com", messages_per_connection=3)
        return replace(config, destinations=config.destinations.with_entry(entry))

    async with post(tmp_path, {"mx1": Host()}, one_at_a_time, three_a_connection) as box:
        for number in range(7):
            await box.send(f"{number}@domain.com")
        await box.quiet()
        assert opened(box) == 3
        assert sum(line.endswith(" close") for line in box.lines) == 2


@pytest.mark.parametrize(
    "says",
    [
        pytest.param(CLOSE, id="closed"),
        pytest.param(Scripted(then=Then.RESET), id="reset"),
        pytest.param(Reply.parse("421 4.4.2 idle for too long"), id="421"),
    ],
)
async def test_a_kept_connection_that_is_lost_costs_nothing(tmp_path: Path, says: Say) -> None:
    async with post(tmp_path, {"mx1": Host(), "mx2": Host(20)}) as box:
        await box.deliver("a@domain.com", "b@domain.com")
        host = box.hosts["mx1"]
        host.once["me@here.example"] = says
        await box.deliver("c@domain.com", "d@domain.com")
        assert box.received("mx1") == [
            ("a@domain.com", "b@domain.com"),
            ("c@domain.com", "d@domain.com"),
        ]
        assert box.received("mx2") == []
        lost = box.lines.index("Delivery start DCID 1 MID 2 to RID [0, 1]")
        assert box.lines[lost + 1] == "DCID 1 close"
        assert box.lines[lost + 2].startswith("New SMTP DCID 2 ")
        assert not [line for line in box.lines if line.startswith("Delayed")]


def entries(*domains: DestinationControl) -> Configure:
    def change(config: Config) -> Config:
        table = config.destinations
        for entry in domains:
            table = table.with_entry(entry)
        return replace(config, destinations=table)

    return change


@pytest.mark.requirement("STS-55")
@pytest.mark.parametrize(
    ("one", "other", "connections"),
    [
        pytest.param({}, {}, 1, id="no policy for either"),
        pytest.param(TESTING, TESTING, 1, id="equal policies, nothing checked"),
        pytest.param(TESTING, {}, 2, id="a policy for one of them"),
        pytest.param({"tls": TlsMode.NO}, {}, 2, id="another TLS setting"),
        pytest.param(VERIFIED, VERIFIED, 2, id="a certificate held against the domain"),
    ],
)
async def test_domains_share_a_connection_on_equal_terms_only(
    tmp_path: Path, one: Fields, other: Fields, connections: int
) -> None:
    both = entries(
        DestinationControl("domain.com", **one), DestinationControl("other.com", **other)
    )
    async with post(tmp_path, {"mx1": Host()}, both) as box:
        await box.deliver("a@domain.com")
        await box.deliver("a@other.com")
        assert len(box.received("mx1")) == 2
        assert opened(box) == connections


async def test_a_hundred_messages_take_one_handshake(tmp_path: Path, tls: ssl.SSLContext) -> None:
    host = Host(profile=ServerProfile("mx", tls=TlsOffer(tls)))
    async with post(tmp_path, {"mx1": host}, one_at_a_time) as box:
        for number in range(100):
            await box.send(f"{number}@domain.com")
        await box.quiet()
        assert len(box.received("mx1")) == 100
        assert len(box.hosts["mx1"].handshakes) == 100 // 50
        assert {question.rdtype for question in box.lab.journal.questions} == {"MX", "A", "AAAA"}
        assert len(box.lab.journal.questions) == 3


async def test_no_connection_makes_a_tls_context(tmp_path: Path, tls: ssl.SSLContext) -> None:
    entry = DestinationControl("domain.com", messages_per_connection=1)
    host = Host(profile=ServerProfile("mx", tls=TlsOffer(tls)))
    async with post(tmp_path, {"mx1": host}, one_at_a_time, entries(entry)) as box:
        await box.deliver("first@domain.com")
        before = contexts()
        for number in range(20):
            await box.send(f"{number}@domain.com")
        await box.quiet()
        assert len(box.hosts["mx1"].handshakes) == 21
        assert [each for each in contexts() if each not in before] == []


def contexts() -> list[ssl.SSLContext]:
    """All that there are in this process."""
    return [each for each in gc.get_objects() if isinstance(each, ssl.SSLContext)]

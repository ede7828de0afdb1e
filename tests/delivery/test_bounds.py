"""Mail that the emulator may not deliver: held back before anybody is dialled, and told of."""

from pathlib import Path

from seg_cli.events import ConnectionOpened
from seg_cli.policy.bounds import Bounds
from tests.delivery.post import Host, post

ONLY_DOMAIN_COM = Bounds(frozenset({"domain.com"}))
WITHHELD = (
    "MID {mid} to RID [0] is not delivered to other.com: "
    "in the real world mail goes only to the domains named by --deliver-to"
)


async def test_nobody_is_dialled_for_a_domain_that_is_not_named(tmp_path: Path) -> None:
    async with post(tmp_path, {"mx1": Host()}, bounds=ONLY_DOMAIN_COM) as box:
        await box.deliver("a@other.com")
        assert WITHHELD.format(mid=1) in box.lines
        assert box.told(ConnectionOpened) == []
        await box.advance(minutes=1)
        assert box.lines.count(WITHHELD.format(mid=1)) == 2
        assert box.received("mx1") == []


async def test_the_others_are_not_reached_over_the_connection_of_one_that_is(
    tmp_path: Path,
) -> None:
    async with post(tmp_path, {"mx1": Host()}, bounds=ONLY_DOMAIN_COM) as box:
        await box.deliver("a@domain.com", "b@other.com")
        await box.deliver("b@other.com")
        assert box.received("mx1") == [("a@domain.com",)]
        assert len(box.told(ConnectionOpened)) == 1


async def test_at_the_end_of_its_time_it_is_bounced_and_the_notice_waits(tmp_path: Path) -> None:
    async with post(tmp_path, {"mx1": Host()}, bounds=Bounds(frozenset())) as box:
        await box.send("a@other.com", sender="me@domain.com")
        await box.quiet()
        await box.advance(days=3)
        cause = "in the real world mail goes only to the domains named by --deliver-to"
        bounced = "Bounced: DCID 0 MID 1 to RID 0 - 5.4.7 - Delivery expired (message too old)"
        assert f"{bounced} ('000', ['{cause}']) []" in box.lines
        assert f"MID 2 to RID [0] is not delivered to domain.com: {cause}" in box.lines
        assert box.told(ConnectionOpened) == []

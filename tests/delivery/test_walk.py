"""From host to host: who is tried next, and what becomes of each recipient, exactly once."""

from dataclasses import replace
from pathlib import Path

import pytest

from seg_cli.config.tree import Config
from seg_cli.smtp.profile import Scripted, ServerProfile, Then
from seg_cli.smtp.replies import Reply
from seg_cli.terms import IpSortPreference
from tests.delivery.post import Configure, Host, post

LATER = Reply.parse("451 4.3.0 later")
NEVER = Reply.parse("550 5.1.1 unknown")
UNKNOWN = "- Unknown address error"
CLOSE = Scripted(then=Then.CLOSE)


def bounces(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith(("Bounced", "Delayed", "Message done"))]


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(Host(answers={"a@domain.com": LATER}), id="4xx to RCPT"),
        pytest.param(Host(answers={"message": LATER}), id="4xx to the message"),
        pytest.param(Host(answers={"me@here.example": LATER}), id="4xx to MAIL"),
        pytest.param(Host(answers={"a@domain.com": CLOSE}), id="lost at RCPT"),
        pytest.param(Host(profile=ServerProfile("mx", greeting=LATER)), id="4xx as greeting"),
        pytest.param(Host(profile=ServerProfile("mx", greeting=NEVER)), id="5xx as greeting"),
    ],
)
async def test_what_fails_for_now_goes_to_the_next_host(tmp_path: Path, first: Host) -> None:
    async with post(tmp_path, {"mx1": first, "mx2": Host(20)}) as box:
        await box.deliver("a@domain.com")
        assert box.received("mx2") == [("a@domain.com",)]
        assert box.lines[-1] == "Message finished MID 1 done"
        assert not [line for line in box.lines if "pending till" in line]


async def test_each_recipient_has_one_outcome(tmp_path: Path) -> None:
    first = Host(answers={"b@domain.com": NEVER, "c@domain.com": LATER, "d@domain.com": LATER})
    second = Host(20, answers={"d@domain.com": LATER})
    async with post(tmp_path, {"mx1": first, "mx2": second}) as box:
        await box.deliver(*(f"{name}@domain.com" for name in "abcd"))
        assert box.received("mx1") == [("a@domain.com",)]
        assert box.received("mx2") == [("c@domain.com",)]
        assert bounces(box.lines) == [
            "Message done DCID 1 MID 1 to RID [0] ",
            f"Bounced: DCID 1 MID 1 to RID 1 - 5.1.0 {UNKNOWN} ('550', ['5.1.1 unknown']) []",
            f"Delayed: DCID 1 MID 1 to RID 2 - 4.1.0 {UNKNOWN} ('451', ['4.3.0 later'])[]",
            f"Delayed: DCID 1 MID 1 to RID 3 - 4.1.0 {UNKNOWN} ('451', ['4.3.0 later'])[]",
            "Message done DCID 2 MID 1 to RID [2] ",
            f"Delayed: DCID 2 MID 1 to RID 3 - 4.1.0 {UNKNOWN} ('451', ['4.3.0 later'])[]",
        ]
        assert sum("pending till" in line for line in box.lines) == 1
        box.hosts["mx1"].answers.clear()
        await box.advance(seconds=60)
        assert box.received("mx1") == [("a@domain.com",), ("d@domain.com",)]


async def test_what_a_host_may_have_taken_goes_to_no_other_now(tmp_path: Path) -> None:
    async with post(tmp_path, {"mx1": Host(answers={"message": CLOSE}), "mx2": Host(20)}) as box:
        await box.deliver("a@domain.com")
        assert box.received("mx2") == []
        outcome = box.lines[-4:]
        assert outcome[0] == "Possible Delivery: DCID: 1 MID 1 to [0]"
        assert outcome[1].startswith("Delayed: DCID 1 MID 1 to RID 0 - 4.4.0")
        assert "pending till" in outcome[2]
        assert outcome[3] == "DCID 1 close"


@pytest.mark.requirement("STS-54")
@pytest.mark.requirement("DNS-08")
async def test_a_dead_host_does_not_stop_the_others(tmp_path: Path) -> None:
    dead = Host(addresses=("203.0.113.9", "203.0.113.10"), dead=True)
    async with post(tmp_path, {"mx1": dead, "mx2": Host(20)}) as box:
        await box.deliver("a@domain.com")
        assert box.received("mx2") == [("a@domain.com",)]
        assert sum(line.startswith("Connection Error: ") for line in box.lines) == 2


@pytest.mark.parametrize("preference", [10, 20])
async def test_equal_preferences_are_drawn_by_lot(tmp_path: Path, preference: int) -> None:
    hosts = {"mx1": Host(10), "mx2": Host(preference)}
    async with post(tmp_path, hosts) as box:
        for _ in range(20):
            await box.deliver("a@domain.com")
            await box.advance(seconds=5)
        used = {name for name in hosts if box.received(name)}
        assert used == ({"mx1", "mx2"} if preference == 10 else {"mx1"})


def prefers(preference: IpSortPreference) -> Configure:
    def change(config: Config) -> Config:
        table = config.destinations
        default = replace(table.default, ip_sort=preference)
        return replace(config, destinations=replace(table, default=default))

    return change


@pytest.mark.parametrize(
    ("preference", "order"),
    [
        pytest.param(IpSortPreference.REQUIRE_V4, ["192.0.2.1", "192.0.2.2"]),
        pytest.param(
            IpSortPreference.PREFER_V4, ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"]
        ),
        pytest.param(IpSortPreference.REQUIRE_V6, ["2001:db8::1", "2001:db8::2"]),
        pytest.param(
            IpSortPreference.PREFER_V6, ["2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2"]
        ),
    ],
)
async def test_addresses_within_one_preference(
    tmp_path: Path, preference: IpSortPreference, order: list[str]
) -> None:
    both = ServerProfile("mx", greeting=LATER)
    hosts = {
        "mx1": Host(10, ("192.0.2.1", "2001:db8::1"), profile=both),
        "mx2": Host(10, ("192.0.2.2", "2001:db8::2"), profile=both),
    }
    async with post(tmp_path, hosts, prefers(preference)) as box:
        await box.deliver("a@domain.com")
        dialled = [line.split()[7] for line in box.lines if line.startswith("New SMTP DCID")]
        assert sorted(dialled) == sorted(order)
        assert [":" in address for address in dialled] == [":" in address for address in order]

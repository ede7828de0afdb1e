"""Refresh: daily, before expiry, and for as long as somebody uses the policy."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from seg_cli.delivery.refresh import next_refresh
from seg_cli.events import MtaStsFetchStarted, MtaStsRefreshFailing
from seg_cli.policy.requirement import InForce
from seg_cli.standards.mta_sts import Policy
from seg_cli.terms import PolicyMode
from tests.delivery.messages import NOW
from tests.delivery.policy_lab import Tables, policy_lab, world

WEEK = 604_800
YEAR = 31_557_600
DOWN: Tables = {"reach": "refused"}


@pytest.mark.requirement("STS-48")
@pytest.mark.parametrize(
    ("left", "after"),
    [
        pytest.param(timedelta(weeks=1), timedelta(days=1), id="daily"),
        pytest.param(timedelta(days=1), timedelta(hours=12), id="at half of a life of a day"),
        pytest.param(timedelta(hours=2), timedelta(hours=1), id="never within the hour"),
        pytest.param(timedelta(hours=1), None, id="not when it has expired by then"),
        pytest.param(timedelta(), None, id="not what is not to be kept"),
    ],
)
def test_when_a_policy_is_refreshed(left: timedelta, after: timedelta | None) -> None:
    due: datetime | None = next_refresh(NOW, NOW + left)
    assert due == (None if after is None else NOW + after)


@pytest.mark.requirement("STS-48")
async def test_a_policy_is_fetched_anew_each_day_whatever_the_record(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world()) as lab:
        await lab.ask()
        lab.change(world("testing", domain={"mta_sts_txt": []}))
        await lab.advance(hours=23)
        assert lab.gets == 1
        await lab.advance(hours=1)
        assert lab.gets == 2
        assert await lab.ask() == InForce(Policy(PolicyMode.TESTING, ("mx.domain.com",), WEEK))
        await lab.advance(days=20)
        assert lab.gets == 22


@pytest.mark.requirement("STS-48")
async def test_a_refresh_that_was_due_while_the_appliance_was_off_is_made_up_for(
    tmp_path: Path,
) -> None:
    async with policy_lab(tmp_path, world()) as lab:
        await lab.ask()
        lab.stop()
        await lab.advance(days=3)
        assert lab.gets == 1
        lab.start()
        await lab.advance(seconds=1)
        assert lab.gets == 2


@pytest.mark.requirement("STS-48")
async def test_a_refresh_that_has_just_failed_is_not_made_up_for(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world()) as lab:
        await lab.ask()
        lab.change(world(policy=DOWN))
        await lab.advance(hours=24)
        tried = len(lab.told(MtaStsFetchStarted))
        lab.restart()
        await lab.advance(hours=23)
        assert len(lab.told(MtaStsFetchStarted)) == tried
        await lab.advance(hours=1)
        assert len(lab.told(MtaStsFetchStarted)) == tried + 1


@pytest.mark.requirement("STS-43")
@pytest.mark.requirement("STS-48")
@pytest.mark.parametrize(("mode", "warned"), [("enforce", True), ("none", False)])
async def test_failed_refreshes_do_not_prolong_and_are_warned_of(
    tmp_path: Path, mode: str, warned: bool
) -> None:
    async with policy_lab(tmp_path, world(mode, max_age=86_400)) as lab:
        await lab.ask()
        lab.change(world(mode, max_age=86_400, policy=DOWN))
        await lab.advance(hours=24)
        told = lab.told(MtaStsRefreshFailing)
        expiry = NOW + timedelta(days=1)
        assert told == [MtaStsRefreshFailing("domain.com", 2 + n, expiry) for n in range(len(told))]
        assert bool(told) is warned
        assert not isinstance(await lab.ask(), InForce)


@pytest.mark.requirement("STS-47")
async def test_what_nobody_uses_for_180_days_is_dropped(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world(max_age=YEAR)) as lab:
        await lab.ask()
        lab.change(world(max_age=YEAR, policy=DOWN))
        await lab.advance(days=100)
        await lab.ask()
        lab.restart()
        await lab.advance(days=179)
        assert lab.policies.cache.get("domain.com") is not None
        await lab.advance(days=2)
        assert lab.policies.cache.get("domain.com") is None
        tried = len(lab.told(MtaStsFetchStarted))
        lab.restart()
        assert lab.policies.cache.all() == ()
        await lab.advance(days=10)
        assert len(lab.told(MtaStsFetchStarted)) == tried


@pytest.mark.requirement("STS-47")
async def test_an_expired_policy_is_dropped_as_well(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world(max_age=60)) as lab:
        await lab.ask()
        await lab.advance(days=179)
        assert lab.policies.cache.get("domain.com") is not None
        await lab.advance(days=1)
        assert lab.policies.cache.get("domain.com") is None
        assert lab.gets == 1

"""The policy cache: what it keeps, for how long, and over a restart."""

from datetime import timedelta

import pytest

from seg_cli.delivery.journal import Journal
from seg_cli.delivery.policy_cache import CachedPolicy, PolicyCache
from seg_cli.standards.mta_sts import Policy
from seg_cli.terms import PolicyMode
from tests.delivery.conftest import Reopen
from tests.delivery.messages import HOUR, NOW
from tests.full_disk import full_disk

SECOND = timedelta(seconds=1)
ENFORCE = Policy(PolicyMode.ENFORCE, ("*.example", "mx.example"), 3600)
NONE = Policy(PolicyMode.NONE, (), 3600)


def cached(policy: Policy = ENFORCE, id_: str = "1") -> CachedPolicy:
    return CachedPolicy("domain.com", id_, policy, NOW)


@pytest.mark.requirement("STS-40")
@pytest.mark.requirement("STS-43")
@pytest.mark.parametrize(
    ("max_age", "after", "found"),
    [
        pytest.param(3600, timedelta(), True, id="a fresh policy is found"),
        pytest.param(3600, HOUR - SECOND, True, id="the last second still counts"),
        pytest.param(3600, HOUR, False, id="after max_age there is none"),
        pytest.param(0, timedelta(), False, id="max_age 0 is not kept for the next attempt"),
    ],
)
async def test_for_how_long(journal: Journal, max_age: int, after: timedelta, found: bool) -> None:
    cache = PolicyCache(journal)
    kept = cached(Policy(PolicyMode.ENFORCE, ("mx.example",), max_age))
    await cache.keep(kept)
    assert cache.find("domain.com", NOW + after) == (kept if found else None)


async def test_another_domain_has_no_policy(journal: Journal) -> None:
    cache = PolicyCache(journal)
    await cache.keep(cached())
    assert cache.find("sub.domain.com", NOW) is None


async def test_a_policy_takes_the_place_of_the_one_before(journal: Journal, reopen: Reopen) -> None:
    cache = PolicyCache(journal)
    await cache.keep(cached())
    await cache.keep(cached(NONE, "2"))
    assert cache.find("domain.com", NOW) == cached(NONE, "2")
    assert PolicyCache(reopen()).find("domain.com", NOW) == cached(NONE, "2")


@pytest.mark.requirement("STS-47")
@pytest.mark.parametrize(
    "policy", [pytest.param(ENFORCE, id="enforce"), pytest.param(NONE, id="none without hosts")]
)
async def test_a_policy_outlives_a_restart(
    journal: Journal, reopen: Reopen, policy: Policy
) -> None:
    await PolicyCache(journal).keep(cached(policy))
    assert PolicyCache(reopen()).find("domain.com", NOW + HOUR - SECOND) == cached(policy)


async def test_on_a_full_disk_the_cache_goes_on_in_memory(journal: Journal, reopen: Reopen) -> None:
    cache = PolicyCache(journal)
    await cache.keep(cached())
    with full_disk():
        await cache.keep(cached(NONE, "2"))
        await cache.use(cached(NONE, "2"), NOW)
        assert cache.find("domain.com", NOW) == cached(NONE, "2")
        await cache.drop("domain.com")
        assert cache.get("domain.com") is None
    assert PolicyCache(reopen()).find("domain.com", NOW) == cached()

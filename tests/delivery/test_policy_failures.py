"""Failed policy fetches: how long they hold, and what of them is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from seg_cli.delivery.journal import Journal
from seg_cli.delivery.policy_failures import NotFetched, PolicyFailures, Wanted
from seg_cli.terms import Reason
from tests.delivery.conftest import Reopen
from tests.delivery.messages import NOW
from tests.full_disk import full_disk

SECOND = timedelta(seconds=1)
FAILURE = NotFetched(
    Wanted("domain.com", "1"), Reason.STS_WEBPKI_INVALID, "\x1b[2J media type \0", NOW, 3
)


def failure_of(domain: str, after: timedelta = timedelta()) -> NotFetched:
    return replace(FAILURE, wanted=Wanted(domain, "1"), at=NOW + after)


@pytest.mark.requirement("STS-45")
@pytest.mark.parametrize(
    ("after", "holds"),
    [
        pytest.param(timedelta(), True, id="at once"),
        pytest.param(timedelta(seconds=299), True, id="the last second"),
        pytest.param(timedelta(minutes=5), False, id="five minutes"),
        pytest.param(-SECOND, False, id="by a clock that was set back"),
    ],
)
def test_how_long_a_failure_holds(after: timedelta, holds: bool) -> None:
    assert FAILURE.holds(NOW + after) is holds


@pytest.mark.requirement("STS-45")
async def test_a_failure_outlives_a_restart(journal: Journal, reopen: Reopen) -> None:
    await PolicyFailures(journal).keep(FAILURE)
    assert PolicyFailures(reopen()).of("domain.com") == FAILURE


async def test_what_was_fetched_is_forgotten(journal: Journal, reopen: Reopen) -> None:
    failures = PolicyFailures(journal)
    await failures.keep(FAILURE)
    await failures.forget("domain.com")
    assert failures.all() == PolicyFailures(reopen()).all() == ()


async def test_of_many_the_oldest_is_forgotten(journal: Journal, reopen: Reopen) -> None:
    failures = PolicyFailures(journal, most=2)
    for number, domain in enumerate(("a.example", "b.example", "a.example", "c.example")):
        await failures.keep(failure_of(domain, number * SECOND))
    kept = (failure_of("a.example", 2 * SECOND), failure_of("c.example", 3 * SECOND))
    assert failures.all() == PolicyFailures(reopen()).all() == kept


async def test_what_a_full_disk_does_not_take_holds_until_the_end(journal: Journal) -> None:
    failures = PolicyFailures(journal)
    with full_disk():
        await failures.keep(FAILURE)
    assert failures.of("domain.com") == FAILURE

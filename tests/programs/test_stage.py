"""What a `world` block may say, and the sentences for what it may not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from seg_cli.app import report_bug
from seg_cli.config.tree import Config
from seg_cli.errors import UserError
from seg_cli.programs.stage import plan_of


def test_a_world_without_a_word_is_the_tech_notes() -> None:
    plan = plan_of({}, Path("x"), report_bug)
    assert plan.read_spec().name == "tech-note-222782"
    assert plan.clock.now() == datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
    assert plan.adapt(Config()).delivery.max_concurrency == 1


def test_clock_zone_ids_and_starting_configuration() -> None:
    world = {
        "lab": {"like": "tech-note-222782", "proxy": False},
        "clock": "2024-01-17T21:09:12",
        "zone": "Asia/Seoul",
        "ids": {"mid": 7},
        "config": {"deliveryconfig": {"max_concurrency": "5"}},
    }
    plan = plan_of(world, Path("x"), report_bug)
    assert plan.clock.now() == datetime(2024, 1, 17, 12, 9, 12, tzinfo=UTC)
    assert plan.first_ids == {"mid": 7}
    assert plan.read_spec().proxy is None
    config = plan.adapt(Config())
    assert (config.timezone, config.delivery.max_concurrency) == ("Asia/Seoul", 5)


@pytest.mark.parametrize(
    "world", [{"lab": "nowhere"}, {"lab": 7}, {"clock": "noon"}, {"zone": "Mars/Base"}]
)
def test_a_world_that_cannot_be(world: dict[str, object]) -> None:
    with pytest.raises(UserError):
        plan_of(world, Path("x"), report_bug).read_spec()

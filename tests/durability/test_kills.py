"""A few of the kills of `make durability`: nothing lost, nothing repeated but in the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.harness import Point, kill_at
from tests.durability.sink import Sink
from tests.durability.stages import STAGES


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.shutdown()
    sink.server_close()


@pytest.mark.parametrize("stage", STAGES)
def test_a_kill_loses_and_repeats_nothing(stage: str, tmp_path: Path, sink: Sink) -> None:
    outcome = kill_at(Point(stage, 40), tmp_path, sink)
    assert outcome.killed == 1
    assert outcome.lost == outcome.repeated_outside == []

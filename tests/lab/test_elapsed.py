"""What `lab advance` added is kept over the end of a run."""

from datetime import timedelta
from pathlib import Path

import pytest

from seg_cli.errors import UserError
from seg_cli.lab.elapsed import FILE, keep, running_clock
from seg_cli.net.clock import RunningClock
from tests.full_disk import full_disk


def test_a_later_run_goes_on_from_there(tmp_path: Path) -> None:
    ahead = timedelta(days=9, seconds=0.5)
    keep(tmp_path / "lab", RunningClock(offset=ahead))
    assert running_clock(tmp_path / "lab").offset == ahead


@pytest.mark.parametrize("text", ["", "soon", "1e400", "nan"])
def test_a_file_that_says_nothing_is_no_advance(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert running_clock(tmp_path).offset == timedelta()
    assert running_clock(tmp_path / "nowhere").offset == timedelta()


def test_on_a_full_disk_what_was_kept_stays(tmp_path: Path) -> None:
    keep(tmp_path, RunningClock(offset=timedelta(hours=2)))
    with full_disk(), pytest.raises(UserError, match="could not be written: File too large"):
        keep(tmp_path, RunningClock(offset=timedelta(hours=3)))
    assert running_clock(tmp_path).offset == timedelta(hours=2)

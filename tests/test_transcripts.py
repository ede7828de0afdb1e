"""Every transcript that is shipped is what the appliance does."""

from pathlib import Path

import pytest

from seg_cli.app import open_rehearsal
from seg_cli.replay.report import Passed
from seg_cli.replay.runner import replay_file

TRANSCRIPTS = sorted((Path(__file__).parent.parent / "transcripts").glob("*.md"))


def test_there_are_transcripts() -> None:
    assert len(TRANSCRIPTS) >= 8


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
async def test_a_transcript(path: Path) -> None:
    assert await replay_file(path, open_rehearsal()) == Passed(path)

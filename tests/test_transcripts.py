"""Every transcript that is shipped is what the appliance does."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from seg_cli.app import open_rehearsal
from seg_cli.replay.rehearsal import Rehearsal
from seg_cli.replay.report import Passed
from seg_cli.replay.runner import replay_file
from tests import log_rules

ROOT = Path(__file__).parent.parent
TRANSCRIPTS = [*sorted((ROOT / "transcripts").glob("*.md")), ROOT / "README.md"]


def test_there_are_transcripts() -> None:
    assert len(TRANSCRIPTS) >= 8


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
async def test_a_transcript(path: Path) -> None:
    assert await replay_file(path, open_checked) == Passed(path)


@asynccontextmanager
async def open_checked(world: Mapping[str, Any]) -> AsyncIterator[Rehearsal]:
    """A rehearsal whose log keeps the rules across lines in the end."""
    async with open_rehearsal()(world) as rehearsal:
        yield rehearsal
        await rehearsal.quiet()
        log = rehearsal.log("mail_logs")
        assert log is not None
        assert log_rules.check(log.lines) == []

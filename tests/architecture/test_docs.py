"""What the documents point at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TECH_NOTE = (ROOT / "docs" / "tech-note.md").read_text()
TRANSCRIPTS = {path.stem for path in (ROOT / "transcripts").glob("*.md")}


def named(pattern: str) -> list[str]:
    return sorted(set(re.findall(pattern, TECH_NOTE)))


@pytest.mark.parametrize("test", named(r"`([a-z_]+/test_[a-z_]+\.py)`"))
def test_each_test_that_is_named_exists(test: str) -> None:
    assert (ROOT / "tests" / test).is_file()


@pytest.mark.parametrize("line", [line for line in TECH_NOTE.split("\n") if "| T `" in line])
def test_each_transcript_that_is_named_exists(line: str) -> None:
    shown_by = line.rstrip(" |").rpartition(" | ")[2]
    names = {name for name in re.findall(r"`([a-z-]+)`", shown_by) if "-" in name}
    assert names
    assert names <= TRANSCRIPTS

"""Damaged files of an appliance: each is told of in a sentence that names it, and left alone."""

import shutil
from pathlib import Path

import pytest

from seg_cli.__main__ import main
from seg_cli.programs.location import HOSTNAME, greeting_text
from seg_cli.shell.greeting import lab_greeting

GARBAGE = b"\xff\x1b[31m\0" * 5000


@pytest.fixture
def directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """An appliance that has lived and delivered."""
    assert main(["--appliance", str(tmp_path), "run", "lab send to=user@plain.example"]) == 0
    capsys.readouterr()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("state.sqlite3", "lab send"),
        ("state.sqlite3", "hoststatus domain.com"),
        ("serial", "version"),
        ("serial", "lab send"),
        ("lab/root.key", "lab send"),
        ("lab/root.pem", "lab send"),
        ("versions/000001.xml", "lab send"),
        ("versions/000001.xml", "commitdetail"),
    ],
)
def test_a_damaged_file_is_told_of(
    directory: Path, name: str, lines: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (directory / name).write_bytes(GARBAGE)
    status = main(["--appliance", str(directory), "run", lines])
    shown = capsys.readouterr()
    assert status == 1
    assert f'"{directory / name}"' in shown.out
    assert shown.out.replace("\n", "").isprintable()
    assert shown.err == ""
    assert (directory / name).read_bytes() == GARBAGE


@pytest.mark.parametrize("text", [GARBAGE, b"\x1b]0;mine\x07host> ", b""])
def test_a_damaged_greeting_is_not_painted(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "greeting").write_bytes(text)
    assert greeting_text(tmp_path) == lab_greeting(HOSTNAME)


def test_a_lab_that_cannot_start_is_told_of(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (directory / "lab").iterdir():
        path.unlink()
    (directory / "lab").rmdir()
    (directory / "lab").write_text("a file, not a folder")
    assert main(["--appliance", str(directory), "run", "lab send"]) == 1
    assert capsys.readouterr().out.startswith("The lab does not start: ")


@pytest.mark.parametrize("lines", ["commitdetail", "lab send"])
def test_versions_that_were_taken_away_are_told_of(
    directory: Path, lines: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(directory / "versions")
    assert main(["--appliance", str(directory), "run", lines]) == 1
    shown = capsys.readouterr()
    assert shown.out.startswith(f'"{directory / "versions"}" holds no configuration')
    assert (shown.out.count("\n"), shown.err) == (1, "")
    assert not (directory / "versions").exists()

"""A disk that is full, under whole programs: told once, in a sentence, and ended in good order."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "seg_cli", "--appliance")
ENVIRONMENT = {"PATH": "/usr/bin", "PYTHONPATH": str(ROOT)}
ROOM = 128 * 1024
"""Octets that a file may have: enough to start, too few for a large message."""

LARGE = "lab send size=400000"


def run(
    directory: Path, *words: str, typed: str = "", room: int | None = None
) -> tuple[int, str, str]:
    """The status, output and errors of a program, each of whose files has so much room."""

    def fill() -> None:
        if room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = subprocess.run(
        [*PROGRAM, str(directory), *words],
        env=ENVIRONMENT,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=fill,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """An appliance that has lived and delivered."""
    assert run(tmp_path, "run", "lab send to=user@plain.example")[0] == 0
    return tmp_path


def sentence(directory: Path) -> str:
    return f'"{directory / "state.sqlite3"}" could not be written: disk I/O error.'


def test_run_refuses_mail_and_says_why_once(directory: Path) -> None:
    status, shown, told = run(directory, "run", f"{LARGE}; {LARGE}; lab send", room=ROOM)
    assert (status, shown.split("\n\n")) == (
        0,
        ["452 #4.3.1 queue full", "452 #4.3.1 queue full", "250 ok: Message 4 accepted\n"],
    )
    assert told == f"seg-cli: {sentence(directory)}\n"


def test_a_console_says_it_before_the_next_prompt(directory: Path) -> None:
    _, shown, told = run(directory, "console", typed=f"{LARGE}\nversion\nexit\n", room=ROOM)
    assert f"\n452 #4.3.1 queue full\n\n[machine] {sentence(directory)}\nmail3.example" in shown
    assert shown.count(sentence(directory)) == 1
    assert told == ""


def test_a_commit_without_room_leaves_the_changes_staged(directory: Path) -> None:
    routes = "".join(f"smtproutes new d{number}.example USEDNS\n" for number in range(3))
    typed = f"{routes}commit one\ncommit two\nsmtproutes print\nexit\ny\n"
    _, shown, told = run(directory, "console", typed=typed, room=0)
    assert told == ""
    path = directory / "versions" / "000002.xml"
    assert shown.count(f'\n"{path}" could not be written: File too large.\n') == 2
    assert "no data to commit" not in shown
    assert "d2.example" in shown
    assert not path.exists()

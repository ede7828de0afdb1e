"""A disk that is full, under whole programs: told once, in a sentence, and ended in good order."""

import re
import resource
import shutil
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


def in_the_way(directory: Path) -> str:
    """A file where the log's folder should be; the sentence about it."""
    shutil.rmtree(directory / "log")
    (directory / "log").write_text("a file, not a folder")
    place = directory / "log" / "mail_logs"
    return f'"{place}" could not be written: Not a directory; the lines of the log wait in memory.'


def test_a_log_that_cannot_be_written_is_told_once_and_mail_goes_on(directory: Path) -> None:
    why = in_the_way(directory)
    typed = "lab send to=a@plain.example\nlab advance 1m\nhoststatus plain.example\nexit\n"
    status, shown, told = run(directory, "console", typed=typed)
    assert status == 0
    assert shown.count(f"\n[machine] {why}\nmail3.example.com> ") == shown.count(why) == 1
    assert "application fault" not in shown
    assert re.search(r"Completed Recipients +1\b", shown)
    lost = (
        rf'seg-cli: Lines of the log in "{directory / "log" / "mail_logs"}" that are lost: \d+\.\n'
    )
    assert re.fullmatch(lost, told)


def test_run_tells_of_a_log_that_cannot_be_written(directory: Path) -> None:
    why = in_the_way(directory)
    status, shown, told = run(directory, "run", "lab send to=a@plain.example")
    assert (status, shown) == (0, "250 ok: Message 2 accepted\n")
    assert told.split("\n")[0] == f"seg-cli: {why}"


@pytest.mark.parametrize(
    "line",
    ["grep MID mail_logs", "grep -p MID mail_logs", "tail mail_logs", "rollovernow mail_logs"],
)
def test_a_log_without_files_is_a_sentence_to_whoever_reads_it(directory: Path, line: str) -> None:
    why = in_the_way(directory)
    status, shown, _ = run(directory, "run", line)
    assert (status, shown.strip().split("\n")[-1]) == (1, why)

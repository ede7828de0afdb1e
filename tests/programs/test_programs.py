"""The programs from outside: arguments in, text and exit status out."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from seg_cli.__main__ import main
from seg_cli.app import report_fault
from seg_cli.config.disk import DirectoryLock
from seg_cli.errors import EndOfInput
from seg_cli.fronts.plain import PlainTeletype
from seg_cli.programs.location import HOSTNAME, appliance_directory

IMPORTS_LISTED = ("-X", "importtime", "-m", "seg_cli")


@pytest.fixture
def appliance(tmp_path: Path) -> list[str]:
    return ["--appliance", str(tmp_path / "appliance")]


def run(appliance: list[str], lines: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    status = main([*appliance, "run", lines])
    return status, capsys.readouterr().out


def test_run_prints_what_the_lines_print(
    appliance: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, shown = run(appliance, "version; whoami", capsys)
    assert status == 0
    assert "Version: 16.0.3-025" in shown
    assert "Username: admin" in shown


def test_a_failed_line_stops_the_rest(
    appliance: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, shown = run(appliance, "nonsense; whoami", capsys)
    assert status == 1
    assert "Unknown command or missing feature key: nonsense" in shown
    assert "Username" not in shown
    assert run(appliance, 'dig "', capsys)[0] == 1


def test_a_message_is_delivered_before_run_ends(
    appliance: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, shown = run(appliance, "lab send to=user@plain.example", capsys)
    assert (status, shown) == (0, "250 ok: Message 1 accepted\n")
    log = Path(appliance[1]) / "log" / "mail_logs" / "mail.current"
    assert "Message finished MID 1 done" in log.read_text()


def test_the_serial_and_the_numbers_go_on_at_the_next_start(
    appliance: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    first = run(appliance, "version; lab send to=a@plain.example", capsys)[1]
    second = run(appliance, "version; lab send to=a@plain.example", capsys)[1]
    assert first.split("\n")[2] == second.split("\n")[2]
    assert "Message 2 accepted" in second


def test_a_directory_in_use_is_a_sentence(
    appliance: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "appliance").write_text("a file, not a directory")
    assert run(appliance, "destconfig", capsys)[0] == 1
    assert run(appliance, "destconfig", capsys)[1].startswith(f'"{tmp_path}')


def test_what_needs_no_configuration_runs_beside_a_console(
    appliance: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    serial = run(appliance, "version", capsys)[1]
    owner = DirectoryLock(Path(appliance[1]))
    try:
        assert run(appliance, "version", capsys) == (0, serial)
        status, refusal = run(appliance, "destconfig", capsys)
        assert (status, "is in use by process" in refusal) == (1, True)
    finally:
        owner.release()


def test_the_cheapest_command_loads_no_configuration_and_no_event_loop(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, *IMPORTS_LISTED, "--appliance", str(tmp_path), "run", "version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert "seg_cli.commands" in loaded
    assert loaded.isdisjoint(
        {"asyncio", "seg_cli.config.tree", "seg_cli.events", "seg_cli.lab.spec"}
    )


def test_the_console_over_a_pipe(tmp_path: Path) -> None:
    typed = "whoami\nlab restart\nlab reset\ny\nversion\n"
    console = subprocess.run(
        [sys.executable, "-m", "seg_cli", "--appliance", str(tmp_path / "box")],
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert console.stderr == ""
    assert "\x1b" not in console.stdout
    assert console.stdout.count("Welcome to the Cisco C100V") == 3
    assert "mail3.example.com> " in console.stdout


def test_the_lessons_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train"]) == 0
    assert "mta-sts-on" in capsys.readouterr().out
    assert main(["train", "nothing"]) == 2
    assert "There is no lesson" in capsys.readouterr().err


def test_a_lesson_over_a_pipe(tmp_path: Path) -> None:
    console = subprocess.run(
        [sys.executable, "-m", "seg_cli", "train", "mta-sts-on", "--lang", "ko"],
        input="lesson check\nlesson reset\ny\nlesson\nexit\n",
        env={**os.environ, "SEG_CLI_STORE": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert console.stderr == ""
    assert "[coach] " in console.stdout
    assert "100점 중 0점" in console.stdout
    assert (tmp_path / "lesson-mta-sts-on").is_dir()


@pytest.fixture
def no_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.delenv("SEG_CLI_STORE", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path  # type: ignore[return-value]  # a plain value is a fixture as well


def test_where_an_appliance_lives(no_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert appliance_directory(Path("x")) == Path("x")
    assert appliance_directory(None).parts[-3:] == ("share", "seg-cli", HOSTNAME)
    (no_store / "config_store").mkdir()
    assert appliance_directory(None) == Path("config_store") / HOSTNAME
    monkeypatch.setenv("SEG_CLI_STORE", "/somewhere")
    assert appliance_directory(None) == Path("/somewhere") / HOSTNAME


def test_the_developer_log_holds_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    report_fault(ValueError("a bug"))
    assert "ValueError: a bug" in capsys.readouterr().err


async def test_lines_from_a_descriptor_however_they_end() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"one\r\ntwo\nthree")
    os.close(writing)
    output = io.StringIO()
    teletype = PlainTeletype(output, reading)
    assert teletype.rows is None
    assert [await teletype.read_line("> ") for _ in range(3)] == ["one", "two", "three"]
    for _ in range(2):
        with pytest.raises(EndOfInput):
            await teletype.read_line("> ")
    assert output.getvalue() == "> \n" * 5
    os.close(reading)

"""Ended from outside: by a signal, by a terminal that is closed, by output that nobody reads."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from seg_cli.programs.telling import LOST

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "seg_cli", "--appliance")
ENVIRONMENT = {"PATH": "/usr/bin", "PYTHONPATH": str(ROOT)}


def listen_to_hang_ups() -> None:
    """Whoever runs the tests may have been told to ignore them (nohup), and children inherit it."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def console(directory: Path, terminal: str) -> "pexpect.spawn[str]":
    """A console in a terminal of this kind, at its first prompt with the network up."""
    child = pexpect.spawn(
        PROGRAM[0],
        [*PROGRAM[1:], str(directory)],
        env={**ENVIRONMENT, "TERM": terminal},
        encoding="utf-8",
        timeout=30,
        preexec_fn=listen_to_hang_ups,
    )
    child.expect_exact("mail3.example.com> ")
    return child


@pytest.mark.parametrize("terminal", ["xterm", "dumb"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_console_in_good_order(
    tmp_path: Path, terminal: str, number: signal.Signals
) -> None:
    child = console(tmp_path, terminal)
    child.send("tail mail_logs\r")
    child.expect_exact("Time offset from UTC")
    child.kill(number)
    shown = child.expect([pexpect.EOF, "Traceback"])
    child.close()
    assert (shown, child.exitstatus) == (0, 128 + number)
    log = (tmp_path / "log" / "mail_logs" / "mail.current").read_text()
    assert log.endswith("Info: End Logfile\n")


@pytest.mark.parametrize("terminal", ["xterm", "dumb"])
def test_a_closed_terminal_ends_the_console_in_good_order(tmp_path: Path, terminal: str) -> None:
    child = console(tmp_path, terminal)
    child.send("tail mail_logs\r")
    child.expect_exact("Time offset from UTC")
    child.ptyproc.fileobj.close()  # type: ignore[attr-defined]  # its own close() kills
    assert child.wait() == 128 + signal.SIGHUP
    log = (tmp_path / "log" / "mail_logs" / "mail.current").read_text()
    assert log.endswith("Info: End Logfile\n")


@pytest.mark.parametrize("lines", ["version; help; version", "nslookup domain.com; version"])
def test_output_that_nobody_reads_ends_the_lines_without_a_word(tmp_path: Path, lines: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PROGRAM, str(tmp_path), "run", lines],
        env=ENVIRONMENT,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&- 2>&-"])
def test_closed_streams_are_as_good_as_empty_ones(tmp_path: Path, closed: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$@" {closed}', "sh", *PROGRAM, str(tmp_path), "run", "version"],
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_a_stream_cannot_hold_is_spelt_and_what_is_no_text_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, str(tmp_path), "run", "dig b\u00fccher.example; destconfig"],
        env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii:strict"},
        input=b"\xff\n",
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert b"<<>> b\\xfccher.example\n" in done.stdout
    assert b'Unknown option "\\ufffd".\n' in done.stdout
    assert done.stderr == b""


def test_changes_that_are_lost_at_the_end_are_told_of(tmp_path: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, str(tmp_path), "run", "destconfig new a.example use_tls=on"],
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stdout == b""
    assert done.stderr.decode() == f"seg-cli: {LOST}\n"


ROUTE = "smtproutes new a.example USEDNS\n"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param(ROUTE, True, id="nothing more to read"),
        pytest.param(f"{ROUTE}exit\n", True, id="no answer whether to exit"),
        pytest.param(f"{ROUTE}destconfig\nnew\n", True, id="in the middle of a dialogue"),
        pytest.param(f"{ROUTE}lab restart\nexit\n", True, id="the appliance starts again"),
        pytest.param(f"{ROUTE}exit\ny\n", False, id="given up at exit"),
        pytest.param(f"{ROUTE}clearchanges\ny\n", False, id="cleared"),
        pytest.param(f"{ROUTE}commit x\n", False, id="committed"),
        pytest.param("version\n", False, id="nothing was changed"),
    ],
)
def test_changes_that_end_with_a_piped_console_are_told_of(
    tmp_path: Path, typed: str, told: bool
) -> None:
    done = subprocess.run(
        [*PROGRAM, str(tmp_path), "console"],
        env=ENVIRONMENT,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, f"seg-cli: {LOST}\n" if told else "")

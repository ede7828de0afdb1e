"""The terminal front in a real terminal: painted first, Ctrl-C as a key and as a signal."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

ROOT = Path(__file__).parents[2]
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture
def terminal() -> Iterator["pexpect.spawn[str]"]:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "tests.fronts.held"],
        env={"TERM": "xterm", "PATH": "/usr/bin", "PYTHONPATH": str(ROOT)},
        cwd=str(ROOT),
        encoding="utf-8",
        timeout=30,
    )
    yield child
    child.close(force=True)


def finish(terminal: "pexpect.spawn[str]") -> None:
    terminal.send("\x04")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_what_is_typed_before_the_editor_is_there_is_shown_by_the_editor_alone(
    terminal: "pexpect.spawn[str]",
) -> None:
    terminal.expect_exact("host> ")
    terminal.send("ahead\r")
    terminal.expect_exact("typed:ahead")
    by_terminal, _, by_editor = str(terminal.before).partition("\x1b")
    assert "ahead" not in by_terminal
    assert "ahead" in by_editor
    finish(terminal)


def test_ctrl_c_while_a_command_runs_and_at_the_prompt_after_it(
    terminal: "pexpect.spawn[str]",
) -> None:
    terminal.expect_exact("host> ")
    for _ in range(2):
        terminal.send("wait\r")
        terminal.expect_exact("waiting\r\n")
        terminal.sendintr()
        terminal.expect_exact("^C\r\n")
        terminal.send("\x03")
        terminal.expect_exact("^C\r\n")
    terminal.send("alive\r")
    terminal.expect_exact("typed:alive")
    finish(terminal)


def test_a_raw_line_is_edited_by_the_terminal_itself(terminal: "pexpect.spawn[str]") -> None:
    terminal.expect_exact("host> ")
    terminal.send("raw\r")
    terminal.send("EHLO me\r")
    terminal.expect_exact("raw:EHLO me")
    finish(terminal)

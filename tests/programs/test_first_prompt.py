"""The console on a terminal: what is loaded before the prompt, and keys before the appliance."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

PROMPT = "mail3.example.com> "
HEAVY = ("prompt_toolkit", "rich", "requests", "dns", "cryptography", "asyncio", "ssl", "typing")


@pytest.fixture
def box(tmp_path: Path) -> Path:
    return tmp_path / "box"


@pytest.fixture
def console(box: Path) -> Iterator["pexpect.spawn[str]"]:
    """The console, whose imports are listed on the terminal between what it prints."""
    child = pexpect.spawn(
        sys.executable,
        ["-X", "importtime", "-m", "seg_cli", "--appliance", str(box)],
        env={**os.environ, "TERM": "xterm"},
        encoding="utf-8",
        timeout=30,
    )
    yield child
    child.close(force=True)


def imported(screen: str) -> set[str]:
    """The modules that a listing of imports names."""
    lines = [line for line in screen.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


def test_nothing_heavy_is_loaded_when_the_first_prompt_is_painted(
    console: "pexpect.spawn[str]",
) -> None:
    console.expect_exact(PROMPT)
    before = imported(str(console.before))
    assert "seg_cli.fronts.paint" in before
    assert before.isdisjoint(HEAVY)


def test_the_prompt_takes_keys_before_the_appliance_is_loaded(
    console: "pexpect.spawn[str]",
) -> None:
    console.expect_exact(PROMPT)
    console.send("whoami\r")
    console.expect_exact("seg_cli.app")
    loaded = imported(str(console.before))
    assert "prompt_toolkit" in loaded
    assert loaded.isdisjoint({"dns", "requests", "cryptography"})
    console.expect_exact("Username: admin")


def test_the_network_comes_up_behind_the_prompt(console: "pexpect.spawn[str]", box: Path) -> None:
    console.expect_exact("seg_cli.lab.servers")
    console.send("exit\r")
    console.expect(pexpect.EOF)
    assert (box / "state.sqlite3").is_file()


def test_an_appliance_in_use_is_a_sentence_on_a_line_of_its_own(
    console: "pexpect.spawn[str]", box: Path
) -> None:
    box.write_text("a file, not a directory")
    console.expect("\r\nseg-cli: [^\r]+")
    console.expect(pexpect.EOF)
    console.close()
    assert console.exitstatus == 2

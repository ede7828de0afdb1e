"""The programs with --world real: what they take, what they refuse, whose directory is whose."""

import os
import sys
from pathlib import Path

import pexpect
import pytest

from seg_cli.__main__ import main
from seg_cli.programs.location import HOSTNAME, machine_name, real_directory, real_greeting_text
from seg_cli.shell.greeting import real_greeting

REAL = ("--world", "real")
BETWEEN = "other options stand between the domains and the program."


def test_the_lab_command_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    box = ("--appliance", str(tmp_path / "box"))
    assert main([*box, *REAL, "run", "lab hosts"]) == 1
    assert capsys.readouterr().out == (
        "There is no lab in the real world: leave --world real out to have one.\n"
    )
    named = ("--deliver-to", "a.example", "b.example")
    assert main([*box, *named, *REAL, "run", "lab"]) == 0
    assert "Mail is delivered to a.example, b.example.\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--deliver-to", "a.example"), "--deliver-to and --allow-private belong to --world real."),
        (("--allow-private",), "--deliver-to and --allow-private belong to --world real."),
        ((*REAL, "replay", "a.md"), "Transcripts and lessons are played in labs of their own."),
        ((*REAL, "train"), "Transcripts and lessons are played in labs of their own."),
        (
            (*REAL, "--deliver-to", "a.example", "run", "lab"),
            '"run" is no domain for --deliver-to; ' + BETWEEN,
        ),
        (
            (*REAL, "--deliver-to", "a..example"),
            '"a..example" is no domain for --deliver-to; ' + BETWEEN,
        ),
    ],
)
def test_what_does_not_go_together_is_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    assert main(["--appliance", str(tmp_path), *arguments]) == 2
    assert capsys.readouterr().err == f"seg-cli: {sentence}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_lab_and_the_real_world_never_share_a_directory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lab, real = tmp_path / "lab's", tmp_path / "real"
    assert main(["--appliance", str(lab), "run", "commitdetail"]) == 0
    assert main(["--appliance", str(real), *REAL, "run", "commitdetail"]) == 0
    capsys.readouterr()
    assert main(["--appliance", str(lab), *REAL, "run", "whoami"]) == 2
    refused = f"seg-cli: The appliance in {lab} lives in a lab, not in the real world.\n"
    assert capsys.readouterr().err == refused
    assert main(["--appliance", str(real), "run", "whoami"]) == 2
    refused = f"seg-cli: The appliance in {real} lives in the real world: --world real.\n"
    assert capsys.readouterr().err == refused
    assert main(["--appliance", str(real), *REAL, "run", "whoami"]) == 0


def test_the_real_appliance_has_a_directory_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEG_CLI_STORE", str(tmp_path))
    assert real_directory(None) == tmp_path / "real-world"
    assert real_directory(tmp_path) == tmp_path


@pytest.mark.parametrize(
    ("nodename", "name"),
    [
        ("Mail.Example.NET", "mail.example.net"),
        ("laptop", HOSTNAME),
        ("a..b", HOSTNAME),
        ("a\x1b.b", HOSTNAME),
    ],
)
def test_the_first_hostname_is_the_machines_if_it_is_a_whole_one(
    monkeypatch: pytest.MonkeyPatch, nodename: str, name: str
) -> None:
    names = os.uname_result(("Linux", nodename, "1", "1", "x86_64"))
    monkeypatch.setattr(os, "uname", lambda: names)
    assert machine_name() == name


def test_the_last_greeting_is_painted(tmp_path: Path) -> None:
    assert real_greeting_text(tmp_path) == real_greeting(machine_name())
    (tmp_path / "greeting").write_text("Welcome\nbox> ")
    assert real_greeting_text(tmp_path) == "Welcome\nbox> "


def test_the_console_on_a_terminal(tmp_path: Path) -> None:
    prompt = f"{machine_name()}>"
    console = pexpect.spawn(
        sys.executable,
        ["-m", "seg_cli", "--appliance", str(tmp_path / "box"), *REAL],
        env={**os.environ, "TERM": "xterm"},
        encoding="utf-8",
        timeout=30,
    )
    try:
        console.expect_exact("[world] Mail is delivered only to the domains named")
        console.expect_exact(prompt)
        console.send("lab\r")
        console.expect_exact("Mail is delivered to nobody: name domains with --deliver-to.")
        console.expect_exact("[world] The listener takes mail in at 127.0.0.1:")
        console.expect_exact(prompt)
        console.send("exit\r")
        console.expect(pexpect.EOF)
    finally:
        console.close(force=True)
    assert console.exitstatus == 0

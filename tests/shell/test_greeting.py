"""The greeting to the letter, and that nothing is loaded before it is painted."""

import subprocess
import sys

from seg_cli.shell.greeting import greeting, lab_greeting


def test_the_greeting_ends_in_the_prompt() -> None:
    text = greeting("mail3.example.com")
    assert text.startswith("AsyncOS 16.0.3 for Cisco C100V build 025\n\nWelcome to the Cisco C100V")
    assert text.endswith("as soon as they are made.\n\nmail3.example.com> ")


def test_the_first_steps_in_the_lab() -> None:
    lines = lab_greeting("mail3.example.com").split("\n")
    assert [line.startswith("[lab] ") for line in lines[-5:]] == [True, True, True, False, False]


def test_painting_loads_nothing_heavy() -> None:
    code = (
        "import sys, seg_cli.shell.greeting, seg_cli.fronts.paint;"
        "heavy = {'asyncio', 'prompt_toolkit', 'dataclasses', 'dns', 'cryptography', 'requests'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (loaded.returncode, loaded.stderr) == (0, "")

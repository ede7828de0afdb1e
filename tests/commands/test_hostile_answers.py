"""Hostile answers at every question of destconfig, smtproutes, rollbackconfig and showconfig.

Whatever is typed, the session lives on, says a printable sentence or goes on, and stages nothing
before the last answer.
"""

import pytest

from seg_cli.errors import Interrupted
from seg_cli.shell.loop import Status
from tests.commands.conftest import Desk
from tests.commands.entries import FULL, stage

HOSTILE = {
    "very long": "x" * 100_000,
    "many digits": "9" * 100_000,
    "many labels": "a." * 50_000,
    "control characters": "\x1b[2J\x00\x07\r",
    "bidirectional override": "\u202eexample.com",
    "half a surrogate": "\ud800.example",
    "other digits": "١٢",
    "negative": "-1",
    "a fraction": "1.5",
    "too high": "1000000001",
    "a path": "../../etc/passwd",
    "markup": "<!ENTITY a 'b'>&a;",
    "a quote": "\"'`;|$(id)",
    "a question mark": "?",
}

DIALOGUES = {
    "destconfig new": (
        *("destconfig", "new", "a.example", "y", "5", "y", "5", "y", "5", "5", "1", "1"),
        *("y", "2", "y", "1", "y", "1", "y", "y", "y", "2", "profile", "y", "1"),
    ),
    "destconfig edit": ("destconfig", "edit", "domain.com", *[""] * 20),
    "destconfig default": ("destconfig", "default", *[""] * 3, "5", "5", "1", "1", *["1"] * 3),
    "destconfig setup": ("destconfig", "setup", "1", "y"),
    "destconfig detail": ("destconfig", "detail", "all"),
    "destconfig delete": ("destconfig", "delete", "domain.com"),
    "destconfig import": ("destconfig", "import", "dest.ini"),
    "smtproutes new": ("smtproutes", "new", "a.example", "b.example"),
    "smtproutes import": ("smtproutes", "import", "routes.txt"),
    "rollbackconfig rollback": ("rollbackconfig", "rollback", "1", "y", "y"),
    "rollbackconfig setup": ("rollbackconfig", "setup", "y"),
    "showconfig": ("showconfig", "1"),
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES)
async def test_no_question_is_broken(desk: Desk, dialogue: tuple[str, ...], hostile: str) -> None:
    stage(desk, FULL)
    await desk.type("commit -y")
    await desk.type("destconfig export dest.ini")
    await desk.type("smtproutes export routes.txt")
    command, *answers = dialogue
    for position in range(len(answers)):
        shown = await desk.type(command, *answers[:position], hostile, Interrupted)
        assert desk.status is Status.INTERRUPTED
        typed = {*answers, hostile}
        for text in sorted(typed, key=len, reverse=True):
            shown = shown.replace(f"]> {text}\n", "]> \n") if text else shown
        assert shown.replace("\n", "").isprintable()
        assert desk.staged == desk.committed

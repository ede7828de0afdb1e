"""rollovernow and tail: the files of the logs, and what follows them."""

import pytest

from seg_cli.errors import EndOfInput
from seg_cli.shell.loop import Status
from tests.commands.conftest import Desk
from tests.commands.scripts import answers, screen

ONE_LOG = """\
Currently configured logs:
1. "mail_logs" Type: "IronPort Text Mail Logs" Retrieval: Manual Download
2. All Logs
Which log would you like to roll over?
[]> {number}

Log files successfully rolled over.
"""

TAIL = """\
Currently configured logs:
1. "mail_logs" Type: "IronPort Text Mail Logs" Retrieval: Manual Download
Enter the number of the log you wish to tail.
[]> 1

Press Ctrl-C to stop.
"""

NEW_LOG = ("new", "", "second", "", "", "", "", "", "", "")


def files(desk: Desk, name: str = "mail_logs") -> list[str]:
    return [path.name for path in desk.appliance.logs.paths(name)]


@pytest.mark.parametrize("number", [1, 2])
async def test_the_dialogue(desk: Desk, number: int) -> None:
    assert files(desk) == ["mail.@20240926T152339.c"]
    script = ONE_LOG.format(number=number)
    assert await desk.type("rollovernow", *answers(script)) == screen(script)
    assert files(desk) == ["mail.@20240926T152339.s", "mail.@20240926T152340.c"]


async def test_one_of_two_logs_and_both(desk: Desk) -> None:
    await desk.type("logconfig", *NEW_LOG)
    await desk.type("commit -y")
    assert await desk.type("rollovernow second") == "Log files successfully rolled over.\n"
    assert (len(files(desk)), len(files(desk, "second"))) == (1, 1)
    shown = await desk.type("rollovernow", "3")
    assert "3. All Logs" in shown
    assert (len(files(desk)), len(files(desk, "second"))) == (2, 2)


@pytest.mark.parametrize("line", ["rollovernow no_logs", "rollovernow mail_logs x"])
async def test_arguments_that_make_no_sense(desk: Desk, line: str) -> None:
    assert (await desk.type(line)).startswith("Invalid arguments when processing rollovernow: ")
    assert desk.status is Status.FAILED


@pytest.mark.parametrize("line", ["rollovernow", "tail", "grep"])
async def test_without_logs_there_is_nothing_to_choose(desk: Desk, line: str) -> None:
    await desk.type("logconfig", "delete", "1", "")
    await desk.type("commit -y")
    assert await desk.type(line) == "There are no logs configured.\n"


async def test_tail_goes_back_over_a_rollover(desk: Desk) -> None:
    files(desk)
    desk.appliance.logs.roll_over("mail_logs")
    shown = await desk.type("tail", *answers(TAIL), EndOfInput)
    assert shown.startswith(screen(TAIL))
    said = [line.split(" Info: ")[1] for line in shown.splitlines() if " Info: " in line]
    assert [line.split(" ")[0] for line in said] == [
        *("Begin", "Version:", "Time", "End", "Begin", "Version:", "Time")
    ]

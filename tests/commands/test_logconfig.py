"""logconfig: its dialogue to the letter, and what it refuses."""

import pytest

from seg_cli.config.logs import LogSubscription
from seg_cli.errors import Interrupted
from seg_cli.shell.loop import Status
from seg_cli.terms import LogLevel
from tests.commands.conftest import Desk
from tests.commands.scripts import answers, screen

LIST = """\
Currently configured logs:
    Log Name             Log Type                      Retrieval           Interval
---------------------------------------------------------------------------------
 1. mail_logs            IronPort Text Mail Logs       Manual Download     None
"""

EDIT = f"""\
{LIST}
Choose the operation you want to perform:
- NEW - Create a new log.
- EDIT - Modify a log subscription.
- DELETE - Remove a log subscription.
[]> edit

Enter the number of the log you wish to edit.
[]> 2

The value must be an integer from 1 to 1.

Enter the number of the log you wish to edit.
[]> 1

Please enter the name for the log:
[mail_logs]> <Enter>

Log level:
1. Critical
2. Warning
3. Information
4. Debug
5. Trace
[3]> 4

Choose the method to retrieve the logs.
1. Download Manually
2. FTP Push
3. SCP Push
4. Syslog Push
[1]> <Enter>

Filename to use for log files:
[mail]> <Enter>

Do you want to configure time-based log files rollover? [N]> <Enter>

Please enter the maximum file size:
[10485760]> 20m

Please enter the maximum number of files:
[10]> 20
"""

NEW = """\
[]> new

Choose the log file type for this subscription:
1. Text Mail Logs
[1]> <Enter>

Please enter the name for the log:
[]> debug_logs
"""

DEFAULTS = ["", "", "", "", "", ""]
"""Enter at each question behind the name."""


def logs(desk: Desk) -> dict[str, LogSubscription]:
    return {log.name: log for log in desk.staged.log_subscriptions}


async def test_a_log_gets_another_level_and_size(desk: Desk) -> None:
    assert (await desk.type("logconfig", *answers(EDIT), "")).startswith(screen(EDIT))
    edited = LogSubscription(level=LogLevel.DEBUG, max_size=20 * 1024 * 1024, max_files=20)
    assert logs(desk) == {"mail_logs": edited}
    assert desk.committed.log_subscriptions == (LogSubscription(),)


async def test_a_second_log(desk: Desk) -> None:
    shown = await desk.type("logconfig", *answers(NEW), "5", *DEFAULTS[1:], "")
    assert screen(NEW) in shown
    assert " 2. debug_logs           IronPort Text Mail Logs       Manual" in shown
    assert logs(desk)["debug_logs"] == LogSubscription("debug_logs", level=LogLevel.TRACE)


async def test_another_name(desk: Desk) -> None:
    await desk.type("logconfig", "edit", "1", "text_logs", *DEFAULTS, "")
    assert logs(desk) == {"text_logs": LogSubscription("text_logs")}


async def test_a_menu_without_logs_offers_only_a_new_one(desk: Desk) -> None:
    shown = await desk.type("logconfig", "delete", "1", "")
    assert shown.endswith("perform:\n- NEW - Create a new log.\n[]> \n")
    assert not logs(desk)


@pytest.mark.parametrize(
    ("place", "typed", "sentence"),
    [
        pytest.param(0, "mail_logs", 'The log "mail_logs" already exists.', id="a name in use"),
        pytest.param(0, "../x", '"../x" is not a name.', id="a name that leads elsewhere"),
        pytest.param(2, "2", "Only manual download is available here.", id="a push"),
        pytest.param(3, "a/b", '"a/b" is not a file name.', id="a path"),
        pytest.param(4, "y", "Only rollover by size is available here.", id="by time"),
        pytest.param(5, "1g", "The value must be an integer from 1024 to", id="a unknown unit"),
        pytest.param(5, "1023", "The value must be an integer from 1024 to", id="too small"),
        pytest.param(6, "0", "The value must be an integer from 1 to 1000.", id="no file at all"),
    ],
)
async def test_what_is_refused_is_asked_again(
    desk: Desk, place: int, typed: str, sentence: str
) -> None:
    chain = ["two", *DEFAULTS]
    shown = await desk.type("logconfig", "new", "", *chain[:place], typed, *chain[place:], "")
    assert shown.count(sentence) == 1
    assert logs(desk)["two"] == LogSubscription("two")


@pytest.mark.parametrize(("typed", "size"), [("2048", 2048), ("100k", 102_400), ("1M", 1_048_576)])
async def test_sizes_may_have_a_unit(desk: Desk, typed: str, size: int) -> None:
    await desk.type("logconfig", "edit", "1", *DEFAULTS[:5], typed, "", "")
    assert logs(desk)["mail_logs"].max_size == size


async def test_names_that_no_file_can_have_are_refused(desk: Desk) -> None:
    long = "a" * 201
    shown = await desk.type("logconfig", "new", "1", long, Interrupted)
    assert f'"{"a" * 60}..." is not a name.\n' in shown
    shown = await desk.type("logconfig", "edit", "1", *[""] * 3, long, Interrupted)
    assert f'"{"a" * 60}..." is not a file name.\n' in shown
    await desk.type("logconfig", "edit", "1", long[1:], "", "", long[1:], "", "", "", "")
    await desk.type("commit -y")
    await desk.type("rollovernow", "1")
    assert desk.status is Status.DONE

"""grep and findevent on the log of a whole appliance."""

import re

import pytest

from seg_cli.dialogue.memory import Answer
from seg_cli.errors import EndOfInput, Interrupted
from seg_cli.shell.loop import Status
from tests.commands.scripts import answers, screen
from tests.whole.conftest import OpenBench

GREP = """\
Currently configured logs:
1. "mail_logs" Type: "IronPort Text Mail Logs" Retrieval: Manual Download
Enter the number of the log you wish to grep.
[]> 1

Enter the regular expression to grep.
[]> message FINISHED

Do you want this search to be case insensitive? [Y]> <Enter>

Do you want to search for non-matching lines? [N]> <Enter>

Do you want to tail the logs? [N]> <Enter>

Do you want to paginate the output? [N]> <Enter>

Thu Sep 26 15:23:39 2024 Info: Message finished MID 5444 done
"""

FIND = """\
Please choose which type of search you want to perform:
1. Search by envelope FROM
2. Search by Message ID
3. Search by Subject
4. Search by envelope TO
[1]> 4

Enter the regular expression to search for.
[]> plain

Currently configured logs:
1. "mail_logs" Type: "IronPort Text Mail Logs" Retrieval: Manual Download
Enter the number of the log you wish to use for message tracking.
[1]> <Enter>

Please choose which set of logs to search:
1. All available log files
2. Select log files by date list
3. Current log file
[3]> <Enter>

The following matching message IDs were found. Please choose one to
show additional log information:
1. MID 5444 (Thu Sep 26 15:23:39 2024) Test message 1
2. MID 5445 (Thu Sep 26 15:23:39 2024) Test message 1
[1]> 2

"""

BOTH = [
    "MID 5444 (Thu Sep 26 15:23:39 2024) Test message 1",
    "MID 5445 (Thu Sep 26 15:23:39 2024) Test message 1",
]
TWO = ("lab send from=one@client.example.com to=a@plain.example", "lab send to=b@plain.example")


def texts(shown: str) -> list[str]:
    """The texts of the log lines on the screen."""
    return re.findall(r"^.{24} Info: (.*)$", shown, re.MULTILINE)


async def test_the_dialogue_of_grep(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("lab send to=user@plain.example")
        assert await box.type("grep", *answers(GREP)) == screen(GREP)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("grep -e 5444.queued -e FINISHED mail_logs", ["MID 5444 queued for delivery"]),
        ("grep -i -e 5444.queued -e FINISHED mail_logs", ["MID 5444 q", "Message finished"]),
        ("grep -ip finished mail_logs", ["Message finished MID 5444 done"]),
        ("grep -v MID mail_logs", ["Begin Logfile", "Version: ", "Time offset", "New SMTP ICID"]),
        ("grep -C1 queued mail_logs", ["MID 5444 matched", "MID 5444 queued", "ICID 1 close"]),
    ],
)
async def test_options(bench: OpenBench, line: str, found: list[str]) -> None:
    async with bench() as box:
        await box.type("lab send to=user@plain.example")
        shown = texts(await box.type(line))
        assert [text.startswith(start) for text, start in zip(shown, found, strict=False)] == [
            True
        ] * len(found)


@pytest.mark.parametrize(
    "line", ["grep -C x a mail_logs", "grep -C", "grep -e", "grep -C 10000 a mail_logs"]
)
async def test_options_that_make_no_sense(bench: OpenBench, line: str) -> None:
    async with bench() as box:
        assert "Invalid arguments when processing grep: " in await box.type(line)
        assert box.status is Status.FAILED


@pytest.mark.parametrize(
    ("typed", "status"), [(EndOfInput, Status.DONE), (Interrupted, Status.INTERRUPTED)]
)
async def test_a_log_is_followed(bench: OpenBench, typed: Answer, status: Status) -> None:
    async with bench() as box:
        await box.type("lab send to=user@plain.example")
        shown = await box.type("grep -t -i FINISHED mail_logs", typed)
        assert shown.startswith("Press Ctrl-C to stop.\n")
        if status is Status.DONE:
            assert texts(shown) == ["Message finished MID 5444 done"]
        assert box.status is status


async def test_all_files_are_searched(bench: OpenBench) -> None:
    async with bench() as box:
        for line in TWO:
            await box.type(line)
            await box.type("rollovernow mail_logs")
        assert len(texts(await box.type("grep Message.finished mail_logs"))) == 2


async def test_the_dialogue_of_findevent(bench: OpenBench) -> None:
    async with bench() as box:
        for line in TWO:
            await box.type(line)
        shown = await box.type("findevent", *answers(FIND))
        assert shown.startswith(screen(FIND))
        about = texts(shown)
        assert [text for text in about if text.startswith("New SMTP ICID 2 ")]
        assert about[-1] == "Message finished MID 5445 done"
        assert "New SMTP DCID 834833 interface 10.1.1.2 address 192.0.2.25 port 25" in about
        assert not [text for text in about if "5444" in text or "ICID 1 " in text]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("findevent -f one@ mail_logs", BOTH[:1]),
        ("findevent -i -f ONE@ mail_logs", BOTH[:1]),
        ("findevent -f ONE@ mail_logs", ["No matching message IDs were found"]),
        ("findevent -t @plain mail_logs", BOTH),
        ("findevent -t ^b mail_logs", ["No matching message IDs were found"]),
        ('findevent -s "message \\d" mail_logs', BOTH),
        ("findevent -m 99 mail_logs", ["No matching message IDs were found"]),
    ],
)
async def test_findevent_on_one_line(bench: OpenBench, line: str, found: list[str]) -> None:
    async with bench() as box:
        for sent in TWO:
            await box.type(sent)
        assert (await box.type(line)).splitlines() == found


async def test_a_message_by_its_number_and_by_its_message_id(bench: OpenBench) -> None:
    async with bench() as box:
        for line in TWO:
            await box.type(line)
        by_number = await box.type("findevent -m 5444 mail_logs")
        assert texts(by_number)[0].startswith("New SMTP ICID 1 ")
        message_id = re.findall(r"MID 5444 Message-ID '(.*)'", by_number)[0]
        assert await box.type(f"findevent -m {message_id} mail_logs") == f"{BOTH[0]}\n"
        wizard = await box.type("findevent", "2", message_id, "", "1", "1")
        assert texts(wizard) == texts(by_number)
        assert texts(await box.type("findevent", "2", "5444", "", "")) == texts(by_number)


async def test_files_by_date(bench: OpenBench) -> None:
    async with bench() as box:
        for line in TWO:
            await box.type(line)
            await box.type("lab advance 1h")
            await box.type("rollovernow mail_logs")
        shown = await box.type("findevent", "4", "plain", "", "2", "1,9", "1-", "2-3", "1")
        assert (
            "Available mail log files, listed by log file start time.\n"
            "Specify multiple log files by separating with commas or specify a range\n"
            "with a dash:\n"
            "1. Thu Sep 26 15:23:39 2024\n"
            "2. Thu Sep 26 16:23:39 2024\n"
            "3. Thu Sep 26 17:23:39 2024\n"
            "[1]> "
        ) in shown
        assert shown.count("That value is not valid.") == 2
        assert "1. MID 5445 (Thu Sep 26 16:23:39 2024) Test message 1\n[1]> 1\n" in shown
        assert "No matching message IDs were found" in await box.type(
            "findevent", "4", "plain", "", "3"
        )


@pytest.mark.parametrize(
    "line",
    [
        "findevent mail_logs",
        "findevent -f a -s b mail_logs",
        "findevent -f ( mail_logs",
        "findevent -x mail_logs",
        "findevent -f a",
        "findevent -f a no_logs",
    ],
)
async def test_a_search_that_makes_no_sense(bench: OpenBench, line: str) -> None:
    async with bench() as box:
        assert "Invalid arguments when processing findevent: " in await box.type(line)

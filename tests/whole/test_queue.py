"""What an operator does to the queue, end to end: look, hasten, bounce, delete."""

import pytest

from seg_cli.delivery.queue import Parcel
from seg_cli.dialogue.memory import Answer
from seg_cli.errors import Interrupted
from seg_cli.shell.loop import Status
from tests.commands.scripts import answers, screen
from tests.whole.conftest import START, Bench, OpenBench

DOWN: dict[str, object] = {
    "domains": {"down.example": {"shows": "its host refuses", "mx": ["10 mx.down.example"]}},
    "hosts": {"mx.down.example": {"addresses": ["192.0.2.99"], "reach": "refused"}},
}
QUEUE = """\
Please select how you would like to show messages:
1. By recipient host.
2. By Envelope From address.
3. All.
[1]> 3

Showing messages, please wait.

MID/      Bytes/   Sender/                       Subject
[RID]     [Atmps]  Recipient
5444      {}      user@client.example.com       Test message 1
[0]       [1]      a@down.example
[1]       [1]      b@down.example

5445      {}      other@plain.example           Test message 1
[0]       [1]      c@down.example
"""

DELETE = """\
Please select how you would like to delete messages:
1. By recipient host.
2. By Envelope From address.
3. All.
[1]> <Enter>

Please enter the hostname for the messages you wish to delete.
[]> Down.example

Are you sure you want to delete all messages being delivered to "Down.example"? [N]> y

Deleting messages, please wait.
2 messages deleted.
"""

BOUNCE = """\
Please select how you would like to bounce messages:
1. By recipient host.
2. By Envelope From address.
3. All.
[1]> 2

Please enter the Envelope From address for the messages you wish to bounce.
[]> other@plain.example

Are you sure you want to bounce all messages with the Envelope From address of \
"other@plain.example"?  [N]> y

Bouncing messages, please wait.
1 messages bounced.
"""

HASTEN = """\
Please choose an option for scheduling immediate delivery.
1. By recipient domain
2. All messages
[1]> <Enter>

Please enter the recipient domain to schedule for delivery.
[]> down.example

Scheduling all messages to down.example for delivery.
"""


async def fill(box: Bench) -> None:
    """Two messages, three recipients, and a host that is down."""
    await box.type("lab send to=a@down.example,b@down.example")
    await box.type("lab send from=other@plain.example to=c@down.example")


async def queued(box: Bench) -> tuple[Parcel, ...]:
    return (await box.station.appliance.network()).engine.waiting


async def waiting(box: Bench) -> list[str]:
    """The addresses that the queue still holds."""
    shown = await box.type("showrecipients all")
    return [line.split()[-1] for line in shown.splitlines() if line.startswith("[") and "@" in line]


async def test_the_queue_is_shown(bench: OpenBench) -> None:
    async with bench(**DOWN) as box:
        await fill(box)
        shown = await box.type("showrecipients", *answers(QUEUE))
        sizes = [len(parcel.message.content) for parcel in await queued(box)]
        assert shown == screen(QUEUE).format(*sizes)


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("showrecipients host down.example", ["a", "b", "c"]),
        ("showrecipients host plain.example", []),
        ("showrecipients sender OTHER@plain.example", ["c"]),
        ("showrecipients sender <>", []),
    ],
)
async def test_a_part_of_the_queue(bench: OpenBench, line: str, held: list[str]) -> None:
    async with bench(**DOWN) as box:
        await fill(box)
        shown = await box.type(line)
        assert [name for name in "abc" if f"{name}@down.example" in shown] == held


async def test_deleted_mail_is_gone_without_a_word(bench: OpenBench) -> None:
    async with bench(**DOWN) as box:
        await fill(box)
        assert await box.type("deleterecipients", *answers(DELETE)) == screen(DELETE)
        assert await waiting(box) == []
        assert box.log()[-4:] == [
            "Deleted: MID 5444 to [0, 1]",
            "Message finished MID 5444 done",
            "Deleted: MID 5445 to [0]",
            "Message finished MID 5445 done",
        ]
        await box.type("lab advance 2h")
        assert (await box.seen()).received == []


async def test_bounced_mail_is_told_to_its_sender(bench: OpenBench) -> None:
    async with bench(**DOWN) as box:
        await fill(box)
        assert await box.type("bouncerecipients", *answers(BOUNCE)) == screen(BOUNCE)
        assert await waiting(box) == ["a@down.example", "b@down.example"]
        said = (
            "Bounced: DCID 0 MID 5445 to RID 0 - 5.3.0 - Other mail system problem "
            "('000', ['Message bounced by administrator']) []"
        )
        at = box.log().index(said)
        assert box.log()[at + 1] == "Message finished MID 5445 done"
        assert "MID 5446 was generated for bounce of MID 5445" in box.log()[at:]
        (notice,) = (await box.seen()).received
        assert (notice.sender, notice.recipients) == ("", ("other@plain.example",))


@pytest.mark.parametrize("command", ["deleterecipients", "bouncerecipients"])
@pytest.mark.parametrize("typed", [["3", ""], ["3", Interrupted], [Interrupted]])
async def test_nothing_goes_without_a_yes(
    bench: OpenBench, command: str, typed: list[Answer]
) -> None:
    async with bench(**DOWN) as box:
        await fill(box)
        assert "please wait" not in await box.type(command, *typed)
        assert len(await waiting(box)) == 3


async def test_what_was_taken_out_is_out_after_a_restart(bench: OpenBench) -> None:
    async with bench(**DOWN) as box:
        await fill(box)
        await box.type("deleterecipients sender other@plain.example")
        await box.station.restart()
        box.login()
        assert await waiting(box) == ["a@down.example", "b@down.example"]
        assert "    Active Recipients                              2\n" in await box.type(
            "hoststatus down.example"
        )


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("delivernow", answers(HASTEN)),
        ("delivernow domain DOWN.example", []),
        ("delivernow all", []),
        ("delivernow", ["2"]),
    ],
)
async def test_waiting_mail_is_tried_at_once(
    bench: OpenBench, line: str, typed: list[Answer]
) -> None:
    async with bench(**DOWN) as box:
        await fill(box)
        before = len(box.log())
        shown = await box.type(line, *typed)
        assert "Scheduling all messages" in shown
        tried = [entry for entry in box.log()[before:] if entry.startswith("Connection Error")]
        assert len(tried) == 2
        assert box.station.plan.clock.now() == START


async def test_another_domain_is_left_to_its_time(bench: OpenBench) -> None:
    async with bench(**DOWN) as box:
        await fill(box)
        before = box.log()
        shown = await box.type("delivernow domain plain.example")
        assert shown == "Scheduling all messages to plain.example for delivery.\n"
        assert box.log() == before


async def test_only_all_of_the_mail_goes_whatever_limits_were_reached(bench: OpenBench) -> None:
    one_an_hour = ("new", "plain.example", "", "", "", "y", "", "1", *[""] * 6, "")
    async with bench() as box:
        await box.type("destconfig", *one_an_hour)
        await box.type("commit -y")
        for name in "ab":
            await box.type(f"lab send to={name}@plain.example")
        assert await waiting(box) == ["b@plain.example"]
        await box.type("delivernow domain plain.example")
        assert await waiting(box) == ["b@plain.example"]
        await box.type("delivernow all")
        assert await waiting(box) == []


async def test_the_dialogue_of_delivernow(bench: OpenBench) -> None:
    async with bench(**DOWN) as box:
        assert await box.type("delivernow", *answers(HASTEN)) == screen(HASTEN)


COMMANDS = ("delivernow", "showrecipients", "deleterecipients", "bouncerecipients")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("words", ["x", "host", "host a b", "all x", "sender"])
async def test_a_line_that_makes_no_sense(bench: OpenBench, command: str, words: str) -> None:
    async with bench() as box:
        shown = await box.type(f"{command} {words}")
        assert shown == f"Invalid arguments when processing {command}: {words}\n"
        assert box.status is Status.FAILED

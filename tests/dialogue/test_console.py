"""The console's blocks, retries, batch and notices, to the letter."""

import pytest

from seg_cli.dialogue.answers import AnswerSheet
from seg_cli.dialogue.console import LONGEST_LINE, TOO_LONG, Console
from seg_cli.dialogue.entries import Line, Number, Paste, Secret
from seg_cli.dialogue.memory import Answer, MemoryTeletype, ScriptMismatch
from seg_cli.dialogue.questions import Choice, Item, YesNo
from seg_cli.dialogue.teletype import Completion
from seg_cli.errors import EndOfInput, Interrupted, Invalid

NUMBER = Number("limit", 'Enter the max concurrency limit for "a.example".', low=1, high=1000)
SURE = YesNo("sure", "Are you sure?", default=False)
SWITCH = Choice("switch", "Do you want it?", (Item("Off", False), Item("On", True)), default=False)


async def test_a_dialogue_as_the_screen_shows_it() -> None:
    with MemoryTeletype("go", "0", "7", "", "2") as teletype:
        console = Console(teletype)
        assert await console.read_command("mail3.example.com> ", Completion) == "go"
        assert await console.ask(NUMBER) == 7
        assert await console.ask(SURE) is False
        assert await console.ask(SWITCH) is True
        console.say("Done.")
    assert teletype.output == (
        "mail3.example.com> go\n"
        '\nEnter the max concurrency limit for "a.example".\n[]> 0\n'
        "\nThe value must be an integer from 1 to 1000.\n"
        '\nEnter the max concurrency limit for "a.example".\n[]> 7\n'
        "\nAre you sure? [N]> \n"
        "\nDo you want it?\n1. Off\n2. On\n[1]> 2\n"
        "\nDone.\n"
    )


async def test_a_secret_is_not_shown() -> None:
    with MemoryTeletype("opensesame") as teletype:
        assert await Console(teletype).ask(Secret("pass", "Passphrase:")) == "opensesame"
    assert teletype.output == "Passphrase:\n[]> \n"


async def test_notices_wait_for_the_main_prompt_and_are_printed_once() -> None:
    with MemoryTeletype("", "", "") as teletype:
        console = Console(teletype)
        console.say("Output.")
        console.hold("lab", "one", "two")
        console.hold("coach", "three")
        await console.ask(SURE)
        await console.read_command("host> ", Completion)
        await console.read_command("host> ", Completion)
    assert teletype.output == (
        "Output.\n\nAre you sure? [N]> \n\n[lab] one\n[lab] two\n[coach] three\nhost> \nhost> \n"
    )


async def test_in_batch_the_sheet_answers_and_remarks_are_left_out() -> None:
    with MemoryTeletype("set limit=7") as teletype:
        console = Console(teletype)
        await console.read_command("host> ", Completion)
        sheet = AnswerSheet("set", {"limit": "7"})
        batch = console.answered_by(sheet)
        assert await batch.ask(NUMBER) == 7
        batch.remark("For readers.")
        sheet.check_used()
        assert teletype.output == "host> set limit=7\n"
        batch.say("A result.")
        console.say("Another.")
    assert teletype.output == "host> set limit=7\n\nA result.\n\nAnother.\n"


async def test_what_a_sheet_cannot_answer_is_refused() -> None:
    batch = Console(MemoryTeletype()).answered_by(AnswerSheet("set", {"limit": "0"}))
    with pytest.raises(Invalid, match=r"^Invalid arguments when processing set: limit: The value"):
        await batch.ask(NUMBER)


@pytest.mark.parametrize("key", [Interrupted, EndOfInput])
async def test_the_question_that_got_no_answer_is_known(key: type[Exception]) -> None:
    answer: Answer = Interrupted if key is Interrupted else EndOfInput
    console = Console(MemoryTeletype("y", answer))
    await console.ask(SURE)
    assert console.open_question is None
    with pytest.raises(key):
        await console.ask(NUMBER)
    assert console.open_question is NUMBER


async def test_a_low_screen_is_filled_and_waits() -> None:
    more = "-Press Any Key For More-"
    with MemoryTeletype(" ", "x", rows=3) as teletype:
        await Console(teletype).page(["1", "2", "3", "4", "5"])
    wiped = f"{more}\r{' ' * len(more)}\r"
    assert teletype.output == f"1\n2\n{wiped}3\n4\n{wiped}5\n"


async def test_without_rows_nothing_waits() -> None:
    with MemoryTeletype() as teletype:
        await Console(teletype).page([str(n) for n in range(500)])
    assert teletype.output.count("\n") == 500


def test_a_table() -> None:
    teletype = MemoryTeletype()
    Console(teletype).table(("Domain", "Rate\nLimiting"), [("a.example", "On"), ("b", "Default")])
    assert teletype.output == (
        "           Rate\n"
        "Domain     Limiting\n"
        "=========  ========\n"
        "a.example  On\n"
        "b          Default\n"
    )


async def test_a_missing_answer_is_no_exception_that_a_session_could_take_for_a_fault() -> None:
    with pytest.raises(ScriptMismatch, match="no answer left for"):
        await Console(MemoryTeletype()).ask(SURE)
    assert not issubclass(ScriptMismatch, Exception)


def test_answers_left_over_are_a_mismatch() -> None:
    with pytest.raises(ScriptMismatch, match="unused answers"), MemoryTeletype("y"):
        pass


async def test_what_was_no_utf_8_is_replaced_before_anybody_sees_it() -> None:
    with MemoryTeletype("\udcff a \ud800", "\udcfe", "\udcfd") as teletype:
        console = Console(teletype)
        assert await console.read_command("host> ", Completion) == "\ufffd a \ufffd"
        assert await console.ask(Secret("pass", "Passphrase:")) == "\ufffd"
        assert await console.raw_line() == "\ufffd"


async def test_an_answer_longer_than_anything_sensible_is_refused() -> None:
    with MemoryTeletype("x" * (LONGEST_LINE + 1), "x" * LONGEST_LINE) as teletype:
        console = Console(teletype)
        assert len(await console.ask(Line("name", "Name:"))) == LONGEST_LINE
    assert f"\n{TOO_LONG}\n" in teletype.output


async def test_a_paste_without_end_is_not_kept_and_refused() -> None:
    lines = ["x" * 1000] * 200
    with MemoryTeletype(*lines, ".", "short", ".") as teletype:
        console = Console(teletype)
        assert await console.ask(Paste("text", "Paste", check=str)) == "short"
    assert f"\n{TOO_LONG}\n" in teletype.output

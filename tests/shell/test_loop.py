"""One login: dispatch, Ctrl-C and Ctrl-D at each place they can be pressed, faults, batch."""

import pytest

from seg_cli.dialogue.console import TOO_LONG
from seg_cli.errors import EndOfInput, Interrupted
from seg_cli.shell.loop import Status
from seg_cli.shell.session import Ending
from tests.shell.conftest import Login

BYE = ("exit", "really")


@pytest.mark.parametrize("blank", ["", "   ", "\t"])
async def test_a_blank_line_only_reprompts(at: Login, blank: str) -> None:
    prompt = f"{at.appliance.hostname}> "
    assert (await at.type(blank, *BYE)).startswith(f"{prompt}{blank}\n{prompt}exit\n\nEnter")
    assert at.ending is Ending.LOGGED_OUT


@pytest.mark.parametrize("line", ["say hello", "  SAY hello ", "sAy\thello", "echo hello"])
async def test_commands_are_found_in_any_case_and_by_alias(at: Login, line: str) -> None:
    assert f"> {line}\n\nhello\n" in await at.type(line, *BYE)


async def test_an_unknown_command_is_echoed_without_its_control_characters(at: Login) -> None:
    shown = await at.type("\x1b[31mfoo bar", *BYE)
    assert "\n\nUnknown command or missing feature key: \\x1b[31mfoo\n" in shown


async def test_ctrl_c_at_the_main_prompt_gives_a_fresh_prompt(at: Login) -> None:
    prompt = f"{at.appliance.hostname}> "
    assert (await at.type(Interrupted, *BYE)).startswith(f"{prompt}\n{prompt}exit\n")


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        pytest.param(("menu", "new", Interrupted), "^C -- Changes not recorded.", id="modifying"),
        pytest.param(("menu", Interrupted), "^C", id="a menu modifies nothing"),
        pytest.param(("menu", "new", "a", Interrupted), "^C", id="the operation is over"),
        pytest.param(("show", "new", Interrupted), "^C", id="the command changes nothing"),
        pytest.param(("wait",), "^C", id="no question is open"),
    ],
)
async def test_ctrl_c_in_a_command_drops_to_the_main_prompt(
    at: Login, typed: tuple[str, ...], line: str
) -> None:
    prompt = f"{at.appliance.hostname}> "
    assert f"\n{line}\n{prompt}exit\n" in await at.type(*typed, *BYE)
    assert at.faults == []


async def test_ctrl_d_at_the_main_prompt_is_exit_which_may_be_declined(at: Login) -> None:
    shown = await at.type(EndOfInput, "no", "say still here", EndOfInput, "really")
    assert shown.count("Enter a name:") == 2
    assert "still here" in shown


async def test_ctrl_d_in_a_dialogue_ends_the_login(at: Login) -> None:
    await at.type("menu", "new", EndOfInput)
    assert at.ending is Ending.LOGGED_OUT


async def test_the_end_of_a_pipe_ends_the_login_whatever_exit_asks(at: Login) -> None:
    await at.type(EndOfInput, EndOfInput)
    assert at.ending is Ending.LOGGED_OUT


async def test_a_user_error_is_its_sentence(at: Login) -> None:
    assert "> refuse\n\nIt cannot be done.\n" in await at.type("refuse", *BYE)
    assert at.faults == []


async def test_a_fault_is_one_line_and_the_login_lives_on(at: Login) -> None:
    shown = await at.type("breakdown", "say alive", *BYE)
    assert "\n\nAn application fault occurred: ValueError\n" in shown
    assert "Traceback" not in shown
    assert "alive" in shown
    assert [str(fault) for fault in at.faults] == ["a bug"]


@pytest.mark.parametrize(
    ("text", "answers", "status", "shown"),
    [
        ("say a; say b", (), Status.DONE, "a\n\nb\n"),
        ("say 'a; b';", (), Status.DONE, "a; b\n"),
        ("refuse; say b", (), Status.FAILED, "It cannot be done.\n"),
        ("nonsense", (), Status.FAILED, "Unknown command or missing feature key: nonsense\n"),
        ("breakdown; say b", (), Status.FAILED, "An application fault occurred: ValueError\n"),
        ('say "a', (), Status.FAILED, 'A quotation is not closed: "\n'),
        ("wait; say b", (), Status.INTERRUPTED, "waiting\n^C\n"),
        ("exit; say b", ("really",), Status.DONE, "Enter a name:\n[]> really\n"),
        (" ; ", (), Status.DONE, ""),
    ],
)
async def test_batch(
    at: Login, text: str, answers: tuple[str, ...], status: Status, shown: str
) -> None:
    assert await at.run(text, *answers) == (status, shown)


async def test_help_lists_in_the_order_of_the_alphabet_the_lab_last(at: Login) -> None:
    _, shown = await at.run("help")
    names = [line.split(" - ")[0] for line in shown.split("\n") if line]
    assert names == [*sorted(names[:-1]), "lab"]
    assert "setttymode" not in names
    assert "help" in names


async def test_help_for_one_command_shows_its_batch_form(at: Login) -> None:
    assert (await at.run("? say"))[1] == "say - Print words.\nAlso: echo\n\nsay WORD...\n"
    assert (await at.run("help nonsense"))[0] is Status.FAILED


async def test_a_line_longer_than_anything_sensible_is_refused_at_once(at: Login) -> None:
    shown = await at.type("say " + "'a" * 1_000_000, *BYE)
    assert f"\n{TOO_LONG}\n" in shown

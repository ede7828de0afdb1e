import pytest

from seg_cli.dialogue.answers import AnswerSheet
from seg_cli.dialogue.entries import Host, Line, Number, Secret
from seg_cli.dialogue.questions import (
    CHOOSE_OPERATION,
    Choice,
    Item,
    Layout,
    Operation,
    Question,
    YesNo,
)
from seg_cli.errors import Invalid, MissingAnswer

COLOURS = (Item("Red", 1, "r"), Item("Blue", 2, "b"))
YES = YesNo("sure", "Are you sure?", default=False, opens=("why",))
CHOICE = Choice("colour", "Which colour?", COLOURS, default=2)
BELOW = Choice("colour", "Which colour?", COLOURS, layout=Layout.BELOW)
NUMBER = Number("n", "How many?", low=1, high=1000)
MENU = Operation("op", (("NEW", "Create."), ("NET", "Fish.")), state=("None yet.",))
LINE = Line("text", "Say something:", default="")


@pytest.mark.parametrize(
    ("question", "rendered"),
    [
        (YES, "Are you sure? [N]> "),
        (CHOICE, "Which colour?\n1. Red\n2. Blue\n[2]> "),
        (BELOW, "1. Red\n2. Blue\nWhich colour?\n[]> "),
        (NUMBER, "How many?\n[]> "),
        (
            MENU,
            "None yet.\n\n" + CHOOSE_OPERATION + "\n- NEW - Create.\n- NET - Fish.\n[]> ",
        ),
        (LINE, "Say something:\n[]> "),
        (Host("host", "Which host?", default="a.example"), "Which host?\n[a.example]> "),
        (Secret("pass", "Passphrase:"), "Passphrase:\n[]> "),
    ],
)
def test_the_printed_form(question: Question[object], rendered: str) -> None:
    assert question.render() == rendered


@pytest.mark.parametrize(
    ("question", "typed", "answer"),
    [
        (YES, "", False),
        (YES, "YES", True),
        (YES, "n", False),
        (CHOICE, "", 2),
        (CHOICE, "1", 1),
        (CHOICE, "re", 1),
        (NUMBER, "7", 7),
        (MENU, "", None),
        (MENU, "new", "NEW"),
        (LINE, "  a b ", "a b"),
        (LINE, "", ""),
        (Secret("pass", "Passphrase:"), " x ", " x "),
        (Host("host", "Which host?", default="a.example"), "", "a.example"),
    ],
)
def test_answers(question: Question[object], typed: str, answer: object) -> None:
    assert question.parse(typed) == answer


@pytest.mark.parametrize(
    ("question", "typed", "sentence"),
    [
        (YES, "maybe", "Please answer Yes or No."),
        (CHOICE, "3", "That value is not valid."),
        (CHOICE, "green", "That value is not valid."),
        (BELOW, "", "You must enter a value."),
        (NUMBER, "0", "The value must be an integer from 1 to 1000."),
        (NUMBER, "+1", "The value must be an integer from 1 to 1000."),
        (NUMBER, "", "You must enter a value."),
        (MENU, "ne", 'Unknown option "ne".'),
        (Secret("pass", "Passphrase:"), "", "You must enter a value."),
    ],
)
def test_what_cannot_be_taken(question: Question[object], typed: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        question.parse(typed)
    assert str(refused.value) == sentence


def test_a_sheet_answers_by_key_and_opens_what_guards_it() -> None:
    sheet = AnswerSheet("cmd", {"why": "so", "colour": "r", "sure2": "on"})
    assert sheet.answer(YES) is True
    assert sheet.answer(CHOICE) == 1
    assert sheet.answer(YesNo("sure2", "?", default=False)) is True
    assert sheet.answer(LINE) == ""
    with pytest.raises(MissingAnswer):
        sheet.answer(NUMBER)
    with pytest.raises(Invalid, match="Invalid arguments when processing cmd: why"):
        sheet.check_used()
    with pytest.raises(Invalid, match="colour: That value"):
        AnswerSheet("cmd", {"colour": "9"}).answer(CHOICE)

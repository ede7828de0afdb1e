"""Transcripts played in a tiny appliance: each rule, as it fits and as it does not."""

from pathlib import Path

import pytest

from seg_cli.replay.report import Broken, Mismatch, Passed, Result, mismatch_lines, warning_lines
from seg_cli.replay.runner import read_transcript, replay_file
from seg_cli.terms import LogLevel
from tests.replay.conftest import Box, console, play

ENTRY = [
    "box> entry",
    "",
    "Enter the domain.",
    "[]> domain.com",
    "",
    "Limit for it? [Y]> n",
    "",
    "Choose TLS:",
    "1. No",
    "2. Preferred",
    "[2]> 1",
    "",
    "Entry made.",
]


def mismatch(result: Result) -> Mismatch:
    assert isinstance(result, Mismatch)
    return result


def replaced(old: str, *new: str) -> str:
    """The whole dialogue with one line replaced."""
    at = ENTRY.index(old)
    return console(*ENTRY[:at], *new, *ENTRY[at + 1 :])


@pytest.mark.parametrize(
    ("block", "answers"),
    [
        pytest.param(ENTRY, ["domain.com", "n", "1"], id="everything is shown"),
        pytest.param(
            ["box> entry", "...", "[]> a", "", "Limit for it? [Y]> ", "...", "[2]>", "..."],
            ["a", "", ""], id="Enter is an empty rest, with its blank or without",
        ),
        pytest.param(["box> entry", "..."], ["", "", ""], id="a last ... answers by Enter"),
        pytest.param(
            ["box> entry", "...", "Choose TLS:", "...", "[2]> 1", "...", "Entry made."],
            ["", "", "1"], id="over questions, to a text, and again to its prompt",
        ),
        pytest.param(
            ["box> entry", "", "...", "", "Limit for it? [Y]> n", "...", "..."],
            ["", "n", ""], id="blank lines next to ... are optional, and ... twice is once",
        ),
        pytest.param(
            ["box> entry", "...", "Entry <what:word>"], ["", "", ""], id="to the last output",
        ),
    ],
)  # fmt: skip
async def test_a_dialogue_fits(block: list[str], answers: list[str]) -> None:
    box = Box()
    assert isinstance(await play(console(*block), box), Passed)
    assert box.answers == answers
    assert box.endings == ["logged out"]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        pytest.param(
            replaced("Limit for it? [Y]> n", "Limit? [Y]> n"),
            7, "does not begin with the prompt", id="another prompt",
        ),
        pytest.param(
            replaced("1. No", "1. Never"), 10, "the output differs", id="another output"
        ),
        pytest.param(
            replaced("Entry made."), 13, "more output than the block shows", id="output not shown"
        ),
        pytest.param(
            console(*ENTRY, "and more"), 15, "does not begin with the prompt", id="output too much"
        ),
        pytest.param(
            console(*ENTRY[:4]), 5, "the block ends inside a question", id="no answer left"
        ),
        pytest.param(
            console("box> entry", "...", "[2]> 1", "..."),
            4, "... reached the main prompt; it passed over: Enter the domain.",
            id="a prompt that does not say its question",
        ),
        pytest.param(
            console("box> entry", "...", "No such text"),
            4, "it passed over: Enter the domain. []>; Limit for it? [Y]>; Choose TLS:",
            id="a text that does not come",
        ),
        pytest.param(console("..."  , "x"), 3, "... reached the main prompt", id="main prompt"),
        pytest.param(
            console("box> again", "..."), 3, "asked again; it passed over: Enter a value. []>",
            id="a question asked again",
        ),
        pytest.param(
            console("box> sure", "..."), 3, "it passed over: Sure? [Y]>",
            id="a question asked again below another text",
        ),
        pytest.param(console("box> secret", "..."), 3, "... never answers a secret", id="a secret"),
        pytest.param(
            console("box> endless", "..."), 3, "... passes over too many questions", id="endless"
        ),
        pytest.param(
            console("box> exit", "Goodbye.", "box> entry"),
            4, "the login has ended, and the block goes on", id="the login has ended",
        ),
        pytest.param(
            console("box> exit", "...", "Welcome"), 4, "reached the end of the login", id="no more"
        ),
        pytest.param(
            console("Welcome to another box", "", "box> exit"), 2, "the output differs", id="banner"
        ),
    ],
)  # fmt: skip
async def test_a_dialogue_does_not_fit(text: str, line: int, sentence: str) -> None:
    box = Box()
    found = mismatch(await play(text, box))
    assert (found.line, sentence in found.sentence) == (line, True), found.sentence


async def test_a_mismatch_shows_all_that_helps() -> None:
    box = Box(log_lines=[f"line {number}" for number in range(12)])
    text = console("box> table", "", "<f:word>", "id <n:int>", "last id <n:int>", "<f:word>!")
    assert mismatch_lines(mismatch(await play(text, box))) == [
        "lesson.md:7: step 2: the output differs",
        "open question: first id 17 last id 17 first box>",
        "--- transcript",
        "+++ appliance",
        "@@ -2,4 +2,5 @@",
        " first",
        " id 17",
        " last id 17",
        "-first!",
        "+first",
        "+box> ",
        "last lines of mail_logs:",
        *[f"line {number}" for number in range(2, 12)],
    ]


async def test_a_diff_shows_nothing_that_an_elision_takes() -> None:
    text = console("box> entry", "", "Enter the name.", "...", "Entry made.")
    found = mismatch(await play(text, Box()))
    assert (found.expected, found.shown) == (
        ("", "Enter the name."), ("", "Enter the domain."),
    )  # fmt: skip
    assert found.open_question == "Enter the domain. []>"
    assert found.step == 2


@pytest.mark.parametrize("first", ["box> exit", "Welcome to the box", "..."])
async def test_the_banner_is_compared_where_it_is_shown(first: str) -> None:
    rest = {"box> exit": [], "Welcome to the box": ["", "box> exit"], "...": ["box> exit"]}
    assert isinstance(await play(console(first, *rest[first], "Goodbye."), Box()), Passed)


async def test_the_next_block_goes_on_and_after_exit_logs_in_again() -> None:
    box = Box()
    text = (
        console(*ENTRY)
        + console("box> table", "...")
        + console("box> exit", "Goodbye.")
        + console("Welcome to the box", "", "box> table", "...")
    )
    assert isinstance(await play(text, box), Passed)
    assert box.typed == ["entry", "table", "exit", "table"]
    assert box.endings == ["logged out", "logged out"]


async def test_a_prompt_alone_at_the_end_of_a_block_is_enter() -> None:
    box = Box()
    assert isinstance(
        await play(console(*ENTRY, "box> ") + console("box> exit", "..."), box), Passed
    )
    assert box.typed == ["entry", "", "exit"]


async def test_a_block_may_end_before_anything_is_typed() -> None:
    assert isinstance(await play(console("...") + console("box> exit", "..."), Box()), Passed)


async def test_captures_go_on_from_block_to_block() -> None:
    log = ["MID 17 done", "MID 18 done"]
    opening = console("box> table", "...", "id <n:int>", "...")
    fits = "```mail_logs\nMID <n:int> done\n```\n"
    assert isinstance(await play(opening + fits, Box(log_lines=log)), Passed)
    assert mismatch(await play(opening + fits + fits, Box(log_lines=log))).line == 11


async def test_keys() -> None:
    box = Box()
    text = console(
        "box> <Ctrl-C>", "box> entry", "", "Enter the domain.", "[]> half<Ctrl-C>", "^C",
        "box> pages", "page 0", "-More-<Space>", "...", "box> <Ctrl-D>",
    )  # fmt: skip
    assert isinstance(await play(text, box), Passed)
    assert box.answers == [" ", "", ""]
    assert box.endings == ["logged out"]


async def test_a_secret_written_out_is_typed() -> None:
    box = Box()
    await play(console("box> secret", "", "Passphrase:", "[]> tell no one"), box)
    assert box.answers == ["tell no one"]


@pytest.mark.parametrize("typed", ["", "<type>"])
async def test_lines_pasted_where_the_prompt_is_empty(typed: str) -> None:
    box = Box()
    pasted = [f"{typed}one", f"{typed}", f"{typed}two", f"{typed}."]
    text = console("box> paste", "", "Paste; end with a dot.", *pasted)
    assert isinstance(await play(text, box), Passed)
    assert box.answers == ["one", "", "two"]


async def test_an_elision_does_not_end_at_an_empty_prompt() -> None:
    found = mismatch(await play(console("box> paste", "...", "one", "."), Box()))
    assert "asked again" in found.sentence


async def test_questions_that_differ_above_a_blank_line_are_two() -> None:
    box = Box()
    assert isinstance(await play(console("box> lookalikes", "..."), box), Passed)
    assert box.answers == ["", ""]


@pytest.mark.parametrize("key", ["<Tab>", "<Up>", "<Idle 31m>", "<secret:admin>"])
async def test_keys_that_cannot_be_replayed(key: str) -> None:
    result = await play(console(f"box> x{key}"), Box())
    assert result == Broken(f"lesson.md:2: {key} cannot be replayed")


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["", "Press Ctrl-C to stop.", "<Ctrl-C>", "^C"], id="after its line"),
        pytest.param(["...", "<Ctrl-C>", "^C"], id="after ..., whatever has come by then"),
        pytest.param(["...", "Press <...>", "<Ctrl-C>", "^C"], id="after ... and a line"),
        pytest.param(["", "Press <...>", "...", "<Ctrl-C>", "^C"], id="after a line and ..."),
    ],
)
async def test_ctrl_c_while_a_command_runs(lines: list[str]) -> None:
    box = Box()
    assert isinstance(await play(console("box> follow", *lines, "box> exit", "..."), box), Passed)
    assert box.typed == ["follow", "exit"]


async def test_typed_lines_wait_for_the_output_before_them() -> None:
    box = Box()
    text = console(
        "box> echo", "Connected.", "220 ready",
        "<type>EHLO me", "250-<...>", "...", "<type>NOOP", "250-NOOP", "250 ok",
        "<type>QUIT", "221 bye",
    )  # fmt: skip
    assert isinstance(await play(text, box), Passed)
    assert box.answers == ["EHLO me", "NOOP"]


async def test_a_line_that_is_due_and_never_comes() -> None:
    text = console("box> echo", "Connected.", "220 really", "<type>QUIT")
    found = mismatch(await play(text, Box(), patience=0.05))
    assert "nothing more came" in found.sentence
    assert found.shown == ("Connected.", "220 ready")


async def test_a_command_that_never_ends_is_no_hang() -> None:
    box = Box()
    found = mismatch(await play(console("box> hang", "..."), box, patience=0.05))
    assert (found.sentence, found.open_question) == ("nothing more came, and nothing was asked", "")
    assert box.endings == ["cancelled"]


async def test_a_login_that_does_not_end_is_cancelled() -> None:
    box = Box()
    text = console("box> hang", "<Ctrl-C>", "^C", "box> stubborn", "", "More? [N]> <Ctrl-D>", "x")
    mismatch(await play(text, box, patience=0.05))
    assert box.endings == ["cancelled"]


async def test_a_login_that_ignores_the_end_of_input_is_cancelled() -> None:
    box = Box(is_deaf=True)
    assert isinstance(await play(console("box> table", "..."), box, patience=0.05), Passed)
    assert box.endings == ["cancelled"]


async def test_a_bug_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        await play(console("box> bug", "..."), Box())


async def test_the_engine_is_quiet_before_each_command_and_check() -> None:
    box = Box(words={"committed": {"a": "1"}})
    await play(console(*ENTRY, "box> table", "...") + "```config\na = 1\n```\n", box)
    assert box.waits == 3


@pytest.mark.parametrize(
    ("busy", "sentence"),
    [
        ("delivery of MID 7", "still busy: delivery of MID 7"),
        ("for ever", "still busy: the engine"),
    ],
)
async def test_a_busy_engine_is_a_mismatch(busy: str, sentence: str) -> None:
    box = Box(busy=busy)
    found = mismatch(await play(console(*ENTRY), box, patience=0.05))
    assert (found.line, found.sentence, box.typed) == (2, sentence, [])
    found = mismatch(await play("```mail_logs\na\n```\n", box, patience=0.05))
    assert (found.line, found.sentence) == (1, sentence)


LOG = [
    "Thu Sep 26 15:23:39 2024 Info: a",
    "Thu Sep 26 15:23:40 2024 Info: b",
    "Thu Sep 26 15:23:41 2024 Info: a",
]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("```mail_logs\na\n```\n```mail_logs\nb\nnext: a\n```", None, id="go on"),
        pytest.param("```mail_logs\nb\n```\n```mail_logs\nb\n```", 5, id="never back"),
        pytest.param(f"```mail_logs\n{LOG[1]}\n```", None, id="a time that fits"),
        pytest.param(f"```mail_logs\n{LOG[1].replace('40', '41')}\n```", 2, id="another time"),
        pytest.param("```mail_logs info\na\n```", None, id="a level that is committed"),
        pytest.param("```mail_logs debug\na\n```", 1, id="a level that is not committed"),
        pytest.param("```mail_logs\nany: b\nany: a\nnot: b\n```", None, id="any and not"),
        pytest.param("```mail_logs\ncount 2: a\n```", None, id="count"),
    ],
)
async def test_log_checks(text: str, line: int | None) -> None:
    result = await play(text, Box(log_lines=LOG))
    assert (result.line if isinstance(result, Mismatch) else None) == line


async def test_a_level_that_is_too_low_is_named() -> None:
    found = mismatch(await play("```mail_logs trace\n```", Box(level=LogLevel.DEBUG)))
    assert found.sentence == "mail_logs is committed at level Debug, below Trace"


async def test_a_log_that_is_not_there() -> None:
    found = mismatch(await play("```mail_logs\na\n```", Box(has_log=False)))
    assert (found.sentence, found.log_tail) == ("there is no log mail_logs", ())


@pytest.mark.parametrize(("which", "line"), [("config", 1), ("config staged", None)])
async def test_config_checks(which: str, line: int | None) -> None:
    words = {"mta_sts": {"d.com": "on"}}
    box = Box(words={"staged": words, "committed": {"mta_sts": {"d.com": "off"}}})
    result = await play(f'```{which}\n[mta_sts]\n"d.com" = "on"\n```', box)
    assert (result.line if isinstance(result, Mismatch) else None) == line


async def test_what_was_never_used_is_a_warning() -> None:
    text = console("box> table", "", "first", "...", "id <n:int>", "...", "last id 17", "first")
    result = await play(text, Box())
    assert isinstance(result, Passed)
    assert warning_lines(result) == [
        "lesson.md:5: this ... never matched",
        "lesson.md:6: the capture n is never used",
        "lesson.md:7: this ... never matched",
    ]


async def test_a_world_that_means_nothing_is_a_broken_file() -> None:
    text = '# Title\n```world\nlab = "nowhere"\n```\n' + console("box> exit")
    assert await play(text, Box()) == Broken("lesson.md:2: There is no lab named 'nowhere'.")


async def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    missing, binary = tmp_path / "missing.md", tmp_path / "binary.md"
    binary.write_bytes(b"a\n\xff")
    assert await replay_file(missing, Box().opened) == Broken(
        f"{missing}:0: No such file or directory"
    )
    assert await replay_file(binary, Box().opened) == Broken(f"{binary}:2: not UTF-8")


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "lesson.md"
    path.write_text(console("box> exit", "Goodbye."))
    assert read_transcript(path).path == path

"""The transcript format: which blocks run, where they stand, and which files are refused."""

import contextlib
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.replay.format import ConfigCheck, Console, LogCheck, Step, World, parse
from seg_cli.replay.markdown import BadTranscript
from seg_cli.terms import LogLevel
from tests.replay.conftest import PATH, console

WHOLE = """\
# MTA-STS on one destination

Prose.

```world
lab = "tech-note-222782"
clock = "2024-09-26T15:23:39"
ids = { mid = 5444 }
terminal = "80x24"
```

```text
box> not run
```

```console
box> version

  Version 16
```

```mail_logs debug
MID 1 done
```

```config staged
[destconfig."domain.com"]
table_tls = "on"
```
"""


def test_a_whole_file() -> None:
    transcript = parse(PATH, WHOLE)
    assert transcript.title == "MTA-STS on one destination"
    assert transcript.world["lab"] == "tech-note-222782"
    assert transcript.rows == 24
    block, log, config = transcript.steps
    assert isinstance(block, Console)
    assert [(line.number, line.text) for line in block.lines] == [
        (17, "box> version"), (18, ""), (19, "  Version 16"),
    ]  # fmt: skip
    assert isinstance(log, LogCheck)
    assert (log.line, log.log, log.level) == (22, "mail_logs", LogLevel.DEBUG)
    assert config == ConfigCheck(26, True, {"destconfig": {"domain.com": {"table_tls": "on"}}})


def lines_of(step: Step) -> list[str]:
    assert isinstance(step, Console)
    return [line.text for line in step.lines]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("```console\na\n```\n", ["a"], id="a plain block"),
        pytest.param("```console\r\na\r\n```\r\n", ["a"], id="CRLF ends a line"),
        pytest.param("```console\na\u2028b\n```", ["a\u2028b"], id="only LF and CRLF end a line"),
        pytest.param("  ```console\n  a\n    b\n c\n  ```", ["a", "  b", "c"], id="indented"),
        pytest.param("```console\n~~~\n```", ["~~~"], id="another fence is content"),
        pytest.param(
            "~~~~markdown\n```console\nquoted\n```\n~~~~\n```console\na\n```", ["a"],
            id="tildes quote",
        ),
        pytest.param(
            "````\n```console\nquoted\n```\n````\n```console\na\n```", ["a"],
            id="longer fences quote",
        ),
        pytest.param("```a``` inline\n```console\na\n```", ["a"], id="inline code is no fence"),
        pytest.param("```\ncode\n```\n```console\na\n```", ["a"], id="a block without a word"),
    ],
)  # fmt: skip
def test_blocks_are_found(text: str, lines: list[str]) -> None:
    (step,) = parse(PATH, text).steps
    assert lines_of(step) == lines


def test_a_pasted_session_is_one_block() -> None:
    transcript = parse(PurePath("pasted.txt"), "box> version\n```console\n")
    (step,) = transcript.steps
    assert lines_of(step) == ["box> version", "```console"]
    assert (transcript.title, transcript.world, transcript.rows) == ("pasted", {}, None)


def test_a_world_is_no_step() -> None:
    world, *rest = parse(PATH, "```world\nseed = 1\n```\n" + console("a")).blocks
    assert world == World(1, {"seed": 1})
    assert len(rest) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("prose", "1: there is no console", id="nothing runs"),
        pytest.param("", "1: there is no console", id="an empty file"),
        pytest.param("```world\n```", "1: there is no console", id="a world alone"),
        pytest.param("a\n```console\nb", "2: this block is never closed", id="not closed"),
        pytest.param("```console\n\n```", "1: the console block is empty", id="an empty console"),
        pytest.param("```mail_logs\n```", "1: the mail_logs block is empty", id="an empty check"),
        pytest.param("```config\n```", "1: the config block is empty", id="an empty config"),
        pytest.param("```console x\na\n```", "1: a console block takes no words: x", id="a word"),
        pytest.param("```world x\n```", "1: a world block takes no words: x", id="a word of world"),
        pytest.param("```mail_logs debgu\na\n```", "1: not a log level: debgu", id="a level"),
        pytest.param("```config x\na=1\n```", "1: not a configuration: x", id="a configuration"),
        pytest.param("```config\na=1\nb\n```", "3: not TOML", id="TOML that is none"),
        pytest.param("```config\na=\n```", "2: not TOML", id="TOML that stops"),
        pytest.param("```world\nlap = 1\n```", "1: unknown in world: lap", id="a world key"),
        pytest.param("```world\nids = 1\n```", "1: ids must be a table", id="ids"),
        pytest.param("```world\nids = {rid=1}\n```", "1: unknown in ids: rid", id="an id"),
        pytest.param("```world\nterminal = 80\n```", "1: terminal must be", id="a terminal"),
        pytest.param("```console\na\n<x:re/(/>\n```", "3: <x:re/(/> is not a", id="a pattern"),
        pytest.param("```mail_logs\n<x:re/(/>\n```", "2: <x:re/(/> is not a", id="a log pattern"),
        pytest.param("```mail_logs\na\nnot:\n```", "3: nothing stands behind not:", id="not what"),
        pytest.param(
            "```console\na\n```\n```world\n```", "4: the world block must be the first", id="late"
        ),
        pytest.param(
            "```world\n```\n```world\n```", "3: the world block must be the first", id="two worlds"
        ),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(BadTranscript) as caught:
        parse(PATH, text)
    assert str(caught.value).startswith(f"{PATH}:{sentence}")


@given(st.lists(st.sampled_from(["```console", "```", "````", "~~~", "a", "", "...", "```world"])))
def test_any_lines_are_a_transcript_or_a_sentence(lines: list[str]) -> None:
    with contextlib.suppress(BadTranscript):
        assert parse(PATH, "\n".join(lines)).steps

"""Patterns: what a line of a transcript matches, and where its prompt ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.replay.match import (
    BadPattern,
    Captures,
    fill,
    match,
    occurs,
    parse_pattern,
    split_prompt,
)


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        pytest.param("plain", "plain", {}, id="a plain line matches itself"),
        pytest.param("plain", "plain ", None, id="the last blank counts"),
        pytest.param("a.c", "abc", None, id="a dot is a dot"),
        pytest.param("<user@example.com>", "<user@example.com>", {}, id="other brackets are text"),
        pytest.param("<d:itn>", "<d:itn>", {}, id="an unknown type is text"),
        pytest.param("<secret:word>", "<secret:word>", {}, id="a secret is a key, not a capture"),
        pytest.param("a<...>z", "az", {}, id="any text may be none"),
        pytest.param("a<...>z", "a b c z", {}, id="any text may be much"),
        pytest.param("DCID <d:int>", "DCID 42", {"d": "42"}, id="int"),
        pytest.param("DCID <d:int>", "DCID x", None, id="int refuses a word"),
        pytest.param("<d:int>", "-9", {"d": "-9"}, id="int may be negative"),
        pytest.param("<a:ip>", "10.1.1.3", {"a": "10.1.1.3"}, id="ip, version 4"),
        pytest.param("<a:ip>", "2001:db8::1", {"a": "2001:db8::1"}, id="ip, version 6"),
        pytest.param("<a:ip>", "mx.example", None, id="ip refuses a name"),
        pytest.param("<h:host>.", "mx.example.", {"h": "mx.example"}, id="host"),
        pytest.param(
            "<t:ts> Info", "Thu Sep  6 15:23:39 2024 Info",
            {"t": "Thu Sep  6 15:23:39 2024"}, id="ts pads the day with a blank",
        ),
        pytest.param("<w:word>", "a b", None, id="word has no blank"),
        pytest.param("<x:hex>", "0aF", {"x": "0aF"}, id="hex"),
        pytest.param("<x:text>", "a b", {"x": "a b"}, id="text"),
        pytest.param("<x:text>", "", None, id="text is not empty"),
        pytest.param("<x:re/a|b>/>!", "b>!", {"x": "b>"}, id="an expression of the author's"),
        pytest.param("<d:int>=<d:int>", "7=7", {"d": "7"}, id="the second use is equal"),
        pytest.param("<d:int>=<d:int>", "7=8", None, id="the second use is not equal"),
        pytest.param("<a:word> <b:int>", "x 1", {"a": "x", "b": "1"}, id="two captures"),
    ],
)  # fmt: skip
def test_a_line_matches(line: str, text: str, expected: Captures | None) -> None:
    assert match(parse_pattern(line), text, {}) == expected


def test_what_was_captured_before_is_literal() -> None:
    held = {"d": "4.2", "other": "x"}
    assert match(parse_pattern("<d:word>"), "4.2", held) == held
    assert match(parse_pattern("<d:word>"), "4x2", held) is None


def test_a_pattern_occurs_within_a_line() -> None:
    assert occurs(parse_pattern("defer"), "TLS deferring: why", {})
    assert not occurs(parse_pattern("MID <m:int> defer"), "MID 7 defer", {"m": "8"})


@pytest.mark.parametrize("expression", ["(", "(?P<capture_0>a)"])
def test_an_expression_that_does_not_compile_is_refused(expression: str) -> None:
    with pytest.raises(BadPattern, match="not a regular expression"):
        parse_pattern(f"<x:re/{expression}/>")


@pytest.mark.parametrize(
    ("line", "prompt", "answer"),
    [
        pytest.param("[]> new", "[]> ", "new", id="the rest is the answer"),
        pytest.param("[]> ", "[]> ", "", id="an empty rest is Enter"),
        pytest.param("[]>", "[]> ", "", id="a stripped last blank is Enter"),
        pytest.param("[]>new", "[]> ", None, id="a missing blank before an answer is no prompt"),
        pytest.param("[1]> new", "[]> ", None, id="another prompt"),
        pytest.param("anything", "", "anything", id="an empty prompt leaves the whole line"),
        pytest.param("<h:host>> exit", "box> ", "exit", id="a capture in the prompt"),
        pytest.param("<q:text>[N]> y", "Apply? [N]> ", "y", id="the longest prefix is the prompt"),
        pytest.param("<q:text> [N]>", "Apply? [N]> ", "", id="captures and a stripped blank"),
        pytest.param("<...>> <c:word>", "box> ", "<c:word>", id="a fresh capture is no answer"),
    ],
)
def test_the_answer_is_what_the_prompt_leaves(line: str, prompt: str, answer: str | None) -> None:
    split = split_prompt(parse_pattern(line), prompt, {})
    assert (split.answer if split else None) == answer


def test_an_answer_may_use_what_was_captured() -> None:
    split = split_prompt(parse_pattern("[]> edit <d:int>"), "[]> ", {"d": "7"})
    assert split is not None
    assert split.answer == "edit 7"


def test_captures_are_filled_in() -> None:
    assert fill(parse_pattern("<d:int> <...> <e:int>"), {"d": "7"}) == "7 <...> <e:int>"


@given(st.text())
def test_a_pattern_is_its_source(line: str) -> None:
    try:
        assert parse_pattern(line).source == line
    except BadPattern:
        assert ":re/" in line


@given(st.text(alphabet=st.characters(exclude_characters="<")), st.text(min_size=1))
def test_a_literal_prompt_leaves_its_answer(prompt: str, answer: str) -> None:
    if "<" in answer or (prompt + answer) == prompt.removesuffix(" "):
        return
    split = split_prompt(parse_pattern(prompt + answer), prompt, {})
    assert split is not None
    assert split.answer == answer

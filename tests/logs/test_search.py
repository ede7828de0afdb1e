"""The search of `grep`: what it finds, what is shown around it, and that it always ends."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.logs import search as search_module
from seg_cli.logs.literals import is_literal, required_literals
from seg_cli.logs.matching import Matcher
from seg_cli.logs.search import Search, chunks, main, search_files

LINES = b"a\nb\nmatch\nc\nd\nMatch\n"


def found(text: bytes, *patterns: str, flags: str = "-", context: int = 0) -> bytes:
    return Search(Matcher(patterns, ignore_case="i" in flags), flags, context).of(text)


@pytest.mark.parametrize(
    ("pattern", "flags", "context", "lines"),
    [
        pytest.param("match", "-", 0, b"match\n", id="plain"),
        pytest.param("match", "i", 0, b"match\nMatch\n", id="whatever the case"),
        pytest.param("zzz", "-", 1, b"", id="nothing"),
        pytest.param("match", "-", 1, b"b\nmatch\nc\n", id="context"),
        pytest.param("match", "i", 2, LINES, id="contexts that touch"),
        pytest.param("^[ab]", "v", 0, LINES[4:], id="inverted"),
        pytest.param("match", "iv", 0, b"a\nb\nc\nd\n", id="inverted, whatever the case"),
        pytest.param("^a$", "-", 0, b"a\n", id="anchors are those of a line"),
        pytest.param(r"\s", "-", 0, b"", id="the end of a line is no part of it"),
        pytest.param("", "-", 0, LINES, id="nothing in particular"),
        pytest.param("atch|^b|d", "-", 0, b"b\nmatch\nd\nMatch\n", id="one of several"),
    ],
)
def test_what_is_shown(pattern: str, flags: str, context: int, lines: bytes) -> None:
    assert found(LINES, pattern, flags=flags, context=context) == lines


@pytest.mark.parametrize(
    ("text", "pattern", "flags"),
    [
        pytest.param("Größe", "Größe", "-", id="as it is"),
        pytest.param("Größe", "GRÖSSE|GRÖßE", "i", id="letters beyond ASCII have cases too"),
        pytest.param("\u212a", "k", "i", id="the sign of Kelvin is a k"),
        pytest.param("안녕", "^..$", "-", id="a character is one, however many its bytes"),
        pytest.param("안녕", "[가-힣]", "-", id="a range of characters"),
        pytest.param("K", r"\u004b", "-", id="an escape that bytes do not know"),
    ],
)
def test_text_beyond_ascii(text: str, pattern: str, flags: str) -> None:
    line = f"{text}\n".encode()
    assert found(b"other\n" + line, pattern, flags=flags).endswith(line)


def test_several_patterns_are_alternatives() -> None:
    assert found(LINES, "^a", "c$") == b"a\nc\n"
    assert found(LINES, "^a", "match") == b"a\nmatch\n"
    assert found(LINES, "match", "atch", "Match") == b"match\nMatch\n"


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("abc", {"abc"}),
        ("^abc$", {"abc"}),
        ("ab.cde", {"cde"}),
        ("a(bc)+d", {"bc"}),
        ("(?:abc)?d", {"d"}),
        ("abc|def", {"abc", "def"}),
        ("abc|d*", set()),
        (r"MID 1\d+ done", {"MID 1"}),
        ("(?i)abc", set()),
        ("x(?i:abc)", {"x"}),
        ("(?=abc)", set()),
        (".*", set()),
        ("Größe", {"Größe"}),
    ],
)
def test_what_a_match_must_hold(pattern: str, literals: set[str]) -> None:
    assert required_literals(pattern, ignore_case=False) == {text.encode() for text in literals}


def test_case_is_ignored_in_ascii_literals_only() -> None:
    assert required_literals("ABC", ignore_case=True) == {b"abc"}
    assert required_literals("ÄBC", ignore_case=True) == frozenset()


@pytest.mark.parametrize(("pattern", "literal"), [("a b", True), ("a.b", False), ("", False)])
def test_a_pattern_that_is_just_text(pattern: str, literal: bool) -> None:
    assert is_literal(pattern) is literal


PATTERNS = st.sampled_from(
    ["a", "ab", "a.", "b|a", "(ab)+", "[ab]c", "a*b", "^a", "b$", "(a|bc)d?", "", "é", r"\w"]
)


@given(st.lists(st.text("abcdAB é", max_size=6), max_size=6), PATTERNS, st.sampled_from("-iv"))
def test_it_finds_what_the_expression_finds(texts: list[str], pattern: str, flags: str) -> None:
    expression = re.compile(pattern, re.IGNORECASE if "i" in flags else re.RegexFlag(0))
    wanted = [text for text in texts if (expression.search(text) is None) is ("v" in flags)]
    chunk = "".join(f"{text}\n" for text in texts).encode()
    assert found(chunk, pattern, flags=flags) == "".join(f"{text}\n" for text in wanted).encode()


def test_context_goes_over_chunks() -> None:
    search = Search(Matcher(["match"], ignore_case=False), "-", 1)
    shown = [search.of(chunk) for chunk in (b"a\nb\n", b"match\n", b"c\nd\n")]
    assert shown == [b"", b"b\nmatch\n", b"c\n"]


def test_chunks_are_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "CHUNK", 4)
    (tmp_path / "log").write_bytes(b"one\ntwo\nthree\nfour")
    with (tmp_path / "log").open("rb") as file:
        assert list(chunks(file)) == [b"one\ntwo\n", b"three\n", b"four\n"]


def test_a_file_that_was_rolled_over_or_deleted_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "mail.@1.s").write_bytes(b"match\n")
    shown: list[bytes] = []
    files = [str(tmp_path / name) for name in ("mail.@0.s", "mail.@1.c")]
    search_files(Search(Matcher(["match"], ignore_case=False), "-", 0), files, shown.append)
    assert shown == [b"match\n"]


def test_the_program(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    file = tmp_path / "log"
    file.write_bytes(LINES)
    assert main(["i", "0", "0", "2", "MATCH", "^d", str(file)]) == 0
    assert capfdbinary.readouterr().out == b"match\nd\nMatch\n"


def test_a_pattern_that_would_backtrack_for_ever_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"a" * 60 + b"!\n")
    command = [sys.executable, "-m", "seg_cli.logs.search", "-", "0", "0.1", "1", "(a+)+$"]
    for lines in ([str(file)], []):
        run = subprocess.run(
            [*command, *lines],
            input=file.read_bytes(),
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert run.returncode == -signal.SIGVTALRM

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.errors import UserError
from seg_cli.shell.command import Command, Standing
from seg_cli.shell.grammar import (
    UnknownCommand,
    parse_arguments,
    resolve,
    split_commands,
    split_line,
    split_words,
)
from tests.shell.conftest import say

COMMANDS = (
    Command("commit", "", say),
    Command("commitdetail", "", say),
    Command("clearchanges", "", say, aliases=("clear",)),
    Command("lab", "", say, standing=Standing.EMULATOR),
    Command("language", "", say),
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("  a\t b ", ("a", "b")),
        ("'a b' c", ("a b", "c")),
        ('"" x', ("", "x")),
        ('a"b c"d', ("ab cd",)),
        (r'"a\"b\\c\.d"', (r'a"b\c\.d',)),
        (r"'a\.b'", (r"a\.b",)),
        (r"a\ b", ("a b",)),
        ("a\\", ("a\\",)),
    ],
)
def test_words(text: str, words: tuple[str, ...]) -> None:
    assert split_words(text) == words


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("a; b c ;; d;", ("a", "b c", "d")),
        ("commit 'x; y'; b", ("commit 'x; y'", "b")),
        (r"grep a\;b mail_logs", (r"grep a\;b mail_logs",)),
        (" ; ", ()),
    ],
)
def test_commands_of_a_batch_text(text: str, commands: tuple[str, ...]) -> None:
    assert split_commands(text) == commands


@pytest.mark.parametrize("text", ['"', "a 'b", '"a\\"'])
def test_a_quotation_that_is_not_closed(text: str) -> None:
    for read in (split_words, split_commands, parse_arguments):
        with pytest.raises(UserError, match="quotation is not closed"):
            read(text)


def test_the_text_of_the_arguments_is_kept_as_typed() -> None:
    assert parse_arguments(r"'a b' \c").text == r"'a b' \c"
    assert split_line("  grep\t 'a b' ") == ("grep", "'a b'")
    assert split_line("") == ("", "")


@pytest.mark.parametrize(
    ("word", "name"),
    [
        pytest.param("commit", "commit", id="an exact name comes first"),
        pytest.param("commitd", "commitdetail", id="a unique prefix"),
        pytest.param("CLEAR", "clearchanges", id="an alias in any case"),
        pytest.param("c", None, id="a prefix of several"),
        pytest.param("cle", "clearchanges", id="name and alias are one command"),
        pytest.param("lab", "lab", id="the emulator's own in full"),
        pytest.param("la", "language", id="the emulator's own do not count for prefixes"),
    ],
)
def test_what_a_word_means(word: str, name: str | None) -> None:
    if name is None:
        with pytest.raises(UnknownCommand):
            resolve(word, COMMANDS)
    else:
        assert resolve(word, COMMANDS).name == name


@given(st.text())
def test_no_text_breaks_the_grammar(text: str) -> None:
    try:
        words = split_words(text)
    except UserError:
        return
    assert all(isinstance(word, str) for word in words)
    assert all(command == command.strip() for command in split_commands(text))

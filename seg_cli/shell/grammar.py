"""The grammar of the command line: commands, words, quotes, and which command a word means.

Single quotes keep everything; within double quotes a backslash escapes a double quote or another
backslash; outside quotes it escapes any character. Semicolons separate commands in batch only.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from seg_cli.errors import UserError
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments, Command, Standing

QUOTES = "'\""


class Character(NamedTuple):
    """One character of a line, after quoting; `literal` when it separates nothing."""

    text: str
    literal: bool


class UnknownCommand(UserError):
    """A word that is no command, or the beginning of several."""


def split_commands(text: str) -> tuple[str, ...]:
    """The commands of a batch text as typed, cut at semicolons outside quotes; empty ones left out.

    Raises UserError for a quote that is never closed.
    """
    commands = [""]
    for character, source in _scan(text):
        if character is not None and character.text == ";" and not character.literal:
            commands.append("")
        else:
            commands[-1] += source
    return tuple(command.strip() for command in commands if command.strip())


def split_words(text: str) -> tuple[str, ...]:
    """The words of a line without their quotes; "" is a word too.

    Raises UserError for a quote that is never closed.
    """
    words: list[str] = []
    open_word: str | None = None
    for character, _ in _scan(text):
        if character is None:
            open_word = open_word or ""
        elif character.text.isspace() and not character.literal:
            if open_word is not None:
                words.append(open_word)
            open_word = None
        else:
            open_word = (open_word or "") + character.text
    return (*words, open_word) if open_word is not None else tuple(words)


def split_line(line: str) -> tuple[str, str]:
    """The first word as typed, and the rest of the line."""
    word, *rest = line.split(maxsplit=1) or [""]
    return word, "".join(rest).strip()


def parse_arguments(text: str) -> Arguments:
    """The arguments of a command. Raises UserError for a quote that is never closed."""
    return Arguments(split_words(text), text)


def resolve(word: str, commands: Sequence[Command]) -> Command:
    """The command that a word means: by its name or alias in any case, else by a unique prefix.

    Raises UnknownCommand. The emulator's own commands are found by their full name only.
    """
    typed = word.lower()
    for command in commands:
        if typed in command.names:
            return command
    beginning = [
        command
        for command in commands
        if command.standing is Standing.APPLIANCE
        and any(name.startswith(typed) for name in command.names)
    ]
    if len(beginning) != 1:
        raise UnknownCommand(f"Unknown command or missing feature key: {printable(word)}")
    return beginning[0]


def _scan(text: str) -> Iterator[tuple[Character | None, str]]:
    """Each character with the source it was written as; a quote by itself has no character."""
    quote = ""
    position = 0
    while position < len(text):
        source = text[position]
        following = text[position + 1 : position + 2]
        if source == "\\" and following and _escapes(quote, following):
            source += following
            yield Character(following, literal=True), source
        elif source == quote or (not quote and source in QUOTES):
            quote = "" if quote else source
            yield None, source
        else:
            yield Character(source, literal=bool(quote)), source
        position += len(source)
    if quote:
        raise UserError(f"A quotation is not closed: {quote}")


def _escapes(quote: str, following: str) -> bool:
    """Whether a backslash within this quote (or "" for none) escapes the character after it."""
    match quote:
        case "":
            return True
        case '"':
            return following in '"\\'
        case _:
            return False

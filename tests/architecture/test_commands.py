"""The catalogue of commands: complete, in order, quick to load, and sound in its question keys."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from seg_cli import commands
from seg_cli.commands import COMMANDS
from seg_cli.dialogue import entries, questions
from seg_cli.dialogue.questions import Question
from seg_cli.shell.command import Command

ROOM = Path(commands.__file__).parent
PLACES = sorted(path for path in ROOM.iterdir() if path.name[0] != "_")

QUESTIONS = {
    name
    for name, kind in (vars(questions) | vars(entries)).items()
    if isinstance(kind, type) and issubclass(kind, Question) and kind is not Question
}


def functions(place: Path) -> set[str]:
    """The functions at the top of a command's file, or of all files of its folder."""
    return {
        node.name
        for tree in sources(place)
        for node in tree.body
        if isinstance(node, ast.AsyncFunctionDef)
    }


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """The questions that are made within a piece of source."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in QUESTIONS:
                yield node


def key_of(call: ast.Call) -> str | None:
    """The key of a question, where it is written out."""
    match call.args:
        case [ast.Constant(value=str(key)), *_]:
            return key
        case _:
            return None


def opened_by(call: ast.Call) -> Iterator[str]:
    """The keys that a question opens, where they are written out."""
    for keyword in call.keywords:
        match keyword:
            case ast.keyword(arg="opens", value=ast.Tuple(elts=keys)):
                yield from (str(key.value) for key in keys if isinstance(key, ast.Constant))


def sources(place: Path) -> list[ast.Module]:
    """The syntax trees of a command's file, or of all files of its folder."""
    files = sorted(place.glob("*.py")) if place.is_dir() else [place]
    return [ast.parse(file.read_text("utf-8")) for file in files]


def test_every_command_of_the_room_is_in_the_catalogue() -> None:
    assert [command.name for command in COMMANDS] == sorted(
        place.stem for place in PLACES if "run" in functions(place)
    )


def test_names_and_aliases_are_unique() -> None:
    names = sorted(name for command in COMMANDS for name in command.names)
    assert not [name for name, following in pairwise(names) if name == following]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_lives_in_a_file_or_folder_of_its_name(command: Command) -> None:
    assert command.name in {place.stem for place in PLACES}
    assert command.summary.endswith(".")


def test_the_catalogue_imports_no_command() -> None:
    program = (
        "import sys, seg_cli.commands\n"
        "print(*(name for name in sys.modules if name.startswith('seg_cli.commands.')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() == ""


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.stem)
def test_one_function_asks_no_key_twice(place: Path) -> None:
    for tree in sources(place):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                keys = [key for call in calls(node) if (key := key_of(call))]
                assert len(keys) == len(set(keys)), node.name


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.stem)
def test_a_question_opens_only_what_the_command_asks(place: Path) -> None:
    asked = [call for tree in sources(place) for call in calls(tree)]
    opened = {key for call in asked for key in opened_by(call)}
    assert opened <= {key_of(call) for call in asked}

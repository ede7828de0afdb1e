"""The catalogue of commands: complete, in order, quick to load, and sound in its question keys."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from seg_cli import commands
from seg_cli.commands import COMMANDS
from seg_cli.dialogue import questions
from seg_cli.dialogue.questions import Question
from seg_cli.shell.command import Command

HEAVY = ("dns", "requests", "cryptography", "prompt_toolkit", "rich")

ROOM = Path(commands.__file__).parent
PLACES = sorted(path for path in ROOM.iterdir() if path.name[0] != "_")

QUESTIONS = {
    name
    for name, kind in vars(questions).items()
    if isinstance(kind, type) and issubclass(kind, Question) and kind is not Question
}


def modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(commands.__path__, f"{commands.__name__}."):
        yield module.name


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
    found = [
        module.COMMAND
        for module in map(importlib.import_module, modules())
        if "COMMAND" in vars(module)
    ]
    assert sorted(command.name for command in found) == [command.name for command in COMMANDS]
    assert all(any(command is known for known in COMMANDS) for command in found)


def test_names_and_aliases_are_unique() -> None:
    names = sorted(name for command in COMMANDS for name in command.names)
    assert not [name for name, following in pairwise(names) if name == following]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_lives_in_a_file_or_folder_of_its_name(command: Command) -> None:
    assert command.name in {place.stem for place in PLACES}
    assert command.summary.endswith(".")


def test_importing_the_commands_loads_no_heavy_library() -> None:
    program = (
        f"import sys, seg_cli.commands\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
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

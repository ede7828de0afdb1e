"""The catalogue of events: each has one wording, and somebody who emits it."""

import ast
from collections import Counter
from pathlib import Path

import pytest

import seg_cli
from seg_cli import events
from seg_cli.events import Event
from seg_cli.logs import mail_logs
from seg_cli.logs.forms import FORMS
from seg_cli.logs.mail_logs import WORDING
from seg_cli.logs.templates import bare_names, quoted_names

PACKAGE = Path(seg_cli.__file__).parent
WORDED = PACKAGE / "logs" / "mail_logs.py"
ELSEWHERE = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path != PACKAGE / "events.py" and PACKAGE / "logs" not in path.parents
]

EVENTS = [
    kind
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
]


def keys_of_the_table() -> list[str]:
    """The keys as they are written: in a dict a second entry would hide the first."""
    for node in ast.walk(ast.parse(WORDED.read_text("utf-8"))):
        match node:
            case ast.AnnAssign(target=ast.Name(id="WORDING"), value=ast.Dict(keys=keys)):
                return [key.attr for key in keys if isinstance(key, ast.Attribute)]
    raise AssertionError(f"no table in {mail_logs.__name__}")


def called(path: Path) -> set[str]:
    """The names that a file calls, bare or behind a module."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                names.add(name)
    return names


CALLED = set().union(*map(called, ELSEWHERE))


def test_every_event_has_exactly_one_wording_and_every_wording_an_event() -> None:
    assert Counter(keys_of_the_table()) == Counter(kind.__name__ for kind in EVENTS)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_is_emitted_somewhere(kind: type[Event]) -> None:
    assert kind.__name__ in CALLED


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_a_wording_names_only_fields_of_its_event_and_forms(kind: type[Event]) -> None:
    fields = {name for base in kind.__mro__ for name in getattr(base, "__slots__", ())}
    template = WORDING[kind].template
    assert set(bare_names(template)) <= fields | FORMS.keys()
    assert set(quoted_names(template)) <= fields

"""No stranger writes a log: whatever an event holds, it is one line of printable text."""

from datetime import UTC, datetime
from enum import Enum
from types import UnionType
from typing import Any, NewType, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seg_cli.events import Event
from seg_cli.logs.bus import Stamped
from seg_cli.logs.mail_logs import WORDING, format_line

NOW = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)

# Line ends of all kinds, terminal escapes, overrides of direction, what formatters and quotes use,
# and half a surrogate pair.
PIECES = ["\r\n", "\n", "\0", "\x1b[2J", "\x7f", "\x85", "\u2028", "\u202e", "\udc80", *"{}'\"%\\ "]
HOSTILE = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=8).map("".join)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Hostile values for a field of this type."""
    if isinstance(hint, UnionType):
        return st.one_of(*map(values, get_args(hint)))
    if isinstance(hint, NewType):
        return values(hint.__supertype__)
    if get_origin(hint) is tuple:
        return st.lists(values(get_args(hint)[0]), max_size=3).map(tuple)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    return {
        str: HOSTILE,
        object: HOSTILE | st.tuples(st.integers(), HOSTILE),
        int: st.integers(),
        bool: st.booleans(),
        datetime: st.just(NOW),
        type(None): st.none(),
    }[hint]


def events(kind: type[Event]) -> st.SearchStrategy[Event]:
    return st.builds(
        kind,
        **{name: values(hint) for name, hint in get_type_hints(kind).items() if name[0] != "_"},
    )


@pytest.mark.parametrize("kind", WORDING, ids=lambda kind: kind.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_every_event_is_one_printable_line(kind: type[Event], data: st.DataObject) -> None:
    line = format_line(Stamped(NOW, data.draw(events(kind))), UTC)
    assert line.isprintable()
    assert line.encode()

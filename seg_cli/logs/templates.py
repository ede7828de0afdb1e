"""Templates of log lines, each read once and turned into a function that spells a line.

A name in braces is a field of the event or a form, a value spelled from the whole event. Text
from outside comes out printable, whatever field it stood in.
"""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from string import Formatter
from typing import cast

from seg_cli.events import Event
from seg_cli.printable import printable

Form = Callable[[Event, tzinfo], object]
"""A value of the line, from the event and the appliance's zone."""

Spell = Callable[[Event, tzinfo], str]
"""The text of an event's line."""


def bare_names(template: str) -> tuple[str, ...]:
    """The names in braces whose values stand in the line as they are."""
    return tuple(name for _, name, _, how in Formatter().parse(template) if name and not how)


def quoted_names(template: str) -> tuple[str, ...]:
    """The names in braces whose values are quoted (`!r`)."""
    return tuple(name for _, name, _, how in Formatter().parse(template) if name and how)


def compile_template(template: str, forms: Mapping[str, Form]) -> Spell:
    """The function that spells lines of this template.

    It is compiled from an f-string, as `dataclass` compiles its methods: a template is part of
    this program, and what strangers write is only ever a value in it. Nothing spells a line
    faster, and each delivery has several.
    """
    pieces: list[str] = []
    for literal, name, _, how in Formatter().parse(template):
        pieces.append(literal.replace("{", "{{").replace("}", "}}"))
        if name:
            value = f"{name}(event, zone)" if name in forms else f"event.{name}"
            pieces.append(f"{{{value}!r}}" if how else f"{{{value}}}")
    source = f"line if (line := f{''.join(pieces)!r}).isprintable() else printable(line)"
    names = {**forms, "printable": printable}
    return cast("Spell", eval(f"lambda event, zone: {source}", names))  # noqa: S307 - see above

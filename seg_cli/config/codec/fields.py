"""Fields and rows between values and words: what every area's codec is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar

from seg_cli.config.codec.keys import Keys
from seg_cli.config.codec.spellings import Spelling, quoted
from seg_cli.errors import BadFile, Invalid

T = TypeVar("T")

Words = Mapping[str, object]
"""Texts (or whole numbers) and tables of them, by name."""


def format_fields(keys: Keys, value: object) -> dict[str, object]:
    """The fields that are set, as texts by their names outside."""
    return {
        key.name: key.spelling.format(field)
        for key in keys
        if (field := getattr(value, key.attribute)) is not None
    }


def parse_fields(keys: Keys, words: Words, where: str) -> dict[str, Any]:
    """Fields by attribute; raises BadFile for a name that is no key and a text that is no value."""
    by_name = {key.name: key for key in keys}
    if unknown := words.keys() - by_name.keys():
        raise BadFile(f"{where}: {quoted(min(unknown))} is not known here.")
    return {
        by_name[name].attribute: parse_text(by_name[name].spelling, content, f"{where}, {name}")
        for name, content in words.items()
    }


def parse_text(spelling: Spelling[T], content: object, where: str) -> T:
    """One value; raises BadFile, naming the place, when it cannot be read."""
    if isinstance(content, bool) or not isinstance(content, str | int):
        raise BadFile(f"{where}: a text is wanted here.")
    try:
        return spelling.parse(str(content))
    except Invalid as error:
        raise BadFile(f"{where}: {error}") from None


def as_table(content: object, where: str) -> Words:
    """The content, if it is a table; else raises BadFile."""
    if not isinstance(content, Mapping):
        raise BadFile(f"{where}: a table is wanted here.")
    return content


@dataclass(frozen=True, slots=True)
class Rows:
    """Named rows of one kind: what their names are like, and their keys.

    The row's dataclass takes the name as its first argument.
    """

    kind: type[Any]
    naming: Spelling[str]
    keys: Keys

    def format(self, rows: Iterable[tuple[str, object]]) -> dict[str, object]:
        """The set fields of each row, by its name."""
        return {name: format_fields(self.keys, row) for name, row in rows}

    def parse(self, words: Words, where: str) -> dict[str, Any]:
        """Rows by name; raises BadFile where a name stands twice or a field is missing."""
        rows: dict[str, Any] = {}
        for given, content in words.items():
            place = f"{where} {quoted(given)}"
            name = parse_text(self.naming, given, place)
            if name in rows:
                raise BadFile(f"{place} is there twice.")
            values = parse_fields(self.keys, as_table(content, place), place)
            self._require_all(values, place)
            rows[name] = self.kind(name, **values)
        return rows

    def _require_all(self, values: Mapping[str, object], place: str) -> None:
        names = {key.attribute: key.name for key in self.keys}
        for field in fields(self.kind):
            wanted = field.name in names and field.default is MISSING
            if wanted and field.name not in values:
                raise BadFile(f"{place}: {quoted(names[field.name])} is missing.")

"""One TOML table, read key by key; whatever does not fit becomes one sentence for its author."""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from seg_cli.errors import UserError

E = TypeVar("E", bound=StrEnum)

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


class Table:
    """The keys of one table; each reader takes its key away, and `end` refuses what is left."""

    def __init__(self, place: str, entries: object) -> None:
        if not isinstance(entries, Mapping):
            raise UserError(f"{place} must be a table.")
        self.place = place
        self._left = dict(entries)
        self._known: list[str] = []

    def text(self, key: str, default: str | None = None) -> str:
        """A text; UserError if it is another type, or missing without a default."""
        value = self._take(key, default)
        if value is None:
            raise UserError(f"{self.place} needs {key}.")
        if not isinstance(value, str):
            raise UserError(f"{self.place}: {key} must be a text.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text that stands for a list of one; missing is the empty list."""
        value = self._take(key, [])
        entries = [value] if isinstance(value, str) else value
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise UserError(f"{self.place}: {key} must be a text or a list of texts.")
        return tuple(entries)

    def number(self, key: str, default: int) -> int:
        """A whole number."""
        value = self._take(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise UserError(f"{self.place}: {key} must be a whole number.")
        return value

    def choices(self, key: str, default: tuple[E, ...]) -> tuple[E, ...]:
        """Words of the enumeration that the members of `default` belong to."""
        if key not in self._left:
            self._known.append(key)
            return default
        kind = type(default[0])
        try:
            return tuple(kind(word) for word in self.texts(key))
        except ValueError:
            words = ", ".join(kind)
            raise UserError(f"{self.place}: {key} must be one of {words}.") from None

    def choice(self, key: str, default: E) -> E:
        """One word of the enumeration that `default` belongs to."""
        words = self.choices(key, (default,))
        if len(words) != 1:
            raise UserError(f"{self.place}: {key} must be one word.")
        return words[0]

    def addresses(self, key: str) -> tuple[str, ...]:
        """IP addresses, in canonical spelling."""
        return tuple(address_at(f"{self.place}: {key}", text) for text in self.texts(key))

    def name(self, key: str, default: str | None = None) -> str:
        """A host name in A-labels, in lower case."""
        return name_at(f"{self.place}: {key}", self.text(key, default))

    def address(self, key: str, default: str | None = None) -> str:
        """One IP address, in canonical spelling."""
        return address_at(f"{self.place}: {key}", self.text(key, default))

    def table(self, key: str) -> "Table":
        """A table inside this one; a missing one is empty."""
        return Table(f"{self.place}.{key}", self._take(key, {}))

    def named_tables(self, key: str) -> Iterator[tuple[str, "Table"]]:
        """The tables of a table whose keys are host names."""
        outer = self.table(key)
        for name, entries in outer.rest():
            place = f'{outer.place}."{name}"'
            yield name_at(place, name), Table(place, entries)

    def rest(self) -> tuple[tuple[str, object], ...]:
        """Every key not read so far, with its value as it stands."""
        rest = tuple(self._left.items())
        self._left.clear()
        return rest

    def keys_left(self) -> tuple[str, ...]:
        """Every key not read so far."""
        return tuple(self._left)

    def has(self, key: str) -> bool:
        """Whether the key is there to be read."""
        return key in self._left

    def end(self) -> None:
        """All that may be read was read: UserError names the first key that nobody asked for."""
        for key in self._left:
            known = ", ".join(self._known)
            raise UserError(f"{self.place} has no {key}; it may have: {known}.")

    def _take(self, key: str, default: object) -> object:
        self._known.append(key)
        return self._left.pop(key, default)


def name_at(place: str, text: str) -> str:
    """The host name in lower case; UserError names the place where it stands."""
    name = text.lower()
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise UserError(f"{place}: {text!r} is not a host name.")
    return name


def address_at(place: str, text: str) -> str:
    """The IP address in canonical spelling; UserError names the place where it stands."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise UserError(f"{place}: {text!r} is not an IP address.") from None

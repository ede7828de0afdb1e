"""The kinds of questions an appliance asks, as values: each renders itself and parses its answer.

`render()` is the block as printed, without the blank line that comes before every block; its last
line is the prompt at which the operator types. `parse()` takes what was typed.

    YesNo      question and [Y]> on one line
    YesNoDefault   as YesNo, with Default as a third answer
    Choice     a numbered list
    Operation  a menu of operations; Enter leaves it

The questions whose answer is typed in full stand in dialogue/entries.py.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import ClassVar, Generic, TypeVar

from seg_cli.errors import Invalid
from seg_cli.printable import printable

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

VALUE_MISSING = "You must enter a value."
NOT_YES_OR_NO = "Please answer Yes or No."
NOT_YES_NO_OR_DEFAULT = "Please answer Yes, No or Default."
NOT_IN_LIST = "That value is not valid."
CHOOSE_OPERATION = "Choose the operation you want to perform:"

LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Question(ABC, Generic[T_co]):
    """Something to ask.

    key: its name within the command, and the name of its answer in batch.
    opens: the keys of the questions that are asked only after a yes to this one.
    """

    shown: ClassVar[bool] = True
    """Whether the answer may be seen while it is typed."""

    has_lines: ClassVar[bool] = False
    """Whether the answer is typed as lines, up to END_OF_PASTE."""

    modifies: ClassVar[bool] = True
    """Whether the question stands in the middle of a change; a menu stands between two."""

    key: str
    opens: tuple[str, ...] = field(default=(), kw_only=True)

    @abstractmethod
    def render(self) -> str:
        """The block as printed; it ends in `[default]> `."""

    @abstractmethod
    def parse(self, text: str) -> T_co:
        """The answer; Enter takes the default. Raises Invalid with the sentence to print."""

    def parse_batch(self, text: str) -> T_co:
        """The answer as a batch line spells it. Raises Invalid, as `parse` does."""
        return self.parse(text)


@dataclass(frozen=True, slots=True)
class YesNo(Question[bool]):
    """A question that Enter answers by its default."""

    prompt: str
    default: bool = field(kw_only=True)

    def render(self) -> str:
        return f"{self.prompt} [{'Y' if self.default else 'N'}]> "

    def parse(self, text: str) -> bool:
        match text.strip().lower():
            case "":
                return self.default
            case "y" | "yes":
                return True
            case "n" | "no":
                return False
        raise Invalid(NOT_YES_OR_NO)

    def parse_batch(self, text: str) -> bool:
        switch = {"on": "yes", "off": "no"}
        return self.parse(switch.get(text.lower(), text))


@dataclass(frozen=True, slots=True)
class YesNoDefault(Question[bool | None]):
    """A question whose third answer, Default, is None: another row or profile decides."""

    prompt: str
    default: bool | None = field(kw_only=True)

    def render(self) -> str:
        shown = {True: "Y", False: "N", None: "Default"}[self.default]
        return f"{self.prompt} [{shown}]> "

    def parse(self, text: str) -> bool | None:
        match text.strip().lower():
            case "":
                return self.default
            case "y" | "yes":
                return True
            case "n" | "no":
                return False
            case "d" | "default":
                return None
        raise Invalid(NOT_YES_NO_OR_DEFAULT)


@dataclass(frozen=True, slots=True)
class Item(Generic[T_co]):
    """One line of a numbered list; `batch` is how a batch line spells it, if it does."""

    text: str
    value: T_co
    batch: str = ""


class Layout(Enum):
    """Where the question of a numbered list stands."""

    HEADING = auto()
    """Above the items."""

    BELOW = auto()
    """Between the items and the prompt."""

    NOWHERE = auto()
    """There is none."""


@dataclass(frozen=True, slots=True)
class Choice(Question[T]):
    """A numbered list; the answer is the value of one item. Without a default Enter is refused."""

    prompt: str
    items: tuple[Item[T], ...]
    default: T | None = field(default=None, kw_only=True)
    layout: Layout = field(default=Layout.HEADING, kw_only=True)

    def render(self) -> str:
        items = [f"{number}. {item.text}" for number, item in enumerate(self.items, 1)]
        match self.layout:
            case Layout.HEADING:
                lines = [self.prompt, *items]
            case Layout.BELOW:
                lines = [*items, self.prompt]
            case Layout.NOWHERE:
                lines = items
        number = next((n for n, item in enumerate(self.items, 1) if item.value == self.default), "")
        return "\n".join([*lines, f"[{number}]> "])

    def parse(self, text: str) -> T:
        text = text.strip()
        if not text:
            return or_missing(self.default)
        number = integer(text)
        if number is None:
            return self._named(text)
        if not 1 <= number <= len(self.items):
            raise Invalid(NOT_IN_LIST)
        return self.items[number - 1].value

    def parse_batch(self, text: str) -> T:
        for item in self.items:
            if item.batch and item.batch.lower() == text.lower():
                return item.value
        return self.parse(text)

    def _named(self, text: str) -> T:
        """The item whose whole text this is, or the only one that begins with it."""
        names = {item.text.lower(): item for item in self.items}
        found = matching(text.lower(), names)
        if found is None:
            raise Invalid(NOT_IN_LIST)
        return names[found].value


@dataclass(frozen=True, slots=True)
class Operation(Question[str | None]):
    """A menu of operations, each (NAME, description); the answer is a NAME, or None to leave.

    `state` are the lines above the menu that say how things stand; they belong to the menu because
    both are printed again after each operation.
    """

    modifies: ClassVar[bool] = False

    operations: tuple[tuple[str, str], ...]
    state: tuple[str, ...] = field(default=(), kw_only=True)

    def render(self) -> str:
        state = [*self.state, ""] if self.state else []
        menu = [f"- {name} - {description}" for name, description in self.operations]
        return "\n".join([*state, CHOOSE_OPERATION, *menu, "[]> "])

    def parse(self, text: str) -> str | None:
        text = text.strip()
        if not text:
            return None
        name = matching(text.upper(), [name for name, _ in self.operations])
        if name is None:
            raise Invalid(f'Unknown option "{printable(text)}".')
        return name


def matching(typed: str, names: Collection[str]) -> str | None:
    """The name that was typed in full, or the only one that begins so; None for none or several."""
    if typed in names:
        return typed
    beginning = [name for name in names if name.startswith(typed)]
    return beginning[0] if len(beginning) == 1 else None


def or_missing(default: T | None) -> T:
    if default is None:
        raise Invalid(VALUE_MISSING)
    return default


def integer(text: str) -> int | None:
    """The number, or None for anything but ASCII digits (`int` takes signs and foreign digits)."""
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        return int(text)
    return None

"""The questions whose answer is typed in full: text, numbers, hosts, secrets, pasted files.

Line       free text
Number     an integer within a range
Host       a domain name or an address
Secret     a line that is not shown
Paste      several lines
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from seg_cli.dialogue.hosts import HostForm, parse_host
from seg_cli.dialogue.questions import Question, integer, or_missing
from seg_cli.errors import Invalid

T = TypeVar("T")

END_OF_PASTE = "."


def as_typed(text: str) -> str:
    """The check of a line that may hold anything."""
    return text


@dataclass(frozen=True, slots=True)
class Line(Question[str]):
    """Free text. A default of "" makes the answer optional, None makes it mandatory.

    `check` returns the value to keep, or raises Invalid; the default is not checked.
    """

    prompt: str
    default: str | None = field(default=None, kw_only=True)
    check: Callable[[str], str] = field(default=as_typed, kw_only=True)

    def render(self) -> str:
        return f"{self.prompt}\n[{self.default or ''}]> "

    def parse(self, text: str) -> str:
        text = text.strip()
        return self.check(text) if text else or_missing(self.default)


@dataclass(frozen=True, slots=True)
class Number(Question[int]):
    """An integer from `low` to `high`. Without a default Enter is refused."""

    prompt: str
    low: int = field(kw_only=True)
    high: int = field(kw_only=True)
    default: int | None = field(default=None, kw_only=True)

    def render(self) -> str:
        return f"{self.prompt}\n[{'' if self.default is None else self.default}]> "

    def parse(self, text: str) -> int:
        text = text.strip()
        if not text:
            return or_missing(self.default)
        number = integer(text)
        if number is None or not self.low <= number <= self.high:
            raise Invalid(f"The value must be an integer from {self.low} to {self.high}.")
        return number


@dataclass(frozen=True, slots=True)
class Host(Question[str]):
    """A domain name or an address, kept in lower-case A-labels. Defaults are as for Line."""

    prompt: str
    forms: frozenset[HostForm] = field(default=frozenset({HostForm.HOSTNAME}), kw_only=True)
    default: str | None = field(default=None, kw_only=True)

    def render(self) -> str:
        return f"{self.prompt}\n[{self.default or ''}]> "

    def parse(self, text: str) -> str:
        text = text.strip()
        return parse_host(text, self.forms) if text else or_missing(self.default)


@dataclass(frozen=True, slots=True)
class Secret(Question[str]):
    """A line that is not shown while it is typed; blanks are part of it."""

    shown: ClassVar[bool] = False

    prompt: str

    def render(self) -> str:
        return f"{self.prompt}\n[]> "

    def parse(self, text: str) -> str:
        return or_missing(text or None)


@dataclass(frozen=True, slots=True)
class Paste(Question[T]):
    """Any number of lines, typed without a prompt; a line that holds nothing but a dot ends them.

    `check` makes the answer of the text, or raises Invalid.
    """

    has_lines: ClassVar[bool] = True

    prompt: str
    check: Callable[[str], T]

    def render(self) -> str:
        return f"{self.prompt} (end with '{END_OF_PASTE}'):\n"

    def parse(self, text: str) -> T:
        return self.check(or_missing(text if text.strip() else None))

"""One line of a transcript against one line of text: `<...>`, typed captures, all else literal.

    <...>           any text, or none
    <name:type>     a capture; the second use of a name must be equal
    <name:re/…/>    a capture by a regular expression of the author's

Types: int ip host ts word hex text. Anything else in angle brackets is literal, so
`<user@example.com>` needs no escape.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Captures = Mapping[str, str]
"""What the captures of a transcript hold so far, by name."""

TYPES = {
    "int": r"-?[0-9]+",
    "ip": r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)",
    "host": r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?",
    "ts": r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}",
    "word": r"\S+",
    "hex": r"[0-9A-Fa-f]+",
    "text": r".+",
}
"""The types of captures; `ts` is the time stamp of mail_logs (mail-logs: ctime form)."""

_SPECIAL = re.compile(
    r"<\.\.\.>"
    rf"|<(?P<name>(?!secret:)[A-Za-z_][A-Za-z0-9_-]*):(?:(?P<type>{'|'.join(TYPES)})"
    r"|re/(?P<expression>.*?)/)>"
)


class BadPattern(ValueError):
    """The regular expression of a `<name:re/…/>` capture does not compile."""


@dataclass(frozen=True, slots=True)
class AnyText:
    """`<...>`"""

    source: str


@dataclass(frozen=True, slots=True)
class Capture:
    """`<name:type>`; `expression` is the regular expression of the type."""

    source: str
    name: str
    expression: str


Part = str | AnyText | Capture


@dataclass(frozen=True, slots=True)
class Pattern:
    """A line of a transcript, read; strings are literal."""

    parts: tuple[Part, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The captures of the line, in order, once for each use."""
        return tuple(part.name for part in self.parts if isinstance(part, Capture))

    @property
    def source(self) -> str:
        """The line as it stands in the file."""
        return "".join(part if isinstance(part, str) else part.source for part in self.parts)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block, where it stands in the file, and how it is read."""

    number: int
    text: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A line split by the prompt it begins with; `answer` is the rest, captures filled in."""

    answer: str
    captures: Captures


def parse_pattern(line: str) -> Pattern:
    """The line as a pattern; raises BadPattern with a sentence."""
    parts: list[Part] = []
    end = 0
    for special in _SPECIAL.finditer(line):
        if special.start() > end:
            parts.append(line[end : special.start()])
        parts.append(_special_part(special))
        end = special.end()
    if end < len(line):
        parts.append(line[end:])
    return Pattern(tuple(parts))


def match(pattern: Pattern, text: str, captures: Captures) -> Captures | None:
    """The captures after the whole text matched, with those held before; None if it does not."""
    found = _expression(pattern.parts, captures).fullmatch(text)
    return None if found is None else _bound(pattern.parts, found, captures)


def occurs(pattern: Pattern, text: str, captures: Captures) -> bool:
    """Whether the pattern matches anywhere within the text."""
    return _expression(pattern.parts, captures).search(text) is not None


def split_prompt(pattern: Pattern, prompt: str, captures: Captures) -> AnswerLine | None:
    """The answer on a line that begins with the prompt; None if the line does not.

    The longest beginning that matches the whole prompt is the prompt. A line that equals the
    prompt without its last blank is Enter, because editors and pastes strip it.
    """
    if prompt.endswith(" "):
        stripped = match(pattern, prompt.removesuffix(" "), captures)
        if stripped is not None:
            return AnswerLine("", stripped)
    for beginning, rest in _cuts(pattern):
        bound = match(beginning, prompt, captures)
        if bound is not None:
            return AnswerLine(fill(rest, bound), bound)
    return None


def fill(pattern: Pattern, captures: Captures) -> str:
    """The line with each capture that holds something replaced by what it holds."""
    return "".join(
        captures.get(part.name, part.source) if isinstance(part, Capture) else _source(part)
        for part in pattern.parts
    )


def _source(part: str | AnyText) -> str:
    return part if isinstance(part, str) else part.source


def _special_part(special: re.Match[str]) -> Part:
    source, name = special.group(), special["name"]
    if name is None:
        return AnyText(source)
    if special["type"]:
        return Capture(source, name, TYPES[special["type"]])
    try:
        re.compile(f"-(?P<capture_0>{special['expression']})")
    except re.error as error:
        raise BadPattern(f"{source} is not a regular expression: {error}") from None
    return Capture(source, name, special["expression"])


def _cuts(pattern: Pattern) -> Iterator[tuple[Pattern, Pattern]]:
    """Every way to cut the line in two, the longest beginning first; captures stay whole."""
    for number in range(len(pattern.parts), 0, -1):
        *before, last = pattern.parts[:number]
        after = pattern.parts[number:]
        yield Pattern((*before, last)), Pattern(after)
        if isinstance(last, str):
            for length in range(len(last) - 1, 0, -1):
                yield Pattern((*before, last[:length])), Pattern((last[length:], *after))
    yield Pattern(()), pattern


def _expression(parts: tuple[Part, ...], captures: Captures) -> re.Pattern[str]:
    """One regular expression for the line; a name bound before, or earlier in it, is literal."""
    groups: dict[str, str] = {}
    pieces = []
    for part in parts:
        match part:
            case str():
                pieces.append(re.escape(part))
            case AnyText():
                pieces.append(".*")
            case Capture(name=name) if name in captures:
                pieces.append(re.escape(captures[name]))
            case Capture(name=name) if name in groups:
                pieces.append(f"(?P={groups[name]})")
            case Capture(name=name, expression=expression):
                groups[name] = f"capture_{len(groups)}"
                pieces.append(f"(?P<{groups[name]}>{expression})")
    return re.compile("".join(pieces), re.DOTALL)


def _bound(parts: tuple[Part, ...], found: re.Match[str], captures: Captures) -> Captures:
    names = dict.fromkeys(part.name for part in parts if isinstance(part, Capture))
    fresh = [name for name in names if name not in captures]
    return {**captures, **{name: found[f"capture_{n}"] for n, name in enumerate(fresh)}}

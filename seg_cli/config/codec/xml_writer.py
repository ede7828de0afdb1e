"""A configuration written as the XML file that showconfig, saveconfig and the store use.

Line by line: a tree of elements takes twice the time, and tables hold up to 40,000 rows.
"""

from collections.abc import Iterable, Mapping
from typing import assert_never

from seg_cli.config.codec.layout import LAYOUT, NAME, VALUE, Layout, Ranking, Table, Text
from seg_cli.config.codec.secrets import Change, plain, with_secrets
from seg_cli.config.codec.words import as_words
from seg_cli.config.tree import Config
from seg_cli.printable import printable

ENCODING = "ISO-8859-1"
STEP = "  "


def to_xml(config: Config, header: Iterable[str] = (), protect: Change = plain) -> bytes:
    """The file; each line of the header becomes one line of the comment before the root.

    `protect` says what stands for each secret.
    Unprintable characters of the header are escaped, and so is `--`, which would end it.
    """
    lines = [
        f'<?xml version="1.0" encoding="{ENCODING}"?>',
        '<!DOCTYPE config SYSTEM "config.dtd">',
        "<!--",
        *(f"{STEP}{_comment_line(line)}" for line in header),
        "-->",
        "<config>",
    ]
    _write(lines, LAYOUT, with_secrets(as_words(config), protect), STEP)
    lines += ["</config>", ""]
    return "\n".join(lines).encode(ENCODING, "xmlcharrefreplace")


def _comment_line(line: str) -> str:
    return printable(line).replace("--", r"\u002d\u002d")


def _write(lines: list[str], layout: Layout, words: Mapping[str, object], indent: str) -> None:
    """Add the elements of a layout to the lines of a file."""
    for tag, node in layout.items():
        match node:
            case Text():
                text = _at(words, node.path) or node.unset
                if text is not None:
                    lines.append(_text_element(f"{indent}<{tag}", tag, str(text)))
                continue
            case Table():
                start = _open(lines, tag, indent)
                _write_rows(lines, node, words, indent + STEP)
            case Ranking():
                start = _open(lines, tag, indent)
                _write_ranking(lines, node, words, indent + STEP)
            case Mapping():
                start = _open(lines, tag, indent)
                _write(lines, node, words, indent + STEP)
            case _:
                assert_never(node)
        _close(lines, tag, indent, start)


def _text_element(opening: str, tag: str, text: str) -> str:
    return f"{opening}>{_escaped(text)}</{tag}>" if text else f"{opening} />"


def _open(lines: list[str], tag: str, indent: str) -> int:
    """Begin an element; returns how many lines there are before its content."""
    lines.append(f"{indent}<{tag}>")
    return len(lines)


def _close(lines: list[str], tag: str, indent: str, start: int) -> None:
    if len(lines) == start:
        lines[-1] = f"{indent}<{tag} />"
    else:
        lines.append(f"{indent}</{tag}>")


def _write_rows(lines: list[str], table: Table, words: Mapping[str, object], indent: str) -> None:
    for name, content in _rows(words, table.path):
        fields = content if isinstance(content, Mapping) else {VALUE: content}
        start = _open(lines, table.row, indent)
        _write(lines, table.fields, {NAME: name, **fields}, indent + STEP)
        _close(lines, table.row, indent, start)


def _write_ranking(
    lines: list[str], ranking: Ranking, words: Mapping[str, object], indent: str
) -> None:
    for name, rank in _rows(words, ranking.path):
        opening = f'{indent}<{ranking.row} {ranking.attribute}="{_escaped(str(rank))}"'
        lines.append(_text_element(opening, ranking.row, name))


def _escaped(text: str) -> str:
    """The text as it stands in an element, or between double quotes."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def _rows(words: Mapping[str, object], path: tuple[str, ...]) -> list[tuple[str, object]]:
    table = _at(words, path)
    return list(table.items()) if isinstance(table, Mapping) else []


def _at(words: Mapping[str, object], path: tuple[str, ...]) -> object | None:
    """What stands at a path; None where there is nothing."""
    content: object | None = words.get(path[0])
    for name in path[1:]:
        content = content.get(name) if isinstance(content, Mapping) else None
    return content

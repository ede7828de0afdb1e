"""A configuration written as the XML file that showconfig, saveconfig and the store use."""

from collections.abc import Iterable, Mapping
from typing import assert_never
from xml.etree import ElementTree as ET

from seg_cli.config.codec.layout import LAYOUT, NAME, VALUE, Layout, Ranking, Table, Text
from seg_cli.config.codec.secrets import Change, plain, with_secrets
from seg_cli.config.codec.words import as_words
from seg_cli.config.tree import Config
from seg_cli.printable import printable

ENCODING = "ISO-8859-1"


def to_xml(config: Config, header: Iterable[str] = (), protect: Change = plain) -> bytes:
    """The file; each line of the header becomes one line of the comment before the root.

    `protect` says what stands for each secret.
    Unprintable characters of the header are escaped, and so is `--`, which would end it.
    """
    root = ET.Element("config")
    _write(root, LAYOUT, with_secrets(as_words(config), protect))
    ET.indent(root)
    lines = "".join(f"  {_comment_line(line)}\n" for line in header)
    text = (
        f'<?xml version="1.0" encoding="{ENCODING}"?>\n'
        '<!DOCTYPE config SYSTEM "config.dtd">\n'
        f"<!--\n{lines}-->\n"
        f"{ET.tostring(root, encoding='unicode')}\n"
    )
    return text.encode(ENCODING, "xmlcharrefreplace")


def _comment_line(line: str) -> str:
    return printable(line).replace("--", r"\u002d\u002d")


def _write(parent: ET.Element, layout: Layout, words: Mapping[str, object]) -> None:
    for tag, node in layout.items():
        match node:
            case Text():
                text = _at(words, node.path) or node.unset
                if text is not None:
                    ET.SubElement(parent, tag).text = str(text)
            case Table():
                _write_table(ET.SubElement(parent, tag), node, words)
            case Ranking():
                element = ET.SubElement(parent, tag)
                for name, text in _rows(words, node.path):
                    row = ET.SubElement(element, node.row, {node.attribute: str(text)})
                    row.text = name
            case Mapping():
                _write(ET.SubElement(parent, tag), node, words)
            case _:
                assert_never(node)


def _write_table(element: ET.Element, table: Table, words: Mapping[str, object]) -> None:
    for name, content in _rows(words, table.path):
        fields = content if isinstance(content, Mapping) else {VALUE: content}
        _write(ET.SubElement(element, table.row), table.fields, {NAME: name, **fields})


def _rows(words: Mapping[str, object], path: tuple[str, ...]) -> list[tuple[str, object]]:
    table = _at(words, path)
    return list(table.items()) if isinstance(table, Mapping) else []


def _at(words: Mapping[str, object], path: tuple[str, ...]) -> object | None:
    content: object | None = words
    for name in path:
        content = content.get(name) if isinstance(content, Mapping) else None
    return content

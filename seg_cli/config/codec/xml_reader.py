"""A configuration read from an XML file: bytes from outside, refused at the first thing unknown.

Entities, an internal DTD subset, depth and size are refused before anything is built from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from seg_cli.config.codec.layout import LAYOUT, NAME, VALUE, Layout, Ranking, Table, Text
from seg_cli.config.codec.secrets import Change, plain, with_secrets
from seg_cli.config.codec.spellings import quoted
from seg_cli.config.codec.text_file import MOST_BYTES
from seg_cli.config.codec.words import from_words
from seg_cli.config.tree import Config
from seg_cli.errors import BadFile

MOST_DEPTH = 8
MOST_ELEMENTS = 1_500_000

Words = dict[str, object]


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """What a file says: the configuration, and the lines of the comment before it."""

    config: Config
    header: tuple[str, ...]


def read_file(data: bytes, base: Config | None = None, reveal: Change = plain) -> ConfigFile:
    """The content of a file; areas it does not hold are the base's, else the factory's.

    `reveal` makes each secret of what stands in its place; it may raise BadFile.
    The lines of the header come without their indentation. Raises BadFile with a sentence for
    anything that is not such a file.
    """
    tree = _Tree.grown(data)
    if tree.root.tag != "config":
        raise BadFile(f"The file holds {quoted(tree.root.tag)}, not a configuration.")
    words: Words = {}
    _read(tree.root, LAYOUT, words)
    header = tuple(line.strip() for line in tree.header.strip("\n").split("\n"))
    return ConfigFile(from_words(with_secrets(words, reveal), base or Config()), header)


def from_xml(data: bytes, base: Config | None = None) -> Config:
    """The configuration in a file, as `read_file` reads it."""
    return read_file(data, base).config


class _Tree(ET.TreeBuilder):
    """Builds elements as far as the allowed depth, and keeps the first comment."""

    def __init__(self) -> None:
        super().__init__()
        self.header = ""
        self._depth = 0
        self._elements = 0
        self._root: ET.Element | None = None

    @classmethod
    def grown(cls, data: bytes) -> "_Tree":
        if len(data) > MOST_BYTES:
            raise BadFile(f"The file is larger than {MOST_BYTES} bytes.")
        tree = cls()
        parser = _Parser(target=tree)
        try:
            parser.feed(data)
            parser.close()
        except ET.ParseError as error:
            line, column = error.position
            raise BadFile(f"The file is not XML: line {line}, column {column + 1}.") from None
        except DefusedXmlException:
            raise BadFile("The file declares entities or its own grammar.") from None
        except (ValueError, LookupError):
            raise BadFile("The file is in an encoding that cannot be read.") from None
        return tree

    @property
    def root(self) -> ET.Element:
        if self._root is None:
            raise BadFile("The file is empty.")
        return self._root

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self._depth += 1
        self._elements += 1
        if self._depth > MOST_DEPTH:
            raise BadFile(f"The file nests elements more than {MOST_DEPTH} deep.")
        if self._elements > MOST_ELEMENTS:
            raise BadFile(f"The file holds more than {MOST_ELEMENTS} elements.")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self._depth -= 1
        return super().end(tag)

    def close(self) -> ET.Element:
        self._root = super().close()
        return self._root

    def comment(self, text: str | None, /) -> ET.Element:
        self.header = self.header or text or ""
        return super().comment(text)


class _Parser(DefusedXMLParser):
    """Lets the document type pass that the appliance writes, but no declarations within it."""

    def __init__(self, target: _Tree) -> None:
        super().__init__(target=target, forbid_dtd=True)

    def defused_start_doctype_decl(
        self,
        name: str,
        sysid: str | None,
        pubid: str | None,
        has_internal_subset: bool,  # noqa: FBT001 - the parser's own signature
    ) -> None:
        if has_internal_subset:
            super().defused_start_doctype_decl(name, sysid, pubid, has_internal_subset)


def _read(element: ET.Element, layout: Layout, words: Words) -> None:
    seen = set[str]()
    for child in element:
        node = layout.get(child.tag)
        if node is None:
            raise BadFile(f"The element {quoted(child.tag)} in {quoted(element.tag)} is not known.")
        if child.tag in seen:
            raise BadFile(f"The element {quoted(child.tag)} is there twice.")
        seen.add(child.tag)
        match node:
            case Text():
                _read_text(child, node, words)
            case Table():
                _read_table(child, node, _table_at(words, node.path))
            case Ranking():
                _read_ranking(child, node, _table_at(words, node.path))
            case Mapping():
                _read(child, node, words)
            case _:
                assert_never(node)


def _read_text(element: ET.Element, node: Text, words: Words) -> None:
    table = _table_at(words, node.path[:-1])
    text = _text(element)
    if text != node.unset:
        table[node.path[-1]] = text


def _read_table(element: ET.Element, table: Table, rows: Words) -> None:
    for child in element:
        fields: Words = {}
        _read(_row(child, table.row), table.fields, fields)
        name = str(fields.pop(NAME, ""))
        _add(rows, name, fields.pop(VALUE, fields))


def _read_ranking(element: ET.Element, ranking: Ranking, rows: Words) -> None:
    for child in element:
        _add(rows, _text(_row(child, ranking.row)), child.get(ranking.attribute, "0"))


def _row(element: ET.Element, tag: str) -> ET.Element:
    if element.tag != tag:
        raise BadFile(f"The element {quoted(element.tag)} stands where {quoted(tag)} should.")
    return element


def _add(rows: Words, name: str, content: object) -> None:
    if name in rows:
        raise BadFile(f"{quoted(name)} is there twice.")
    rows[name] = content


def _text(element: ET.Element) -> str:
    if len(element):
        raise BadFile(f"The element {quoted(element.tag)} holds elements where text should be.")
    return (element.text or "").strip()


def _table_at(words: Words, path: tuple[str, ...]) -> Words:
    table = words
    for name in path:
        inner = table.setdefault(name, {})
        assert isinstance(inner, dict)
        table = inner
    return table

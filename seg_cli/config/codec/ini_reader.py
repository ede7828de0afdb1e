"""The INI file of `destconfig > IMPORT`: outside bytes, refused at the first wrong line.

[DEFAULT] comes first and says everything but what may be left out of it; then a section a domain,
where a key that is absent means "use default" (user guide; cli-core s2.10).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from seg_cli.config.codec.areas import DEFAULT_ROW
from seg_cli.config.codec.keys import DEFAULT_ROW_KEYS, DESTINATION_KEYS, Key
from seg_cli.config.codec.spellings import DOMAIN, quoted
from seg_cli.config.codec.text_file import BLANKS, bad_line, numbered_lines
from seg_cli.config.destinations import (
    MOST_ENTRIES,
    DestinationControl,
    DestinationSettings,
    DestinationTable,
)
from seg_cli.config.tree import Config
from seg_cli.errors import BadFile, Invalid
from seg_cli.terms import DaneMode, MtaStsSupport, TlsMode

MAY_BE_ABSENT = frozenset(
    {"recipient_minutes", "recipient_limit", "certificate", "dane", "mta_sts"}
)
"""What [DEFAULT] need not say: no recipient limit, the Demo certificate, None and Off."""

NEEDS = MappingProxyType(
    {
        "max_host_concurrency": ("limit_type", "limit_apply"),
        "recipient_limit": ("recipient_minutes", "limit_type", "limit_apply"),
    }
)
"""What a limit of a domain must be accompanied by."""

_HEADING = re.compile(r"\[([^\[\]]*)\]")
_DEFAULT = {key.name: key for key in DEFAULT_ROW_KEYS}
_ENTRY = {key.name: key for key in DESTINATION_KEYS}


@dataclass(slots=True)
class _Section:
    """One section: its heading's line, its keys, and what was read so far, by attribute."""

    name: str
    line: int
    keys: Mapping[str, Key]
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def add(self, number: int, text: str) -> None:
        name, equals, content = text.partition("=")
        name = name.strip(BLANKS).lower()
        if not equals:
            raise bad_line(number, f"{quoted(text)} is neither a section nor key = value.")
        if name not in self.keys:
            raise bad_line(number, f"{quoted(name)} is not known in [{self.name}].")
        if name in self.lines:
            raise bad_line(
                number, f"{quoted(name)} is there twice, first in line {self.lines[name]}."
            )
        self.lines[name] = number
        key = self.keys[name]
        try:
            self.values[key.attribute] = key.spelling.parse(content.strip(BLANKS))
        except Invalid as error:
            raise bad_line(number, f"{name}: {error}") from None

    def refusal(self, name: str, why: str) -> BadFile:
        """The refusal of the file for what this key says."""
        return bad_line(self.lines[name], why)


def from_ini(data: bytes, config: Config) -> DestinationTable:
    """The table that a file holds; bounce profiles and certificates must be those of `config`.

    Raises BadFile, with a sentence that names the line, for anything that is not such a file.
    """
    sections = _sections(data)
    default = next(sections, None)
    if default is None:
        raise BadFile(f"There is no section [{DEFAULT_ROW}].")
    _check_complete(default)
    row = DestinationSettings(**_values(default, config))
    entries = {
        section.name: DestinationControl(section.name, **_values(section, config))
        for section in sections
    }
    return DestinationTable(MappingProxyType(entries), row)


def _sections(data: bytes) -> Iterator[_Section]:
    """Each section once it is complete."""
    seen: dict[str, int] = {}
    section: _Section | None = None
    for number, text in numbered_lines(data):
        if text.startswith("["):
            if section is not None:
                yield section
            section = _opened(number, text)
            _check_place(section, seen)
            seen[section.name] = number
        elif section is None:
            raise bad_line(number, f"[{DEFAULT_ROW}] must come before this.")
        else:
            section.add(number, text)
    if section is not None:
        yield section


def _opened(number: int, text: str) -> _Section:
    heading = _HEADING.fullmatch(text)
    if heading is None:
        raise bad_line(number, f"{quoted(text)} is not a section.")
    name = heading[1].strip(BLANKS)
    if name.upper() == DEFAULT_ROW:
        return _Section(DEFAULT_ROW, number, _DEFAULT)
    try:
        return _Section(DOMAIN.parse(name), number, _ENTRY)
    except Invalid as error:
        raise bad_line(number, str(error)) from None


def _check_place(section: _Section, seen: Mapping[str, int]) -> None:
    """Raises BadFile for a section where none, or none of this name, may stand."""
    if first := seen.get(section.name):
        raise bad_line(section.line, f"[{section.name}] is there twice, first in line {first}.")
    if not seen and section.name != DEFAULT_ROW:
        raise bad_line(section.line, f"[{DEFAULT_ROW}] must be the first section.")
    if len(seen) > MOST_ENTRIES:
        raise bad_line(section.line, f"there are more than {MOST_ENTRIES} entries.")


def _check_complete(default: _Section) -> None:
    for name in _DEFAULT:
        if name not in default.lines and name not in MAY_BE_ABSENT:
            raise bad_line(default.line, f"[{DEFAULT_ROW}] does not say {quoted(name)}.")


def _values(section: _Section, config: Config) -> dict[str, Any]:
    """What the section sets, by attribute, if it makes sense as a whole."""
    for name, needed in NEEDS.items():
        missing = [other for other in needed if other not in section.lines]
        if missing and name in section.lines:
            raise section.refusal(name, f"{quoted(name)} needs {quoted(missing[0])} beside it.")
    _check_security(section)
    _check_known(section, "bounce_profile", config.bounce_profiles, "bounce profile")
    _check_known(section, "certificate", config.certificates.names, "certificate")
    return section.values


def _check_security(section: _Section) -> None:
    """DANE and MTA STS cannot be configured where TLS is off (AOS-29)."""
    if section.values.get("tls") is not TlsMode.NO:
        return
    for name, off in (("dane", DaneMode.NONE), ("mta_sts", MtaStsSupport.OFF)):
        if section.values.get(name, off) is not off:
            raise section.refusal(name, f"{quoted(name)} needs a {quoted('table_tls')} that is on.")


def _check_known(section: _Section, name: str, known: Collection[str], kind: str) -> None:
    value = section.values.get(name)
    if value is not None and value not in known:
        raise section.refusal(name, f"the {kind} {quoted(value)} does not exist.")

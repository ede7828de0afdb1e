"""The destination control table written as the INI file of `destconfig > EXPORT`."""

from seg_cli.config.codec.areas import DEFAULT_ROW
from seg_cli.config.codec.fields import format_fields
from seg_cli.config.codec.keys import DEFAULT_ROW_KEYS, DESTINATION_KEYS, Keys
from seg_cli.config.destinations import DestinationTable

_ITS_OWN_WORDS = {("table_tls", "require"): "required"}
"""Where the INI file has another word than batch lines and the XML file."""


def to_ini(table: DestinationTable) -> bytes:
    """The file: [DEFAULT] first, then a section a domain, in alphabetical order."""
    sections = [
        _section(DEFAULT_ROW, DEFAULT_ROW_KEYS, table.default),
        *(
            _section(domain, DESTINATION_KEYS, entry)
            for domain, entry in sorted(table.entries.items())
        ),
    ]
    return "\n".join(sections).encode("ascii")


def _section(name: str, keys: Keys, row: object) -> str:
    words = ((key, str(word)) for key, word in format_fields(keys, row).items())
    lines = [f"{key} = {_ITS_OWN_WORDS.get((key, word), word)}\n" for key, word in words]
    return f"[{name}]\n{''.join(lines)}"

"""Configuration as words: for each command a table of names and texts, as transcripts show it.

`{"destconfig": {"domain.com": {"table_tls": "on"}, "DEFAULT": {…}}, "smtproutes": {…}, …}`.
Settings at "Default" and proxies that are not used are absent.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from seg_cli.config.changes import AREAS
from seg_cli.config.codec.areas import AREA_CODECS
from seg_cli.config.codec.fields import Words, as_table
from seg_cli.config.codec.spellings import quoted
from seg_cli.config.tree import Config
from seg_cli.errors import BadFile


def as_words(config: Config) -> dict[str, dict[str, object]]:
    """Every setting of every area as text, by command."""
    return {
        area: AREA_CODECS[area].format(getattr(config, attribute))
        for area, attribute in AREAS.items()
    }


def from_words(words: Words, base: Config) -> Config:
    """The base with each area that has words replaced by what they say.

    Raises BadFile, naming the place, for an unknown name or a text that cannot be read.
    """
    areas: dict[str, Any] = {}
    for area, content in words.items():
        if area not in AREAS:
            raise BadFile(f"{quoted(area)} is not a command that configures an area.")
        areas[AREAS[area]] = AREA_CODECS[area].parse(as_table(content, area), area)
    return replace(base, **areas)


def with_words(config: Config, words: Words) -> Config:
    """The configuration with only the settings that are named changed; raises as `from_words`."""
    return from_words(_merged(as_words(config), words), config)


def _merged(old: Words, new: Words) -> dict[str, object]:
    merged = dict(old)
    for name, content in new.items():
        before = merged.get(name)
        if isinstance(before, Mapping) and isinstance(content, Mapping):
            merged[name] = _merged(before, content)
        else:
            merged[name] = content
    return merged

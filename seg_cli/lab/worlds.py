"""The worlds shipped with the package, as tables: worlds/<name>.toml and the parts it is made of.

A part is a file in worlds/parts/ that holds one group of domains: its `title` becomes the group
of each of them.
"""

import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from seg_cli.errors import UserError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Tables = Mapping[str, object]


def shipped(name: str) -> dict[str, object]:
    """The tables of a world, its parts laid in; UserError lists the worlds if it is none."""
    worlds = _files("worlds")
    if name not in worlds:
        raise UserError(f"There is no lab named {name!r}; there are: {', '.join(sorted(worlds))}.")
    tables = _tables(worlds[name])
    parts = tables.pop("parts", [])
    assert isinstance(parts, list)
    shelf = _files("worlds/parts") if parts else {}
    for part in parts:
        tables = overlay(tables, _grouped(_tables(shelf[part])))
    return tables


def world_names() -> tuple[str, ...]:
    """The worlds shipped with the package, sorted."""
    return tuple(sorted(_files("worlds")))


def overlay(base: Tables, over: Tables) -> dict[str, object]:
    """Tables merge, other values replace, `false` takes away."""
    merged = dict(base)
    for key, value in over.items():
        if isinstance(value, Mapping):
            below = merged.get(key)
            merged[key] = overlay(below if isinstance(below, Mapping) else {}, value)
        elif value is False:
            merged.pop(key, None)
        else:
            merged[key] = value
    return merged


def _grouped(part: dict[str, object]) -> dict[str, object]:
    """A part without its title, which each of its domains has instead."""
    title = part.pop("title")
    domains = part["domains"]
    assert isinstance(domains, dict)
    return overlay(part, {"domains": {name: {"group": title} for name in domains}})


def _files(folder: str) -> "dict[str, Traversable]":
    from importlib.resources import files  # noqa: PLC0415 - 15 ms that most commands never need

    return {
        file.name.removesuffix(".toml"): file
        for file in files("seg_cli.lab").joinpath(folder).iterdir()
        if file.name.endswith(".toml")
    }


def _tables(file: "Traversable") -> dict[str, object]:
    return tomllib.loads(file.read_text("utf-8"))

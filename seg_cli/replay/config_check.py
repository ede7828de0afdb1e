"""A configuration held against a `config` block: what the block names must be there."""

from collections.abc import Mapping


def differences(expected: Mapping[str, object], actual: Mapping[str, object]) -> list[str]:
    """A sentence for each setting that is missing or has another value; empty if all are there.

    Values are compared as the INI file spells them, so 500 and "500" are the same.
    """
    return _differences((), expected, actual)


def _differences(
    path: tuple[str, ...], expected: Mapping[str, object], actual: Mapping[str, object]
) -> list[str]:
    found: list[str] = []
    for name, wanted in expected.items():
        place = (*path, name)
        held = actual.get(name)
        if isinstance(wanted, Mapping):
            below = held if isinstance(held, Mapping) else {}
            if not wanted and not isinstance(held, Mapping):
                found.append(f"{_spelt(place)} is missing")
            found.extend(_differences(place, wanted, below))
        elif held is None:
            found.append(f"{_spelt(place)} is missing")
        elif isinstance(held, Mapping) or str(held) != str(wanted):
            found.append(f"{_spelt(place)} is {_shown(held)} instead of {_shown(wanted)}")
    return found


def _spelt(place: tuple[str, ...]) -> str:
    return " / ".join(place)


def _shown(value: object) -> str:
    return "a table" if isinstance(value, Mapping) else f'"{value}"'

"""Whether the engine is at rest, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quiet:
    """No task of the engine is alive."""


@dataclass(frozen=True, slots=True)
class Busy:
    """These tasks are alive, and none has come or gone for as long as one may wait."""

    names: tuple[str, ...]

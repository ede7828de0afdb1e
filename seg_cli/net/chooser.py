"""Draws by lot: unpredictable in the real world, the same at every start in a lab."""

import random  # noqa: TID251 - the one place that draws
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class SecretChooser:
    """Draws nobody can predict."""

    def __init__(self) -> None:
        self._lots: random.Random = random.SystemRandom()

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in a random order."""
        return self._lots.sample(items, len(items))

    def number(self, below: int) -> int:
        """A number from 0 to below - 1."""
        return self._lots.randrange(below)


class SeededChooser(SecretChooser):
    """Draws that a seed decides, so that what a script saw once it sees again."""

    def __init__(self, seed: int) -> None:
        self._lots = random.Random(seed)  # noqa: S311 - nothing is kept secret by it

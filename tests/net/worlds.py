"""Worlds on loopback, for the tests of this room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TypeVar

from seg_cli.net.clock import SteppedClock
from seg_cli.net.world import LAB_PATIENCE, Patience, World
from seg_cli.standards.dnssec.keys import TrustAnchor

T = TypeVar("T")

START = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
"""The second of the tech note's encache line."""


class LastFirst:
    """Draws that anyone can predict: the lot turns the order round, numbers count up."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return list(reversed(items))

    def number(self, below: int) -> int:
        return next(self._numbers) % below


@dataclass(frozen=True)
class Ways:
    """Where addresses lead; one that is not named leads to itself."""

    known: Mapping[str, tuple[str, int]]

    def __call__(self, address: str, port: int) -> tuple[str, int]:
        return self.known.get(address, (address, port))


def world_of(
    known: Mapping[str, tuple[str, int]],
    *,
    roots: tuple[bytes, ...] = (),
    patience: Patience = LAB_PATIENCE,
    start: datetime = START,
    anchors: tuple[TrustAnchor, ...] = (),
    trusted_resolvers: frozenset[str] = frozenset(),
) -> World:
    """A world that stands still at `start`, where these addresses lead to sockets on loopback."""
    return World(
        clock=SteppedClock(start),
        patience=patience,
        chooser=LastFirst(),
        system_roots=roots,
        where=Ways(known),
        whence=lambda host, _port: host,
        trust_anchors=anchors,
        trusted_resolvers=trusted_resolvers,
    )

"""What a foreign program says, and what we say, about the same thing; and who was asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from seg_cli.lab.internet import Lab


@dataclass(frozen=True, slots=True)
class Agreement:
    """One question about a name of a table, and both answers to it."""

    name: str
    case: str
    theirs: str
    ours: str

    @property
    def agrees(self) -> bool:
        return self.theirs == self.ours


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the programs meet: a running lab at this machine's time, and a directory."""

    lab: Lab
    directory: Path


Agreements = Callable[[Ground], Iterable[Agreement]]


@dataclass(frozen=True, slots=True)
class Tool:
    """A foreign program: the commands it takes, and how it is asked."""

    title: str
    needs: tuple[str, ...]
    agreements: Agreements


@dataclass(frozen=True, slots=True)
class Table:
    """Tools that are asked about the same names."""

    title: str
    about: str
    tools: tuple[Tool, ...]

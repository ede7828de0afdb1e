"""The appliance as a replay sees it: something to log in to, to wait for, and to look into."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from seg_cli.dialogue.teletype import Teletype
from seg_cli.terms import LogLevel


@dataclass(frozen=True, slots=True)
class LogView:
    """A log as it stands: its committed level, and every line since the world's start."""

    level: LogLevel
    lines: Sequence[str]


class Rehearsal(Protocol):
    """A fresh appliance in the surroundings that a `world` block names."""

    async def login(self, teletype: Teletype) -> None:
        """Hold one login, from the greeting until it ends."""

    async def quiet(self) -> str | None:
        """Wait for the engine: None when nothing is under way, else the names of what is busy."""

    def log(self, name: str) -> LogView | None:
        """The log of this name; None where there is none."""

    def config(self, *, staged: bool) -> Mapping[str, Any]:
        """The committed configuration in the words of the INI file, or what the login staged:
        `{"destconfig": {"domain.com": {"table_tls": "on"}}}`."""


OpenRehearsal = Callable[[Mapping[str, Any]], AbstractAsyncContextManager[Rehearsal]]
"""Opens an appliance for the settings of a `world` block. Raises UserError for settings that mean
nothing, such as the name of a lab that does not exist."""

"""One login: its console, its user, its pending changes, and the appliance it is logged in to."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from seg_cli.dialogue.console import Console
from seg_cli.shell.appliance import Appliance

if TYPE_CHECKING:  # loaded when it is needed, not before
    from seg_cli.config.staging import StagedConfig


class Ending(Enum):
    """How a login ends."""

    LOGGED_OUT = auto()
    EXPIRED = auto()
    """Nobody was there any more."""

    RESTART = auto()
    """The appliance starts again from its directory; log in again at once."""

    RESET = auto()
    """Everything is put back to the beginning; log in again at once."""


@dataclass(slots=True)
class Session:
    """What a command is given; `ending` is set once the login is to end."""

    console: Console
    appliance: Appliance
    user: str = "admin"
    ending: Ending | None = None
    _staged: "StagedConfig | None" = None

    @property
    def staged(self) -> "StagedConfig":
        """The configuration as this login sees it."""
        if self._staged is None:
            self._staged = self.appliance.staged()
        return self._staged

    @property
    def pending(self) -> bool:
        """Whether there are changes to commit."""
        return self._staged is not None and self._staged.changed

    def follow(self) -> None:
        """Begin from the latest commit if nothing is changed; for the moment before a command."""
        if self._staged is not None:
            self._staged.follow()

    def leave(self, ending: Ending = Ending.LOGGED_OUT) -> None:
        """End the login when the running command returns."""
        self.ending = ending

"""One login: its console, its user, its pending changes, and the appliance it is logged in to."""

from dataclasses import dataclass
from enum import Enum, auto

from seg_cli.config.staging import StagedConfig
from seg_cli.dialogue.console import Console
from seg_cli.shell.appliance import Appliance


class Ending(Enum):
    """How a login ends."""

    LOGGED_OUT = auto()
    RESTART = auto()
    """The appliance starts again from its directory; log in again at once."""

    RESET = auto()
    """Everything is put back to the beginning; log in again at once."""


@dataclass(slots=True)
class Session:
    """What a command is given; `ending` is set once the login is to end."""

    console: Console
    appliance: Appliance
    staged: StagedConfig
    user: str = "admin"
    ending: Ending | None = None

    def leave(self, ending: Ending = Ending.LOGGED_OUT) -> None:
        """End the login when the running command returns."""
        self.ending = ending

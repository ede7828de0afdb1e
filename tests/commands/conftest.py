"""A login at an appliance without a network: command lines in, screen out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from seg_cli.commands import COMMANDS
from seg_cli.config.store import ConfigStore
from seg_cli.config.tree import Config
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.memory import Answer, MemoryTeletype
from seg_cli.logs.bus import Bus
from seg_cli.net.clock import SteppedClock
from seg_cli.shell.appliance import Appliance, Parts
from seg_cli.shell.greeting import greeting
from seg_cli.shell.help import with_help
from seg_cli.shell.loop import Shell, Status
from seg_cli.shell.session import Session

START = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)


async def no_network(_config: Config, _bus: Bus) -> NoReturn:
    raise AssertionError("a configuration command needs no network")


def fault(bug: Exception) -> NoReturn:
    raise AssertionError("a command failed") from bug


@dataclass(slots=True)
class Desk:
    """One login, kept over all its command lines."""

    appliance: Appliance
    session: Session
    status: Status = Status.DONE

    async def type(self, line: str, *answers: Answer) -> str:
        """What a command line put on the screen; all answers must be used."""
        with MemoryTeletype(*answers) as teletype:
            self.session.console = Console(teletype)
            shell = Shell(self.session, with_help(COMMANDS), fault)
            self.status = await shell.perform(line)
        return teletype.output

    @property
    def staged(self) -> Config:
        """The configuration as this login sees it."""
        return self.session.staged.config

    @property
    def committed(self) -> Config:
        """The configuration that the appliance works by."""
        return self.appliance.config

    def beside(self) -> "Desk":
        """A second login at the same appliance."""
        return seat(self.appliance)


def seat(appliance: Appliance) -> Desk:
    return Desk(appliance, Session(Console(MemoryTeletype()), appliance))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    def store() -> ConfigStore:
        return ConfigStore.open(tmp_path, Config, START, greeting)

    appliance = Appliance(Parts(tmp_path, store, SteppedClock(START), no_network))
    yield seat(appliance)
    await appliance.close()

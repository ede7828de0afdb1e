"""A login that knows a handful of tiny commands, on an appliance without a network."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from seg_cli.config.store import ConfigStore
from seg_cli.config.tree import Config
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Line
from seg_cli.dialogue.memory import Answer, MemoryTeletype
from seg_cli.dialogue.questions import Operation
from seg_cli.errors import UserError
from seg_cli.logs.bus import Bus
from seg_cli.net.clock import SteppedClock
from seg_cli.shell.appliance import Appliance, Parts
from seg_cli.shell.command import Arguments, Command, Standing
from seg_cli.shell.greeting import greeting
from seg_cli.shell.loop import Status, login, run_lines
from seg_cli.shell.session import Ending, Session

START = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
MENU = Operation("operation", (("NEW", "Create a new entry."),))
NAME = Line("name", "Enter a name:")


async def no_network(_config: Config, _bus: Bus) -> NoReturn:
    raise AssertionError("a shell needs no network")


async def say(session: Session, arguments: Arguments) -> None:
    session.console.say(*arguments.words)


async def menu(session: Session, _arguments: Arguments) -> None:
    while await session.console.ask(MENU):
        await session.console.ask(NAME)


async def refuse(_session: Session, _arguments: Arguments) -> None:
    raise UserError("It cannot be done.")


async def break_down(_session: Session, _arguments: Arguments) -> None:
    raise ValueError("a bug")


async def leave(session: Session, _arguments: Arguments) -> None:
    if await session.console.ask(NAME) == "really":
        session.leave()


@dataclass(slots=True)
class Login:
    """What is typed, and what became of it."""

    appliance: Appliance
    faults: list[Exception] = field(default_factory=list)
    teletype: MemoryTeletype = field(default_factory=MemoryTeletype)
    ending: Ending | None = None

    @property
    def commands(self) -> tuple[Command, ...]:
        async def wait(session: Session, _arguments: Arguments) -> None:
            session.console.write("waiting\n")
            asyncio.get_running_loop().call_soon(self.teletype.interrupt)
            await asyncio.Event().wait()

        return (
            Command("say", "Print words.", say, batch="say WORD...", aliases=("echo",)),
            Command("saveconfig", "Save.", say),
            Command("menu", "Change things.", menu, changes_config=True),
            Command("show", "Ask, change nothing.", menu),
            Command("refuse", "Refuse.", refuse),
            Command("breakdown", "Have a bug.", break_down),
            Command("wait", "Run until Ctrl-C.", wait, changes_config=True),
            Command("lab", "The lab.", say, standing=Standing.EMULATOR),
            Command("setttymode", "Paging.", say, standing=Standing.UNADVERTISED),
            Command("exit", "Log out.", leave, aliases=("quit",)),
        )

    async def type(self, *answers: Answer) -> str:
        """The screen of a login in which all this was typed."""
        with MemoryTeletype(*answers) as self.teletype:
            self.ending = await login(self._session(), self.commands, self.faults.append)
        return self.teletype.output

    async def run(self, text: str, *answers: Answer) -> tuple[Status, str]:
        """The exit status and the output of a batch text."""
        with MemoryTeletype(*answers) as self.teletype:
            status = await run_lines(self._session(), self.commands, text, self.faults.append)
        return status, self.teletype.output

    def _session(self) -> Session:
        return Session(Console(self.teletype), self.appliance)


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Login]:
    def store() -> ConfigStore:
        return ConfigStore.open(tmp_path, Config, START, greeting)

    appliance = Appliance(Parts(tmp_path, store, SteppedClock(START), no_network))
    yield Login(appliance)
    await appliance.close()

"""A whole appliance in its lab: command lines in, screen and log out."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, Protocol

import pytest

from seg_cli.app import commands_of
from seg_cli.delivery.quiet import Quiet
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.memory import Answer, MemoryTeletype
from seg_cli.lab.journal import Journal
from seg_cli.lab.reading import parse_spec
from seg_cli.lab.station import Plan, Station
from seg_cli.net.clock import SteppedClock
from seg_cli.shell.help import with_help
from seg_cli.shell.loop import Shell, Status
from seg_cli.shell.session import Session
from tests import log_rules

START = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
LAB = "tech-note-222782"

ONE_AT_A_TIME = {"mid": 5444, "dcid": 834833, "icid": 1}


def fail(name: str, bug: BaseException) -> NoReturn:
    raise AssertionError(name) from bug


def fault(bug: Exception) -> NoReturn:
    raise AssertionError("a command failed") from bug


@dataclass(slots=True)
class Bench:
    """A station and one login on it, kept over all lines."""

    station: Station
    session: Session
    status: Status = Status.DONE

    async def type(self, line: str, *answers: Answer) -> str:
        """What a command line printed; all answers must be used."""
        with MemoryTeletype(*answers) as teletype:
            console = Console(teletype)
            self.session.console = console
            shell = Shell(self.session, with_help(commands_of(self.station)), fault)
            self.status = await shell.perform(line)
        assert await self.station.appliance.quiet() == Quiet()
        return teletype.output

    def login(self) -> None:
        appliance = self.station.appliance
        self.session = Session(Console(MemoryTeletype()), appliance)

    def log(self) -> list[str]:
        """The lines of mail_logs, without time stamp and level."""
        text = self.station.appliance.logs.path("mail_logs").read_text()
        return [line.split(": ", 1)[1] for line in text.splitlines()]

    async def seen(self) -> Journal:
        return (await self.station.lab()).journal


class OpenBench(Protocol):
    """Opens a bench; tables laid over the lab of the tech note change the world."""

    def __call__(self, **over: object) -> AbstractAsyncContextManager[Bench]: ...


def plan(directory: Path, **over: object) -> Plan:
    """A station on the lab of the tech note, with tables laid over it."""
    return Plan(
        lambda: parse_spec({"like": LAB, **over}),
        directory,
        SteppedClock(START),
        fail,
        adapt=lambda config: replace(config, delivery=replace(config.delivery, max_concurrency=1)),
        first_ids=ONE_AT_A_TIME,
    )


@asynccontextmanager
async def at(station: Station) -> AsyncIterator[Bench]:
    """A bench at a station; the log that it leaves must be sound."""
    session = Session(Console(MemoryTeletype()), station.appliance)
    try:
        yield Bench(station, session)
        log = station.appliance.logs.path("mail_logs").read_text()
        assert log_rules.check(log.splitlines()) == []
    finally:
        await station.close()


@pytest.fixture
def bench(tmp_path: Path) -> OpenBench:
    return lambda **over: at(Station(plan(tmp_path / "appliance", **over)))


def entry(domain: str, tls: str = "2", mta_sts: str = "y") -> tuple[str, ...]:
    """The answers that make an entry of destconfig, from its menu and back out of it."""
    sts = ("y", "2") if mta_sts == "y" else ("",)
    return ("new", domain, "", "", "", "", "", "", "y", tls, "", *sts, "", "", "", "")


DEBUG_LEVEL = ("edit", "1", "", "4", "", "", "", "", "", "")
"""The answers that set the first log of logconfig to Debug."""

"""The stage a transcript is played on: a lab, an appliance and a stepped clock of its own."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from seg_cli.config.codec.words import as_words, with_words
from seg_cli.config.tree import Config
from seg_cli.delivery.quiet import Busy
from seg_cli.dialogue.teletype import Teletype
from seg_cli.errors import UserError
from seg_cli.lab.reading import overlay, parse_spec
from seg_cli.lab.spec import LabSpec
from seg_cli.lab.station import Plan, ReportBug, Station
from seg_cli.net.clock import SteppedClock
from seg_cli.programs.coaching import coached
from seg_cli.programs.console import hold_login
from seg_cli.programs.opening import Logins
from seg_cli.replay.rehearsal import LogView, OpenRehearsal
from seg_cli.shell.session import Session
from seg_cli.training.coach import Coach
from seg_cli.training.lesson import Language, load_lesson

LAB = "tech-note-222782"
CLOCK = "2024-09-26T15:23:39"
LAID_OVER = ("domains", "policies", "hosts", "faults")

Settings = Mapping[str, Any]


class Stage:
    """A station as a replay sees it."""

    def __init__(self, station: Station, logins: Logins[Station]) -> None:
        self._station = station
        self._logins = logins
        self._session: Session | None = None

    async def login(self, teletype: Teletype) -> None:
        session = self._logins.session(self._station, teletype)
        self._session = session
        await hold_login(self._station, self._logins, session)

    async def quiet(self) -> str | None:
        state = await self._station.appliance.quiet()
        return ", ".join(state.names) if isinstance(state, Busy) else None

    def log(self, name: str) -> LogView | None:
        appliance = self._station.appliance
        for subscription in appliance.config.log_subscriptions:
            if subscription.name == name:
                files = appliance.logs.paths(name)
                lines = [line for file in files for line in file.read_text().splitlines()]
                return LogView(subscription.level, lines)
        return None

    def config(self, *, staged: bool) -> Settings:
        if staged and self._session is not None:
            return as_words(self._session.staged.config)
        return as_words(self._station.appliance.config)


def stage_opener(logins: Logins[Station], on_bug: ReportBug) -> OpenRehearsal:
    """Opens a fresh stage for the settings of each `world` block."""

    @asynccontextmanager
    async def open_stage(settings: Settings) -> AsyncIterator[Stage]:
        here = logins
        if "lesson" in settings:
            lesson = load_lesson(str(settings["lesson"]))
            here = coached(logins, Coach(lesson, Language.ENGLISH))
            settings = {**lesson.world, **settings}
        with tempfile.TemporaryDirectory(prefix="seg-cli-") as directory:
            station = Station(plan_of(settings, Path(directory) / "appliance", on_bug))
            try:
                yield Stage(station, here)
            finally:
                await station.close()

    return open_stage


def plan_of(settings: Settings, directory: Path, on_bug: ReportBug) -> Plan:
    """The station that a `world` block describes; raises UserError for one that cannot be."""
    zone = zone_of(settings)

    def adapt(config: Config) -> Config:
        """One delivery at a time, so that a script has one log, unless the block says else."""
        one = replace(config.delivery, max_concurrency=1)
        config = replace(config, timezone=zone.key, delivery=one)
        return with_words(config, settings.get("config", {}))

    return Plan(
        partial(spec_of, settings),
        directory,
        SteppedClock(start_of(settings.get("clock", CLOCK), zone)),
        on_bug,
        adapt,
        settings.get("ids", {}),
        settings.get("seed", 0),
    )


def spec_of(settings: Settings) -> LabSpec:
    """A lab by its name, or as tables written into the block; what the block says of domains,
    policies, hosts and faults is laid over it."""
    over = {key: settings[key] for key in LAID_OVER if key in settings}
    match settings.get("lab", LAB):
        case str(name):
            return parse_spec({"like": name, **over})
        case Mapping() as tables:
            return parse_spec(overlay(tables, over))
    raise UserError("lab is the name of a lab, or a table that describes one.")


def zone_of(settings: Settings) -> ZoneInfo:
    """The time zone of the appliance and of the block's clock."""
    name = str(settings.get("zone", "Etc/GMT"))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UserError(f"there is no time zone {name}.") from None


def start_of(clock: object, zone: ZoneInfo) -> datetime:
    """When the world begins: local time of the zone unless the clock names its own offset."""
    try:
        start = clock if isinstance(clock, datetime) else datetime.fromisoformat(str(clock))
    except ValueError:
        raise UserError(f"clock is a time such as {CLOCK}.") from None
    return (start if start.tzinfo else start.replace(tzinfo=zone)).astimezone(UTC)

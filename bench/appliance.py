"""The engine as a client of a benchmark: from queue to sink, all lines logged."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from peers import (
    ADDRESS,
    CONTENT,
    DOMAIN,
    HOST,
    RECIPIENT,
    SENDER,
    Measured,
    Sink,
    measured,
    own_cpu,
)

from seg_cli.config.destinations import DestinationControl
from seg_cli.config.tree import Config
from seg_cli.delivery.network import Network, Surroundings
from seg_cli.lab.first_config import first_config
from seg_cli.lab.internet import Lab
from seg_cli.lab.reading import parse_spec
from seg_cli.lab.spec import LabSpec
from seg_cli.logs.bus import Bus
from seg_cli.logs.mail_logs import MailLogs
from seg_cli.logs.subscriptions import LogFiles
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import RunningClock
from seg_cli.net.world import Patience
from seg_cli.smtp.handler import Envelope


@dataclass(frozen=True, slots=True)
class Load:
    """So many messages, so many at once, so many over one connection."""

    messages: int
    concurrency: int
    per_connection: int = 1


def engine(directory: Path, sink: Sink, load: Load) -> Measured:
    """What a fresh appliance in this directory does with the load; taking it in does not count."""
    return asyncio.run(run(directory, sink, load))


async def run(directory: Path, sink: Sink, load: Load) -> Measured:
    async with network(directory, sink.port, load) as outbound:
        for _ in range(load.messages):
            mid = await outbound.engine.next_mid()
            await outbound.engine.accept(mid, Envelope(SENDER, (RECIPIENT,)), CONTENT)
        sink.taken()
        before = own_cpu()
        outbound.engine.pump()
        await outbound.quiet()
        return measured(sink, load.messages, own_cpu() - before)


def spec() -> LabSpec:
    return parse_spec(
        {
            "like": "tech-note-222782",
            "domains": {DOMAIN: {"shows": "A sink.", "mx": [f"10 {HOST}"]}},
            "hosts": {HOST: {"addresses": [ADDRESS], "certificate": {"names": [HOST]}}},
        }
    )


def config_for(load: Load) -> Config:
    config = first_config(spec())
    entry = DestinationControl(DOMAIN, messages_per_connection=load.per_connection)
    return replace(
        config,
        delivery=replace(config.delivery, max_concurrency=load.concurrency),
        destinations=config.destinations.with_entry(entry),
    )


@asynccontextmanager
async def network(directory: Path, port: int, load: Load) -> AsyncIterator[Network]:
    """The network side of an appliance whose mail for DOMAIN goes to the sink."""
    config, clock = config_for(load), RunningClock()
    bus = Bus(clock.now)
    logs = LogFiles(directory / "log", "BENCH", clock.now, sys.stderr.write)
    logs.adopt(config.log_subscriptions, config.zone)
    bus.subscribe(MailLogs(logs).write)
    lab = await Lab(spec(), directory / "lab", clock.now).open()
    world = lab.world(clock, SeededChooser(0))

    def where(address: str, number: int) -> tuple[str, int]:
        return ("127.0.0.1", port) if address == ADDRESS else world.where(address, number)

    surroundings = Surroundings(
        replace(world, where=where, patience=Patience(dns=5)),
        directory / "state.sqlite3",
        bus.emit,
        report,
        {},
        sys.stderr.write,
    )
    outbound = await Network.bring_up(surroundings, config)
    try:
        yield outbound
    finally:
        await outbound.close()
        logs.close()
        await lab.close()


def report(name: str, bug: BaseException) -> None:
    raise SystemExit(f"{name}: {bug!r}")

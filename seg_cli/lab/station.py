"""A lab and the appliance in it: opened together, restarted apart, put back to the beginning.

The lab comes up when the appliance first needs its network, and outlives a restart of it.
"""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from seg_cli.config.dns import DnsSettings, NameServer
from seg_cli.config.interfaces import Interface
from seg_cli.config.store import ConfigStore
from seg_cli.config.tree import Config
from seg_cli.lab.spec import LabSpec
from seg_cli.logs.bus import Bus
from seg_cli.net.clock import Clock
from seg_cli.net.world import SecretChooser
from seg_cli.shell.appliance import Appliance, Parts
from seg_cli.shell.greeting import lab_greeting

if TYPE_CHECKING:  # their libraries are heavy and load when the network is needed, not before
    from seg_cli.delivery.network import Network
    from seg_cli.lab.internet import Lab

ReportBug = Callable[[str, BaseException], None]


def unchanged(config: Config) -> Config:
    """The first configuration as the lab gives it."""
    return config


@dataclass(frozen=True, slots=True)
class Plan:
    """What a station is made of; `first_ids` are the numbers that a fresh appliance begins with."""

    spec: LabSpec
    directory: Path
    clock: Clock
    on_bug: ReportBug
    adapt: Callable[[Config], Config] = unchanged
    first_ids: Mapping[str, int] = field(default_factory=dict)


class Station:
    """One appliance in one lab. Belongs to the loop that uses it; end it with `close`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.appliance = self._open_appliance()
        self._lab: Lab | None = None

    def _open_appliance(self) -> Appliance:
        plan = self.plan
        config = plan.adapt(first_config(plan.spec))
        store = ConfigStore.open(plan.directory, config, plan.clock.now(), lab_greeting)
        return Appliance(Parts(plan.directory, store, plan.clock, self._open_network))

    async def lab(self) -> "Lab":
        """The lab, started at the first call."""
        if self._lab is None:
            from seg_cli.lab.internet import Lab  # noqa: PLC0415 - heavy, see above

            plan = self.plan
            lab = Lab(plan.spec, plan.directory / "lab", plan.clock.now)
            self._lab = await asyncio.to_thread(lab.__enter__)
        return self._lab

    async def _open_network(self, config: Config, bus: Bus) -> "Network":
        from seg_cli.delivery.network import Network, Surroundings  # noqa: PLC0415 - heavy

        plan = self.plan
        world = (await self.lab()).world(plan.clock, SecretChooser())
        surroundings = Surroundings(
            world, plan.directory / "state.sqlite3", bus.emit, plan.on_bug, plan.first_ids
        )
        return await Network.bring_up(surroundings, config)

    async def restart(self) -> None:
        """The appliance starts again from its directory; the lab lives on."""
        await self.appliance.close()
        self.appliance = self._open_appliance()

    async def reset(self) -> None:
        """Put back everything: configuration, queue, caches, logs, and the lab."""
        await self.close()
        for name in ("versions", "configuration", "log"):
            shutil.rmtree(self.plan.directory / name, ignore_errors=True)
        for path in self.plan.directory.glob("state.sqlite3*"):
            path.unlink()
        self.appliance = self._open_appliance()

    async def close(self) -> None:
        """End the appliance, then the lab."""
        await self.appliance.close()
        if self._lab is not None:
            lab, self._lab = self._lab, None
            await asyncio.to_thread(lab.__exit__, None, None, None)


def first_config(spec: LabSpec) -> Config:
    """The configuration that the lab gives an appliance at its first start."""
    box = spec.appliance
    servers = tuple(NameServer(address, priority) for priority, address in enumerate(box.resolvers))
    return replace(
        Config(),
        hostname=box.hostname,
        interfaces=(Interface(box.interface, box.address, box.prefix_length, box.hostname),),
        dns=DnsSettings(servers),
    )

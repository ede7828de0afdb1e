"""The appliance: what all logins share. Its configuration, its time, its logs and, once somebody
needs it, its network: resolver, delivery engine and listener.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from seg_cli.config.staging import StagedConfig
from seg_cli.config.store import Change, ConfigStore
from seg_cli.config.tree import Config
from seg_cli.config.versions import ConfigVersion
from seg_cli.delivery.quiet import Busy, Quiet
from seg_cli.logs.bus import Bus
from seg_cli.logs.header import ctime
from seg_cli.logs.subscriptions import VERSION, LogFiles
from seg_cli.net.clock import Clock

if TYPE_CHECKING:  # its libraries are heavy and load when the network is needed, not before
    from seg_cli.delivery.network import Network
    from seg_cli.delivery.on_demand import NetworkOnDemand

OpenNetwork = Callable[[Config, Bus], Coroutine[Any, Any, "Network"]]
"""Brings the network up for a configuration; called once, when it is first needed."""


@dataclass(slots=True)
class Parts:
    """What an appliance is put together from."""

    directory: Path
    store: ConfigStore
    clock: Clock
    open_network: OpenNetwork


class Appliance:
    """One running appliance; make it with its parts, end it with `close`."""

    version = VERSION

    def __init__(self, parts: Parts) -> None:
        self.store = parts.store
        self.clock = parts.clock
        self.bus = Bus(parts.clock.now)
        self.logs = LogFiles(parts.directory / "log", parts.store.serial, parts.clock.now)
        self._open_network = parts.open_network
        self._network: NetworkOnDemand | None = None
        self._follow_logs()

    @property
    def config(self) -> Config:
        """The committed configuration."""
        return self.store.current.config

    @property
    def hostname(self) -> str:
        """The committed hostname."""
        return self.config.hostname

    @property
    def serial(self) -> str:
        """The serial number, made once."""
        return self.store.serial

    def date(self, at: datetime | None = None) -> str:
        """A moment, or now, as dialogues print it: `Fri May 23 11:42:12 2014 GMT`."""
        zone = ZoneInfo(self.config.timezone)
        at = at or self.clock.now()
        return f"{ctime(at, zone)} {at.astimezone(zone).tzname()}"

    def commit(self, staged: StagedConfig, change: Change) -> ConfigVersion:
        """Commit a login's changes, and let logs and engine work by them from now on.

        Raises CommitConflict and UserError as the store does; nothing has changed then.
        """
        version = self.store.commit(staged, change)
        self._follow_logs()
        if network := self._running_network:
            network.adopt(version.config)
        return version

    def _follow_logs(self) -> None:
        config = self.config
        self.logs.adopt(config.log_subscriptions, config.timezone)

    async def network(self) -> "Network":
        """The network, brought up at the first call."""
        if self._network is None:
            from seg_cli.delivery.on_demand import NetworkOnDemand  # noqa: PLC0415 - heavy
            from seg_cli.logs.mail_logs import MailLogs  # noqa: PLC0415 - nothing logs before this

            self.bus.subscribe(MailLogs(self.logs).write)
            self._network = NetworkOnDemand(self._open_network(self.config, self.bus))
        return await self._network.get()

    @property
    def _running_network(self) -> "Network | None":
        return self._network.up if self._network is not None else None

    async def quiet(self) -> Quiet | Busy:
        """Wait until nothing is under way; every line logged so far is in its file then."""
        network = self._running_network
        state = await network.quiet() if network else Quiet()
        self.logs.flush()
        return state

    async def close(self) -> None:
        """End everything in order; what was accepted is on the disk."""
        if self._network is not None:
            await self._network.close()
        self.logs.close()
        self.store.close()

"""The appliance: what all logins share. Its configuration, its time, its logs and, once somebody
needs it, its network: resolver, delivery engine and listener.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seg_cli.config.disk import serial_number
from seg_cli.net.clock import Clock
from seg_cli.shell.troubles import Troubles

if TYPE_CHECKING:  # loaded when they are needed, not before
    from seg_cli.config.certificates import CertificateProfile
    from seg_cli.config.staging import StagedConfig
    from seg_cli.config.store import Change, ConfigStore
    from seg_cli.config.tree import Config
    from seg_cli.config.versions import ConfigVersion
    from seg_cli.delivery.network import Network
    from seg_cli.delivery.on_demand import NetworkOnDemand
    from seg_cli.delivery.quiet import Busy, Quiet
    from seg_cli.logs.bus import Bus
    from seg_cli.logs.subscriptions import LogFiles

OpenNetwork = Callable[["Config", "Bus"], Coroutine[Any, Any, "Network"]]
"""Brings the network up for a configuration; called once, when it is first needed."""


@dataclass(slots=True)
class Parts:
    """What an appliance is put together from; its store is opened when it is first asked for.

    `troubles` is told what the machine refuses.
    """

    directory: Path
    open_store: "Callable[[], ConfigStore]"
    clock: Clock
    open_network: OpenNetwork
    troubles: Troubles = field(default_factory=Troubles)


class Appliance:
    """One running appliance; make it with its parts, end it with `close`.

    Whatever needs the configuration may raise ApplianceBusy and BadFile, as its store does.
    """

    def __init__(self, parts: Parts) -> None:
        self.clock = parts.clock
        self._parts = parts
        self._store: ConfigStore | None = None
        self._logs: LogFiles | None = None
        self._network: NetworkOnDemand | None = None

    @property
    def directory(self) -> Path:
        """Where the appliance lives."""
        return self._parts.directory

    @property
    def troubles(self) -> Troubles:
        """What the machine has refused, for whoever tells it to a person."""
        return self._parts.troubles

    @property
    def store(self) -> "ConfigStore":
        """The committed configurations."""
        if self._store is None:
            self._store = self._parts.open_store()
        return self._store

    @property
    def logs(self) -> "LogFiles":
        """The log files, by the committed subscriptions."""
        if self._logs is None:
            from seg_cli.logs.subscriptions import LogFiles  # noqa: PLC0415 - see above

            self._logs = LogFiles(
                self._parts.directory / "log", self.serial, self.clock.now, self.troubles.add
            )
            self._follow_logs(self._logs)
        return self._logs

    def staged(self) -> "StagedConfig":
        """The configuration of a new login."""
        return self.store.staged()

    @property
    def config(self) -> "Config":
        """The committed configuration."""
        return self.store.current.config

    @property
    def hostname(self) -> str:
        """The committed hostname."""
        return self.config.hostname

    @cached_property
    def serial(self) -> str:
        """The serial number, made once."""
        return serial_number(self._parts.directory)

    @property
    def demo(self) -> "CertificateProfile":
        """The Demo certificate, made once."""
        from seg_cli.delivery.demo import demo_certificate  # noqa: PLC0415 - heavy

        return demo_certificate(self._parts.directory, self.clock.now())

    def date(self, at: datetime | None = None) -> str:
        """A moment, or now, as dialogues print it: `Fri May 23 11:42:12 2014 GMT`."""
        from seg_cli.logs.header import ctime  # noqa: PLC0415 - see above

        zone = self.config.zone
        at = at or self.clock.now()
        return f"{ctime(at, zone)} {at.astimezone(zone).tzname()}"

    def commit(self, staged: "StagedConfig", change: "Change") -> "ConfigVersion":
        """Commit a login's changes, and let logs and engine work by them from now on.

        Raises CommitConflict and UserError as the store does; nothing has changed then.
        """
        version = self.store.commit(staged, change)
        if self._logs is not None:
            self._follow_logs(self._logs)
        if network := self._running_network:
            network.adopt(version.config)
        return version

    def _follow_logs(self, logs: "LogFiles") -> None:
        logs.adopt(self.config.log_subscriptions, self.config.zone)

    async def network(self) -> "Network":
        """The network, brought up at the first call."""
        if self._network is None:
            from seg_cli.delivery.on_demand import NetworkOnDemand  # noqa: PLC0415 - heavy
            from seg_cli.logs.bus import Bus  # noqa: PLC0415 - nothing happens before this
            from seg_cli.logs.mail_logs import MailLogs  # noqa: PLC0415 - as above

            bus = Bus(self.clock.now)
            bus.subscribe(MailLogs(self.logs).write)
            self._network = NetworkOnDemand(self._parts.open_network(self.config, bus))
        return await self._network.get()

    @property
    def _running_network(self) -> "Network | None":
        return self._network.up if self._network is not None else None

    async def quiet(self) -> "Quiet | Busy":
        """Wait until nothing is under way; every line logged so far is in its file then."""
        from seg_cli.delivery.quiet import Quiet  # noqa: PLC0415 - see above

        network = self._running_network
        state = await network.quiet() if network else Quiet()
        self.flush_logs()
        return state

    def flush_logs(self) -> None:
        """Every line logged so far is in its file."""
        if self._logs is not None:
            self._logs.flush()

    async def close(self) -> None:
        """End everything in order; what was accepted is on the disk."""
        if self._network is not None:
            await self._network.close()
        if self._logs is not None:
            self._logs.close()
        if self._store is not None:
            self._store.close()

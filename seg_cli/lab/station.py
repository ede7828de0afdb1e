"""A lab and the appliance in it: opened together, restarted apart, put back to the beginning.

The lab comes up when the appliance first needs its network, and outlives a restart of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from seg_cli.errors import UserError
from seg_cli.lab.elapsed import keep
from seg_cli.net.clock import Clock, RunningClock, SteppedClock
from seg_cli.shell.appliance import Appliance, Parts
from seg_cli.shell.greeting import lab_greeting
from seg_cli.shell.session import Ending
from seg_cli.shell.troubles import Troubles

if TYPE_CHECKING:  # their libraries are heavy and load when the network is needed, not before
    from seg_cli.config.store import ConfigStore
    from seg_cli.config.tree import Config
    from seg_cli.delivery.network import Network
    from seg_cli.lab.internet import Lab
    from seg_cli.lab.spec import LabSpec
    from seg_cli.logs.bus import Bus
    from seg_cli.net.world import World

ReportBug = Callable[[str, BaseException], None]


def unchanged(config: "Config") -> "Config":
    """The first configuration as the lab gives it."""
    return config


@dataclass(frozen=True, slots=True)
class Plan:
    """What a station is made of; `first_ids` are the numbers that a fresh appliance begins with,
    `seed` decides all draws by lot (which of two equal mail hosts comes first)."""

    read_spec: "Callable[[], LabSpec]"
    directory: Path
    clock: Clock
    on_bug: ReportBug
    adapt: "Callable[[Config], Config]" = unchanged
    first_ids: Mapping[str, int] = field(default_factory=dict)
    seed: int = 0


class Station:
    """One appliance in one lab. Belongs to the loop that uses it; end it with `close`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.troubles = Troubles()
        """What the machine has refused, over all restarts of the appliance."""
        self.appliance = self._open_appliance()
        self._lab: Lab | None = None
        self._spec: LabSpec | None = None
        self.serials = count(1)
        """Numbers for what the lab sends, each given once."""

    def _open_appliance(self) -> Appliance:
        plan = self.plan
        return Appliance(
            Parts(plan.directory, self._open_store, plan.clock, self._open_network, self.troubles)
        )

    def _open_store(self) -> "ConfigStore":
        from seg_cli.config.store import ConfigStore  # noqa: PLC0415 - many commands do without

        plan = self.plan
        return ConfigStore.open(plan.directory, self._first_config, plan.clock.now(), lab_greeting)

    @property
    def spec(self) -> "LabSpec":
        """What there is in the lab, and what of it is broken; read when it is first asked for."""
        if self._spec is None:
            self._spec = self.plan.read_spec()
        return self._spec

    def alter(self, spec: "LabSpec") -> None:
        """Let the lab go by this spec, which has other faults, until it is put back."""
        self._spec = spec
        if self._lab is not None:
            self._lab.adopt(spec)

    def _first_config(self) -> "Config":
        """The configuration of an appliance that starts for the first time."""
        from seg_cli.lab.first_config import first_config  # noqa: PLC0415 - once in its life

        return self.plan.adapt(first_config(self.spec))

    async def lab(self) -> "Lab":
        """The lab, started at the first call."""
        if self._lab is None:
            from seg_cli.lab.internet import Lab  # noqa: PLC0415 - heavy, see above

            self._lab = await Lab(self.spec, self.lab_directory, self.plan.clock.now).open()
        return self._lab

    async def world(self) -> "World":
        """The outside as an appliance in this lab has it; UserError if the lab does not start."""
        from seg_cli.net.chooser import SeededChooser  # noqa: PLC0415 - heavy, see above

        try:
            lab = await self.lab()
        except OSError as error:
            raise UserError(f"The lab does not start: {error}.") from error
        return lab.world(self.plan.clock, SeededChooser(self.plan.seed))

    async def _open_network(self, config: "Config", bus: "Bus") -> "Network":
        from seg_cli.delivery.network import Network, Surroundings  # noqa: PLC0415 - heavy

        plan, world = self.plan, await self.world()
        state = plan.directory / "state.sqlite3"
        surroundings = Surroundings(
            world, state, bus.emit, plan.on_bug, plan.first_ids, self.troubles.add
        )
        return await Network.bring_up(surroundings, config)

    async def advance(self, by: timedelta) -> None:
        """Let appliance time pass; a clock that runs keeps the sum over the end of this run."""
        clock = self.plan.clock
        await self.appliance.network()
        try:
            await clock.advance(by, self.appliance.quiet)
        finally:
            if isinstance(clock, RunningClock):
                keep(self.lab_directory, clock)

    async def next_due(self) -> datetime | None:
        """When the next timer of the appliance is due, once what is under way has come to rest."""
        await self.appliance.network()
        await self.appliance.quiet()
        match self.plan.clock:
            case SteppedClock() | RunningClock() as clock:
                return clock.next_due()
        return None

    @property
    def lab_directory(self) -> Path:
        """Where the lab keeps its keys and certificates."""
        return self.plan.directory / "lab"

    async def go_on(self, ending: Ending) -> None:
        """Do what the end of a login asks for."""
        match ending:
            case Ending.LOGGED_OUT | Ending.EXPIRED:
                pass
            case Ending.RESTART:
                await self.restart()
            case Ending.RESET:
                await self.reset()

    async def restart(self) -> None:
        """The appliance starts again from its directory; the lab lives on."""
        await self.appliance.close()
        self.appliance = self._open_appliance()

    async def reset(self) -> None:
        """Put back everything: configuration, queue, caches, logs, and the lab."""
        await self.close()
        import shutil  # noqa: PLC0415 - used nowhere else

        # Without its greeting the store may begin anew; a kill behind this line loses nothing.
        (self.plan.directory / "greeting").unlink(missing_ok=True)
        for name in ("versions", "configuration", "log"):
            shutil.rmtree(self.plan.directory / name, ignore_errors=True)
        self._spec = None
        for path in self.plan.directory.glob("state.sqlite3*"):
            path.unlink()
        if isinstance(self.plan.clock, RunningClock):
            self.plan.clock.offset = timedelta()
            keep(self.lab_directory, self.plan.clock)
        self.appliance = self._open_appliance()

    async def close(self) -> None:
        """End the appliance, then the lab."""
        await self.appliance.close()
        if self._lab is not None:
            lab, self._lab = self._lab, None
            await lab.close()

"""The appliance in the real world: real DNS and SMTP, this machine's time, and no lab around it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from seg_cli.commands import COMMANDS
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.hosts import HostForm, parse_host
from seg_cli.dialogue.teletype import Teletype
from seg_cli.errors import Invalid, UserError
from seg_cli.net.clock import Clock
from seg_cli.policy.bounds import Bounds
from seg_cli.printable import printable
from seg_cli.programs.location import REAL, machine_name
from seg_cli.shell.appliance import Appliance, Parts
from seg_cli.shell.command import Arguments, Command, Standing
from seg_cli.shell.greeting import real_greeting
from seg_cli.shell.session import Ending, Session
from seg_cli.shell.troubles import Troubles

if TYPE_CHECKING:  # loaded when the network is needed, not before
    from seg_cli.config.store import ConfigStore
    from seg_cli.config.tree import Config
    from seg_cli.delivery.network import Network
    from seg_cli.logs.bus import Bus
    from seg_cli.net.world import World

NO_LAB = "There is no lab in the real world: leave --world real out to have one."
NAME = frozenset({HostForm.HOSTNAME})

MakeWorld = Callable[[Clock, Bounds], "World"]
ReportBug = Callable[[str, BaseException], None]


def bounds_of(domains: Iterable[str], *, allow_private: bool) -> Bounds:
    """How far the appliance goes; raises UserError for a word that is no domain."""
    return Bounds(frozenset(map(parse_domain, domains)), private_policy_hosts=allow_private)


def parse_domain(text: str) -> str:
    """A domain with a dot in it: what has none is rather the program that was meant to run."""
    try:
        domain = parse_host(text, NAME)
    except Invalid:
        domain = ""
    if "." not in domain:
        raise UserError(
            f'"{printable(text)}" is no domain for --deliver-to; '
            "other options stand between the domains and the program."
        )
    return domain


def the_internet(clock: Clock, bounds: Bounds) -> "World":
    """The world as this machine sees it."""
    from seg_cli.net.machine import real_world  # noqa: PLC0415 - heavy

    return real_world(clock, bounds)


@dataclass(frozen=True, slots=True)
class RealPlan:
    """What a station in the real world is made of."""

    directory: Path
    clock: Clock
    on_bug: ReportBug
    bounds: Bounds
    make_world: MakeWorld = the_internet


class RealStation:
    """One appliance in the real world. Belongs to the loop that uses it; end it with `close`."""

    def __init__(self, plan: RealPlan) -> None:
        self.plan = plan
        self.troubles = Troubles()
        self.console: Console | None = None
        """Where the present login is told of things."""
        self.appliance = Appliance(
            Parts(plan.directory, self._open_store, plan.clock, self._open_network, self.troubles)
        )

    def _open_store(self) -> "ConfigStore":
        from seg_cli.config.store import ConfigStore  # noqa: PLC0415 - many commands do without

        plan = self.plan
        return ConfigStore.open(plan.directory, self._first_config, plan.clock.now(), real_greeting)

    def _first_config(self) -> "Config":
        """The machine's own name, address and resolvers; everything else is the factory's."""
        from seg_cli.config.disk import write_atomically  # noqa: PLC0415 - once in its life
        from seg_cli.config.dns import DnsSettings, NameServer  # noqa: PLC0415 - as above
        from seg_cli.config.interfaces import Interface  # noqa: PLC0415 - as above
        from seg_cli.config.tree import Config  # noqa: PLC0415 - as above
        from seg_cli.net.machine import own_address, resolvers  # noqa: PLC0415 - as above

        write_atomically(self.plan.directory / REAL, b"")
        name, address = machine_name(), own_address()
        servers = (NameServer(each, priority) for priority, each in enumerate(resolvers()))
        return replace(
            Config(),
            hostname=name,
            interfaces=(Interface("Management", address, 128 if ":" in address else 32, name),),
            dns=DnsSettings(tuple(servers)),
        )

    async def world(self) -> "World":
        """The outside, as far as the appliance goes there."""
        return self.plan.make_world(self.plan.clock, self.plan.bounds)

    async def _open_network(self, config: "Config", bus: "Bus") -> "Network":
        from seg_cli.delivery.network import Network, Surroundings  # noqa: PLC0415 - heavy

        plan, world = self.plan, await self.world()
        state = plan.directory / "state.sqlite3"
        surroundings = Surroundings(world, state, bus.emit, plan.on_bug, {}, self.troubles.add)
        network = await Network.bring_up(surroundings, config)
        if self.console is not None:
            self.console.hold("world", listening(network))
        return network

    async def go_on(self, ending: Ending) -> None:
        """No verb of the real world ends a login but to log out."""

    async def close(self) -> None:
        """End the appliance."""
        await self.appliance.close()


def real_session(station: RealStation, teletype: Teletype) -> Session:
    """A new login on the station's appliance."""
    station.console = Console(teletype)
    return Session(station.console, station.appliance)


def commands_in_real_world(station: RealStation) -> tuple[Command, ...]:
    """The appliance's commands, and the verb that says how far it goes."""

    async def run(session: Session, arguments: Arguments) -> None:
        if arguments.words:
            raise UserError(NO_LAB)
        network = await session.appliance.network()
        session.console.say(NO_LAB, listening(network), delivering(station.plan.bounds))

    lab = Command(
        "lab",
        "How far this appliance goes in the real world.",
        run,
        waits=True,
        standing=Standing.EMULATOR,
    )
    return (*COMMANDS, lab)


def listening(network: "Network") -> str:
    """Where other programs of this machine hand mail in."""
    host, port = network.listener_address
    return f"The listener takes mail in at {host}:{port}, from this machine only."


def delivering(bounds: Bounds) -> str:
    """To whom mail goes."""
    domains = ", ".join(sorted(bounds.deliver_to or ()))
    return f"Mail is delivered to {domains or 'nobody: name domains with --deliver-to'}."

"""The network side of an appliance, put together: resolver, fetcher, queue, engine, listener."""

import socket
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from seg_cli.config.tree import Config
from seg_cli.delivery.arrears import Arrears
from seg_cli.delivery.connections import Connections
from seg_cli.delivery.counters import Counters
from seg_cli.delivery.credentials import Credentials
from seg_cli.delivery.deliver import Delivery
from seg_cli.delivery.demo import demo_certificate
from seg_cli.delivery.dns_totals import DnsTotals, keep_totals, read_totals, totals_of
from seg_cli.delivery.engine import Engine, EngineParts
from seg_cli.delivery.ids import Ids
from seg_cli.delivery.journal import Journal
from seg_cli.delivery.limits import Limits
from seg_cli.delivery.parts import DeliveryParts
from seg_cli.delivery.policies import Policies
from seg_cli.delivery.quiet import Busy, Quiet
from seg_cli.delivery.story import Stories
from seg_cli.delivery.tasks import LiveTasks
from seg_cli.errors import NotRecorded
from seg_cli.events import Event
from seg_cli.net.resolver import Resolver
from seg_cli.net.world import World
from seg_cli.smtp.listener import LIMIT, Listener
from seg_cli.smtp.listening import Listening

Emit = Callable[[Event], None]
ReportBug = Callable[[str, BaseException], None]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a network is brought up; `first_ids` are the numbers of a fresh appliance, `tell` gets
    sentences for a person about what the machine refuses."""

    world: World
    state: Path
    emit: Emit
    on_bug: ReportBug
    first_ids: Mapping[str, int]
    tell: Callable[[str], object]


class Network:
    """The running network; `bring_up` makes it, `close` ends it."""

    def __init__(
        self, parts: DeliveryParts, engine: Engine, policies: Policies, counters: Counters
    ) -> None:
        self.parts = parts
        self.world = parts.world
        self.resolver = parts.resolver
        self.engine = engine
        self.policies = policies
        self.counters = counters
        self._connections = parts.connections
        self._journal = parts.journal
        self._listening: Listening | None = None
        self._config = Config()
        self._earlier_dns = read_totals(parts.journal)

    @classmethod
    async def bring_up(cls, surroundings: Surroundings, config: Config) -> "Network":
        """Everything started: what waited in the queue is being delivered."""
        world, counters = surroundings.world, Counters()
        emit = counted(surroundings.emit, counters, world.clock.now)
        journal = Journal(surroundings.state, surroundings.tell)
        ids = {
            name: Ids(journal, name, surroundings.first_ids.get(name, 1))
            for name in ("mid", "dcid", "icid")
        }
        tasks = LiveTasks(surroundings.on_bug)
        resolver = Resolver(world, config.dns.servers, emit)
        policies = Policies.bring_up(world, journal, resolver, tasks, emit)
        demo = demo_certificate(surroundings.state.parent, world.clock.now())
        credentials = Credentials(world.system_roots, demo)
        connections = Connections(world, config.hostname, credentials, ids["dcid"], tasks, emit)
        parts = DeliveryParts(
            world=world,
            resolver=resolver,
            discovery=policies.discovery,
            connections=connections,
            journal=journal,
            mids=ids["mid"],
            credentials=credentials,
            limits=Limits(),
            stories=Stories(world.clock.now),
            emit=emit,
        )
        arrears = Arrears(world.clock, tasks, connections, surroundings.tell)
        engine = Engine(
            EngineParts(
                world=world,
                journal=journal,
                mids=ids["mid"],
                icids=ids["icid"],
                tasks=tasks,
                limits=parts.limits,
                connections=connections,
                arrears=arrears,
                deliver=partial(Delivery, parts),
            ),
            config,
        )
        connections.freed = engine.freed
        arrears.resumed = engine.pump
        counters.resume(engine.waiting)
        network = cls(parts, engine, policies, counters)
        network._listen(config, tasks, surroundings)
        network.adopt(config)
        return network

    def _listen(self, config: Config, tasks: LiveTasks, surroundings: Surroundings) -> None:
        listener = Listener(
            self.world,
            config.interfaces[0],
            self.engine,
            self.resolver.ptr,
            self.parts.credentials.inbound,
            self.parts.emit,
        )

        async def serve(sock: socket.socket) -> None:
            """An inbound connection is a live task of the engine from accept to close."""
            self.engine.inbound_opened()
            try:
                await tasks.start("inbound connection", listener.serve(sock))
            finally:
                self.engine.inbound_closed()

        self._listening = Listening("listener", serve, surroundings.on_bug, LIMIT)
        self._listening.start()

    def open_connections(self) -> Counter[str]:
        """How many connections to mail hosts are open, by the host they were made for."""
        return Counter(open_.endpoint.domain for open_ in self._connections.live.values())

    def dns_uptime(self) -> DnsTotals:
        """What the resolver has counted since the start."""
        return totals_of(self.counters, self.resolver.cache)

    def dns_lifetime(self) -> DnsTotals:
        """The same, with all earlier runs."""
        return self._earlier_dns + self.dns_uptime()

    @property
    def listener_address(self) -> tuple[str, int]:
        """The real socket address at which mail is taken in."""
        assert self._listening is not None
        return self._listening.address

    @property
    def resolvers(self) -> tuple[str, ...]:
        """The addresses of the configured resolvers, in the order in which they are asked."""
        servers = sorted(self._config.dns.servers, key=lambda server: server.priority)
        return tuple(server.address for server in servers)

    def adopt(self, config: Config) -> None:
        """Work by this configuration from now on."""
        self._config = config
        self.resolver.adopt(config.dns)
        self.parts.credentials.adopt(config)
        self.policies.adopt(config.updates, self.parts.credentials.roots)
        self.engine.adopt(config)

    async def quiet(self) -> Quiet | Busy:
        """Wait until nothing is under way."""
        return await self.engine.quiet()

    async def close(self) -> None:
        """End everything; what was accepted is on the disk."""
        if self._listening is not None:
            await self._listening.stop()
        self.policies.close()
        await self.engine.close()
        await self._connections.close_all()
        with suppress(NotRecorded):  # the next start counts on from the totals before
            await keep_totals(self._journal, self.dns_lifetime())
        self._journal.close()


def counted(emit: Emit, counters: Counters, now: Callable[[], datetime]) -> Emit:
    """Tells everybody of an event, and counts it."""

    def emit_and_count(event: Event) -> None:
        emit(event)
        counters.note(event, now())

    return emit_and_count

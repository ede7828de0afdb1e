"""An appliance's engine among mail hosts that do what a test says; the DNS is a lab's."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from seg_cli.config.tree import Config
from seg_cli.delivery.network import Network, Surroundings
from seg_cli.delivery.quiet import Quiet
from seg_cli.events import Event
from seg_cli.lab.first_config import first_config
from seg_cli.lab.internet import Lab
from seg_cli.lab.reading import parse_spec
from seg_cli.logs.bus import Bus, Stamped
from seg_cli.logs.mail_logs import format_line
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import SteppedClock
from seg_cli.policy.bounds import UNBOUNDED, Bounds
from seg_cli.smtp.handler import Envelope, Session
from seg_cli.smtp.profile import Say, ServerProfile
from seg_cli.terms import Mid
from tests import log_rules
from tests.delivery.messages import NOW
from tests.smtp.conftest import MailHost, listening

DOMAINS = ("domain.com", "other.com")
"""Both have the same mail hosts."""

Configure = Callable[[Config], Config]


@dataclass(frozen=True, slots=True)
class Host:
    """A mail host: its preference, its addresses, and what it says to whom; a dead one refuses
    connections."""

    preference: int = 10
    addresses: tuple[str, ...] = ()
    answers: Mapping[str, Say] = field(default_factory=dict)
    profile: ServerProfile = field(default_factory=lambda: ServerProfile("mx"))
    dead: bool = False


class Moody(MailHost):
    """A mail host that says to a sender once what `once` has for it."""

    def __init__(self, profile: ServerProfile, answers: dict[str, Say]) -> None:
        super().__init__(profile, answers)
        self.once: dict[str, Say] = {}

    async def sender(self, session: Session, sender: str) -> Say | None:
        return self.once.pop(sender, None) or await super().sender(session, sender)


@dataclass
class Post:
    """`hosts` by the first label of their names; `lines` is the log without time and level."""

    network: Network
    clock: SteppedClock
    hosts: dict[str, Moody]
    events: list[Event]
    log: list[str]
    lab: Lab
    config: Config
    watchers: list[Callable[[Event], None]]
    troubles: list[str]

    async def send(self, *to: str, sender: str = "me@here.example") -> Mid:
        """Take a message in; it goes at the next `quiet`."""
        mid = await self.network.engine.next_mid()
        await self.network.engine.accept(mid, Envelope(sender, to), b"Subject: hi\r\n\r\nhi\r\n")
        return mid

    async def quiet(self) -> None:
        self.network.engine.pump()
        assert await self.network.quiet() == Quiet()

    async def deliver(self, *to: str) -> None:
        await self.send(*to)
        await self.quiet()

    async def advance(self, **span: float) -> None:
        await self.clock.advance(timedelta(**span), self.network.quiet)

    @property
    def lines(self) -> list[str]:
        return [line.split(": ", 1)[1] for line in self.log]

    def told(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]

    def received(self, host: str) -> list[tuple[str, ...]]:
        """The recipients of each message that a host took."""
        return [envelope.recipients for envelope, _ in self.hosts[host].messages]


@asynccontextmanager
async def post(
    directory: Path,
    hosts: Mapping[str, Host],
    *configure: Configure,
    bounds: Bounds = UNBOUNDED,
) -> AsyncIterator[Post]:
    """An appliance that sends to `hosts`; one without addresses gets one of its own."""
    addresses = {
        name: host.addresses or (f"192.0.2.{number}",)
        for number, (name, host) in enumerate(hosts.items(), start=1)
    }
    spec = parse_spec(tables(hosts, addresses))
    clock = SteppedClock(NOW)
    events: list[Event] = []
    log: list[str] = []
    watchers: list[Callable[[Event], None]] = []
    troubles: list[str] = []
    config = first_config(spec)
    for change in configure:
        config = change(config)

    def write(stamped: Stamped) -> None:
        events.append(stamped.event)
        log.append(format_line(stamped, config.zone))
        for watcher in watchers:
            watcher(stamped.event)

    bus = Bus(clock.now)
    bus.subscribe(write)
    async with AsyncExitStack() as stack:
        lab = await Lab(spec, directory / "lab", clock.now).open()
        stack.push_async_callback(lab.close)
        running = {name: Moody(host.profile, dict(host.answers)) for name, host in hosts.items()}
        detours: dict[str, tuple[str, int]] = {}
        for name, host in running.items():
            host.address = await stack.enter_async_context(listening(host.serve))
            if not hosts[name].dead:
                detours |= dict.fromkeys(addresses[name], host.address)
        world = lab.world(clock, SeededChooser(0))

        def where(address: str, port: int) -> tuple[str, int]:
            return detours.get(address) or world.where(address, port)

        surroundings = Surroundings(
            replace(world, where=where, bounds=bounds),
            directory / "state.sqlite3",
            bus.emit,
            fail,
            {},
            troubles.append,
        )
        network = await Network.bring_up(surroundings, config)
        stack.push_async_callback(network.close)
        yield Post(network, clock, running, events, log, lab, config, watchers, troubles)
        assert log_rules.check(log) == []


def tables(
    hosts: Mapping[str, Host], addresses: Mapping[str, tuple[str, ...]]
) -> dict[str, object]:
    """The lab's own servers stand behind no address: it only says where the hosts are."""
    mx = [f"{host.preference} {name}.domain.com" for name, host in hosts.items()]
    policy = "version: STSv1\nmode: testing\nmx: *.domain.com\nmax_age: 604800\n"
    return {
        "domains": {name: {"mx": mx, "mta_sts_txt": "v=STSv1; id=1;"} for name in DOMAINS},
        "policies": {name: {"addresses": ["10.1.1.4"], "text": policy} for name in DOMAINS},
        "hosts": {
            f"{name}.domain.com": {
                "addresses": list(addresses[name]),
                "certificate": {"names": [f"{name}.domain.com"]},
                "reach": "refused" if host.dead else "open",
            }
            for name, host in hosts.items()
        },
    }


def fail(name: str, bug: BaseException) -> NoReturn:
    raise AssertionError(name) from bug

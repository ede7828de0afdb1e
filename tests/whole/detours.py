"""A bench among strangers: addresses of its lab lead to peers of the test.

The rest of the lab answers as ever, so that a test says what one peer does and no more.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.query

from seg_cli.lab.internet import DNS_PORT, Lab
from seg_cli.lab.spec import Certificate
from seg_cli.lab.station import Station
from seg_cli.lab.tls import ServerTls
from tests.net.conftest import Listening, open_name_server
from tests.net.name_server import NameServerPeer, Reply
from tests.whole.conftest import DEBUG_LEVEL, Bench, at, plan
from tests.whole.test_tech_note import configure

Place = tuple[str, int]


class DetouredLab(Lab):
    """A lab with a list of detours, from its own addresses and ports to sockets on loopback."""

    detours: dict[Place, Place]

    def where(self, address: str, port: int) -> Place:
        return self.detours.get((address, port)) or super().where(address, port)

    def context_of(self, name: str) -> ssl.SSLContext:
        """TLS as an honest host of that name offers it."""
        return self._tls.offer(ServerTls(Certificate((name,), name))).context


class DetouredStation(Station):
    """A station in such a lab."""

    async def lab(self) -> DetouredLab:
        if not isinstance(self._lab, DetouredLab):
            lab = DetouredLab(self.spec, self.lab_directory, self.plan.clock.now)
            lab.detours = {}
            self._lab = await lab.open()
        return self._lab


@dataclass(frozen=True, slots=True)
class Abroad:
    """A bench whose destination domain.com has MTA-STS, its log at Debug; and room for peers."""

    box: Bench
    lab: DetouredLab
    peers: Listening
    ending: ExitStack

    async def send(self, to: str = "user@domain.com", sender: str = "user@plain.example") -> None:
        await self.box.type(f"lab send from={sender} to={to}")

    async def serve_names(self, resolver: str, peer: NameServerPeer) -> None:
        """Let a peer stand before a resolver of the lab, which answers what its script has not."""
        own = self.lab.where(resolver, DNS_PORT)
        peer.otherwise = relayed_to(own[1])
        self.ending.callback((await open_name_server(self.peers, peer)).close)
        self.lab.detours[resolver, DNS_PORT] = ("127.0.0.1", peer.port)

    def assert_printable(self) -> None:
        """Nothing in any log is other than printable text on lines."""
        for path in self.box.station.appliance.directory.glob("log/*/*"):
            text = path.read_bytes().decode()
            assert text.replace("\n", "").isprintable(), path


def relayed_to(port: int) -> Reply:
    """What the name server behind that port says. It runs in a thread of its own."""
    return lambda query: (dns.query.tcp(query, "127.0.0.1", port=port, timeout=5).to_wire(),)


@asynccontextmanager
async def abroad(directory: Path, **over: object) -> AsyncIterator[Abroad]:
    """Whatever the peers do, the log is sound and printable in the end."""
    station = DetouredStation(plan(directory / "appliance", **over))
    peers = Listening()
    try:
        async with at(station) as box:
            await configure(box)
            await box.type("logconfig", *DEBUG_LEVEL)
            await box.type("commit", "debug", "n")
            with ExitStack() as ending:
                here = Abroad(box, await station.lab(), peers, ending)
                yield here
                here.assert_printable()
    finally:
        await peers.close()

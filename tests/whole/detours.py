"""A bench among strangers: addresses of its lab lead to peers of the test.

The rest of the lab answers as ever, so that a test says what one peer does and no more.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from seg_cli.lab.internet import Lab
from seg_cli.lab.spec import Certificate
from seg_cli.lab.station import Station
from seg_cli.lab.tls import ServerTls
from tests.net.conftest import Listening
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

    async def send(self, to: str = "user@domain.com") -> None:
        await self.box.type(f"lab send from=user@plain.example to={to}")

    def assert_printable(self) -> None:
        """Nothing in any log is other than printable text on lines."""
        for path in self.box.station.appliance.directory.glob("log/*/*"):
            text = path.read_bytes().decode()
            assert text.replace("\n", "").isprintable(), path


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
            here = Abroad(box, await station.lab(), peers)
            yield here
            here.assert_printable()
    finally:
        await peers.close()

"""Connections to mail hosts: each attempt to make one has a DCID, and each one that was made is
closed 5 seconds of appliance time after its last use.
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from seg_cli.delivery.ids import Ids
from seg_cli.delivery.tasks import LiveTasks
from seg_cli.events import ConnectionClosed, ConnectionFailed, ConnectionOpened, Event
from seg_cli.net.dialer import dial
from seg_cli.net.world import World
from seg_cli.policy.facts import Failed
from seg_cli.smtp.client import SmtpClient
from seg_cli.terms import Dcid

KEPT_FOR = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of a mail host, reached from an interface, on behalf of a domain."""

    domain: str
    host: str
    address: str
    port: int
    interface: str


@dataclass(frozen=True, slots=True)
class Connection:
    """An open connection and its number."""

    dcid: Dcid
    endpoint: Endpoint
    client: SmtpClient


@dataclass(frozen=True, slots=True)
class Unconnected:
    """An attempt that came to nothing; its line is in the log."""

    dcid: Dcid
    failed: Failed


@dataclass(frozen=True, slots=True)
class Connections:
    """Makes and ends connections; `hostname` is who we say we are."""

    world: World
    hostname: str
    context: ssl.SSLContext
    dcids: Ids
    tasks: LiveTasks
    emit: Callable[[Event], None]
    live: dict[Dcid, Connection] = field(default_factory=dict)

    async def open(self, endpoint: Endpoint) -> Connection | Unconnected:
        """Dial an address; a failure is logged with the DCID of the attempt."""
        dcid = Dcid(await self.dcids.take())
        self.emit(ConnectionOpened(dcid, endpoint.interface, endpoint.address, endpoint.port))
        sock = await dial(self.world, endpoint.address, endpoint.port)
        if isinstance(sock, Failed):
            return self.failed(dcid, endpoint, sock)
        client = await SmtpClient.over(sock, self.world.patience)
        self.live[dcid] = Connection(dcid, endpoint, client)
        return self.live[dcid]

    def failed(self, dcid: Dcid, endpoint: Endpoint, failed: Failed) -> Unconnected:
        """Log a connection that the network or the host would not have."""
        self.emit(
            ConnectionFailed(
                dcid=dcid,
                domain=endpoint.domain,
                address=endpoint.address,
                port=endpoint.port,
                details=failed.detail or failed.reason.value,
                interface=endpoint.interface,
                reason="network error",
            )
        )
        return Unconnected(dcid, failed)

    def park(self, connection: Connection) -> None:
        """Keep a connection for a while after its last use, then say goodbye."""
        due = self.world.clock.now() + KEPT_FOR
        name = f"closing of DCID {connection.dcid}"
        self.world.clock.call_at(due, lambda: self.tasks.start(name, self.close(connection)))

    async def close(self, connection: Connection) -> None:
        """Say goodbye and close."""
        await connection.client.quit()
        self.live.pop(connection.dcid, None)
        self.emit(ConnectionClosed(connection.dcid))

    async def close_all(self) -> None:
        """Close what is still open at the end, without a word to either side; the next start goes
        on with the next number."""
        while self.live:
            _, connection = self.live.popitem()
            await connection.client.close()
        await self.dcids.give_back()

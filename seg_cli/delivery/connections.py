"""Connections to mail hosts: each attempt to make one has a DCID, and each one that was made is
kept for 5 seconds of appliance time after its last use, for whoever may send over it.
"""

import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from seg_cli.delivery.credentials import Credentials
from seg_cli.delivery.ids import Ids
from seg_cli.delivery.tasks import LiveTasks
from seg_cli.events import ConnectionClosed, ConnectionFailed, ConnectionOpened, Event
from seg_cli.net.dialer import dial
from seg_cli.net.world import World
from seg_cli.policy.facts import Failed
from seg_cli.policy.requirement import Sts, TlsRequirement
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
class Terms:
    """What a connection had to show, and under which policy.

    A certificate is held against names of the recipient domain, so a connection that showed one
    serves that `domain` alone; where nothing is checked it is empty, and domains that are subject
    to the same policy share the connections to their common host (STS-55).
    """

    requirement: TlsRequirement
    sts: Sts
    domain: str = ""

    @classmethod
    def of(cls, domain: str, requirement: TlsRequirement, sts: Sts) -> "Terms":
        """The terms of mail to a domain."""
        checked = requirement.checks or requirement.tried is not None
        return cls(requirement, sts, domain if checked else "")


@dataclass(frozen=True, slots=True)
class Way:
    """Where a connection leads and on what terms; mail for an equal way may go over it."""

    host: str
    address: str
    port: int
    interface: str
    terms: Terms

    @classmethod
    def to(cls, endpoint: Endpoint, terms: Terms) -> "Way":
        """The way to an endpoint."""
        return cls(endpoint.host, endpoint.address, endpoint.port, endpoint.interface, terms)


@dataclass(slots=True)
class Connection:
    """An open connection, its number, and how many messages were offered over it.

    `credentials` is the edition of those by which it was opened.
    """

    dcid: Dcid
    endpoint: Endpoint
    way: Way
    client: SmtpClient
    messages: int = 0
    credentials: int = 0


@dataclass(frozen=True, slots=True)
class Unconnected:
    """An attempt that came to nothing; its line is in the log."""

    dcid: Dcid
    failed: Failed


@dataclass(slots=True)
class Kept:
    """A connection between two messages."""

    connection: Connection
    until: datetime


def _nobody_waits(_domain: str) -> None:
    """Until an engine is there."""


@dataclass(slots=True)
class Connections:
    """Makes, keeps and ends connections; `hostname` is who we say we are. `freed` is told the
    domain of each connection that is no longer in use.

    Nobody watches a kept connection: that it was lost shows at its next use, or never.
    """

    world: World
    hostname: str
    credentials: Credentials
    dcids: Ids
    tasks: LiveTasks
    emit: Callable[[Event], None]
    live: dict[Dcid, Connection] = field(default_factory=dict)
    freed: Callable[[str], None] = _nobody_waits
    _to: Counter[tuple[str, str]] = field(default_factory=Counter)
    _counted: dict[Dcid, Endpoint] = field(default_factory=dict)
    _kept: dict[Dcid, Kept] = field(default_factory=dict)
    _by_way: dict[Way, list[Dcid]] = field(default_factory=dict)
    _sweeping: bool = False

    @property
    def context(self) -> ssl.SSLContext:
        """TLS as it is begun with any mail host now."""
        return self.credentials.context

    async def open(self, endpoint: Endpoint, terms: Terms) -> Connection | Unconnected:
        """Dial an address; a failure is logged with the DCID of the attempt."""
        self._to[endpoint.domain, endpoint.address] += 1
        dcid = Dcid(await self.dcids.take())
        self._counted[dcid] = endpoint
        self.emit(ConnectionOpened(dcid, endpoint.interface, endpoint.address, endpoint.port))
        sock = await dial(self.world, endpoint.address, endpoint.port)
        if isinstance(sock, Failed):
            return self.failed(dcid, endpoint, sock)
        client = SmtpClient.over(sock, self.world.patience)
        way, edition = Way.to(endpoint, terms), self.credentials.edition
        connection = Connection(dcid, endpoint, way, client, credentials=edition)
        self.live[dcid] = connection
        return connection

    def failed(self, dcid: Dcid, endpoint: Endpoint, failed: Failed) -> Unconnected:
        """Log a connection that the network or the host would not have."""
        self.live.pop(dcid, None)
        self._gone(dcid)
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

    def to(self, domain: str, address: str) -> int:
        """How many connections there are to an address on behalf of a domain."""
        return self._to[domain, address]

    def on_behalf_of(self, domain: str) -> int:
        """How many connections there are for a domain; this looks through them all."""
        return sum(number for (whose, _), number in self._to.items() if whose == domain)

    def _gone(self, dcid: Dcid) -> None:
        endpoint = self._counted.pop(dcid, None)
        if endpoint is None:  # told before: a connection that failed is closed as well
            return
        key = endpoint.domain, endpoint.address
        self._to[key] -= 1
        if not self._to[key]:
            del self._to[key]
        self.freed(endpoint.domain)

    # Between two messages

    def park(self, connection: Connection) -> None:
        """Keep a connection for a while after its last use, for the next one."""
        until = self.world.clock.now() + KEPT_FOR
        self._kept[connection.dcid] = Kept(connection, until)
        self._by_way.setdefault(connection.way, []).append(connection.dcid)
        if not self._sweeping:
            self._sweep()
        self.freed(connection.endpoint.domain)

    def take(self, way: Way) -> Connection | None:
        """The kept connection that was used last of those that lead this way, if there is one;
        those of former credentials are closed."""
        while dcids := self._by_way.get(way):
            connection = self._kept[dcids[-1]].connection
            self._unkeep(connection)
            if connection.credentials == self.credentials.edition:
                return connection
            self.begin_to_close(connection)
        return None

    def kept_until(self, host: str) -> datetime | None:
        """How long a connection to a host is kept at most, if there is one; for an onlooker."""
        ends = [each.until for each in self._kept.values() if each.connection.way.host == host]
        return max(ends, default=None)

    def _unkeep(self, connection: Connection) -> None:
        del self._kept[connection.dcid]
        dcids = self._by_way[connection.way]
        dcids.remove(connection.dcid)
        if not dcids:
            del self._by_way[connection.way]

    def _sweep(self) -> None:
        """Close what was kept long enough, and come again for what was kept next."""
        self._sweeping = False
        now = self.world.clock.now()
        for oldest in tuple(self._kept.values()):
            if oldest.until > now:
                self.world.clock.call_at(oldest.until, self._sweep)
                self._sweeping = True
                return
            self._unkeep(oldest.connection)
            self.begin_to_close(oldest.connection)

    # The end

    def begin_to_close(self, connection: Connection) -> None:
        """Close in a task of its own."""
        self.tasks.start(f"closing of DCID {connection.dcid}", self.close(connection))

    async def close(self, connection: Connection) -> None:
        """Say goodbye and close."""
        await connection.client.quit()
        self.live.pop(connection.dcid, None)
        self.emit(ConnectionClosed(connection.dcid))
        self._gone(connection.dcid)

    async def close_all(self) -> None:
        """Close what is still open at the end, without a word to either side; the next start goes
        on with the next number."""
        while self.live:
            _, connection = self.live.popitem()
            connection.client.close()
        await self.dcids.give_back()

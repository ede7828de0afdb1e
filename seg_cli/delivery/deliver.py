"""One delivery as a story: gather, govern, and for each host demand, dial, start TLS, judge, send.

Between any two steps one event. Nothing here compares modes: policy/ decides.
"""

from collections.abc import Callable
from dataclasses import dataclass

from seg_cli.config.smtp_routes import DISCARD, SmtpRoute
from seg_cli.config.tree import Config
from seg_cli.delivery.addresses import host_addresses
from seg_cli.delivery.bounce import Postmaster
from seg_cli.delivery.connections import Connection, Connections, Endpoint, Unconnected
from seg_cli.delivery.discovery import Discovery
from seg_cli.delivery.ids import Ids
from seg_cli.delivery.journal import Journal
from seg_cli.delivery.last_look import finds_new_policy
from seg_cli.delivery.next_hops import NextHop, NextHops
from seg_cli.delivery.policies import proxy_of
from seg_cli.delivery.queue import Parcel, Queue
from seg_cli.delivery.settlement import Settlement
from seg_cli.delivery.story import (
    Governed,
    HostChosen,
    HostSkipped,
    Judged,
    NoHosts,
    PolicySought,
    Sent,
    Stories,
    Story,
    Unreached,
)
from seg_cli.delivery.tls import Secured, secure
from seg_cli.events import (
    DaneUnavailable,
    DeliveryDoubtful,
    DeliveryStarted,
    Event,
    MtaStsHostSkipped,
)
from seg_cli.net.resolver import Resolver
from seg_cli.net.world import World
from seg_cli.policy.facts import Failed, Found, HostNames
from seg_cli.policy.outcome import Answered, HeldBack, NotReached, Result
from seg_cli.policy.precedence import Applies, Governance, Skipped, govern
from seg_cli.policy.requirement import (
    NotAsked,
    Refusal,
    Sts,
    TlsRequirement,
    demand,
)
from seg_cli.policy.tls_settings import CheckKind, Encryption
from seg_cli.policy.verdict import Course, Reference
from seg_cli.smtp.replies import Reply
from seg_cli.standards.pkix import TrustAnchors
from seg_cli.terms import NO_DCID, Dcid, Reason

BY_NAME = {CheckKind.MTA_STS, CheckKind.VERIFY_HOSTED}


@dataclass(frozen=True, slots=True)
class DeliveryParts:
    """What every delivery shares."""

    world: World
    resolver: Resolver
    discovery: Discovery
    connections: Connections
    journal: Journal
    mids: Ids
    anchors: TrustAnchors
    stories: Stories
    emit: Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Attempted:
    """How far it came: a result for each recipient of the parcel, and the last connection.

    `host` is the mail host that answered for the message; empty if none was asked.
    """

    results: tuple[Result, ...]
    dcid: Dcid = NO_DCID
    host: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver one parcel."""

    parts: DeliveryParts
    config: Config
    parcel: Parcel
    story: Story

    async def run(self, queue: Queue) -> Parcel | None:
        """Try, and settle what came of it; what still waits comes back."""
        parts, postmaster = self.parts, Postmaster.of(self.config)
        settlement = Settlement(parts.journal, queue, parts.emit, parts.mids, postmaster)
        route = self.config.smtp_routes.find(self.parcel.domain)
        if route is not None and route.keyword == DISCARD:
            await settlement.discard(self.parcel)
            return None
        attempted = await self._attempt(route)
        if await finds_new_policy(self, attempted, route):
            attempted = await self._attempt(route)
        profile = self.config.bounce_profile_for(self.parcel.domain)
        return await settlement.settle(
            self.parcel, attempted, profile, self.parts.world.clock.now()
        )

    async def _attempt(self, route: SmtpRoute | None) -> Attempted:
        """Try host after host until one answers for the message."""
        domain, emit = self.parcel.domain, self.parts.emit
        governance = govern(self.config.destinations.settings_for(domain), route)
        self.story.tell(Governed(governance))
        if governance.dane == Skipped(Reason.DANE_UNAVAILABLE):
            emit(DaneUnavailable(domain, governance.dane_mode))
        sts = await self._policy(governance)
        self.story.tell(PolicySought(sts))
        hops = await NextHops(self.parts.resolver, emit).of(domain, route)
        if isinstance(hops, NotReached):
            self.story.tell(NoHosts(hops))
            return self._for_all(hops)
        self.parts.discovery.tell(domain, sts)
        attempted = self._for_all(NotReached(Reason.NO_ADDRESS, Reason.NO_ADDRESS.value))
        for hop in hops:
            requirement = demand(governance, hop.host, sts)
            if isinstance(requirement, Refusal):
                attempted = self._skipped(hop, requirement)
                continue
            self.story.tell(HostChosen(hop.host, requirement))
            attempted = await self._try_host(hop, requirement, route) or attempted
            if any(isinstance(result, Answered) for result in attempted.results):
                break
        return attempted

    async def _policy(self, governance: Governance) -> Sts:
        match governance.mta_sts:
            case Applies():
                proxy = proxy_of(self.config.updates)
                return await self.parts.discovery.policy_for(self.parcel.domain, proxy)
            case Skipped():
                return NotAsked()

    def _skipped(self, hop: NextHop, refusal: Refusal) -> Attempted:
        self.story.tell(HostSkipped(hop.host, refusal))
        if refusal.reason is Reason.STS_MX_NOT_LISTED:
            self.parts.emit(MtaStsHostSkipped(self.parcel.domain, hop.host))
        return self._for_all(HeldBack(refusal.reason))

    async def _try_host(
        self, hop: NextHop, requirement: TlsRequirement, route: SmtpRoute | None
    ) -> Attempted | None:
        """Try the host's addresses until one answers; None if it has no address."""
        attempted = None
        for address in await host_addresses(self.parts.resolver, hop.host):
            endpoint = Endpoint(
                self.parcel.domain, hop.host, address, hop.port, self.config.interfaces[0].address
            )
            attempted = await self._try_address(endpoint, requirement, route)
            if not all(isinstance(result, NotReached) for result in attempted.results):
                break
        return attempted

    async def _try_address(
        self, endpoint: Endpoint, requirement: TlsRequirement, route: SmtpRoute | None
    ) -> Attempted:
        """Dial, greet, secure as the requirement says, and send."""
        connection = await self.parts.connections.open(endpoint)
        if isinstance(connection, Unconnected):
            return self._unconnected(connection, endpoint)
        opened = await self._greet(connection)
        if isinstance(opened, Unconnected):
            return self._unconnected(opened, endpoint)
        if requirement.encryption is Encryption.NEVER:
            return await self._send(connection)
        names = await self._names(endpoint, requirement, route)
        reference = Reference(self.parts.anchors, self.parts.world.clock.now(), names)
        secured = await secure(self.parts.connections, connection, requirement, reference)
        self.story.tell(
            Judged(connection.dcid, endpoint.address, secured.seen.facts, secured.seen.verdict)
        )
        return await self._after_tls(connection, secured, route)

    async def _after_tls(
        self, connection: Connection, secured: Secured, route: SmtpRoute | None
    ) -> Attempted:
        match secured.course:
            case Course.SEND | Course.SEND_IN_CLEAR:
                return await self._send(connection)
            case Course.RECONNECT_IN_CLEAR:
                await self.parts.connections.close(connection)
                in_clear = TlsRequirement(Encryption.NEVER)
                return await self._try_address(connection.endpoint, in_clear, route)
            case Course.REFUSE:
                await self.parts.connections.close(connection)
                return self._for_all(HeldBack(secured.reason), connection.dcid)

    async def _greet(self, connection: Connection) -> Connection | Unconnected:
        """Greeting and EHLO; a host that answers neither well is not reached (TLS-07)."""
        client, connections = connection.client, self.parts.connections
        greeting = await client.greet()
        hello = await client.ehlo(self.config.hostname) if _is_positive(greeting) else greeting
        if not isinstance(hello, Reply | Failed):
            hello = hello.reply
        if isinstance(hello, Reply) and hello.is_positive:
            return connection
        failed = hello if isinstance(hello, Failed) else Failed(Reason.REFUSED, detail=str(hello))
        await client.quit()
        return connections.failed(connection.dcid, connection.endpoint, failed)

    async def _names(
        self, endpoint: Endpoint, requirement: TlsRequirement, route: SmtpRoute | None
    ) -> HostNames:
        """The names a certificate may be held against; asked for anew at each connection."""
        checks = {*requirement.checks, requirement.tried}
        mx_hosts: tuple[str, ...] = ()
        ptr: tuple[str, ...] = ()
        if checks & BY_NAME and route is None:
            answer = await self.parts.resolver.mx(endpoint.domain)
            if isinstance(answer, Found):
                mx_hosts = tuple(host.name for host in answer.value)
        if CheckKind.VERIFY in checks:
            reverse = await self.parts.resolver.ptr(endpoint.address)
            if isinstance(reverse, Found):
                ptr = reverse.value
        route_hosts = () if route is None else tuple(host.host for host in route.hosts)
        return HostNames(
            endpoint.domain,
            endpoint.host,
            mx_hosts or (endpoint.host,),
            route_hosts,
            ptr,
        )

    async def _send(self, connection: Connection) -> Attempted:
        """The message itself; a connection that survives is kept for a while."""
        parcel, emit = self.parcel, self.parts.emit
        emit(DeliveryStarted(connection.dcid, parcel.mid, parcel.rids))
        message = parcel.message
        addresses = tuple(recipient.address for recipient in parcel.recipients)
        transaction = await connection.client.send(message.sender, addresses, message.content)
        if transaction.doubtful:
            emit(DeliveryDoubtful(connection.dcid, parcel.mid, parcel.rids))
        if connection.client.usable:
            self.parts.connections.park(connection)
        else:
            await self.parts.connections.close(connection)
        results = tuple(map(_result, transaction.answers))
        self.story.tell(Sent(connection.dcid, connection.endpoint.address, results))
        return Attempted(results, connection.dcid, connection.endpoint.host)

    def _unconnected(self, unconnected: Unconnected, endpoint: Endpoint) -> Attempted:
        failed = unconnected.failed
        self.story.tell(Unreached(unconnected.dcid, endpoint.address, failed))
        return self._for_all(
            NotReached(failed.reason, failed.detail or failed.reason.value), unconnected.dcid
        )

    def _for_all(self, result: Result, dcid: Dcid = NO_DCID) -> Attempted:
        return Attempted(tuple(result for _ in self.parcel.recipients), dcid)


def _is_positive(reply: Reply | Failed) -> bool:
    return isinstance(reply, Reply) and reply.is_positive


def _result(answer: Reply | Failed) -> Result:
    match answer:
        case Reply(code, lines):
            return Answered(code, lines)
        case Failed(reason, _, detail):
            return NotReached(reason, detail or reason.value)

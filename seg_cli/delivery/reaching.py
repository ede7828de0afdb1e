"""Reaching a mail host: from an address to a connection that shows what the host must show.

A kept connection that showed it is taken again; else dial, greet, start TLS, judge.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from seg_cli.delivery.addresses import FAMILIES, Family, host_addresses, is_preferred
from seg_cli.delivery.connections import Connection, Endpoint, Terms, Unconnected, Way
from seg_cli.delivery.destination import Destination
from seg_cli.delivery.limits import Full
from seg_cli.delivery.mail_hosts import Usable
from seg_cli.delivery.next_hops import NextHop
from seg_cli.delivery.parts import DeliveryParts
from seg_cli.delivery.story import Judged, Story, Unreached
from seg_cli.delivery.tls import Secured, secure
from seg_cli.policy.facts import Failed, Found, HostNames
from seg_cli.policy.outcome import HeldBack, NotReached
from seg_cli.policy.requirement import Sts, TlsRequirement
from seg_cli.policy.tls_settings import CheckKind, Encryption
from seg_cli.policy.verdict import Course, Reference
from seg_cli.smtp.replies import Reply
from seg_cli.terms import Dcid, LimitType, Reason

BY_NAME = {CheckKind.MTA_STS, CheckKind.VERIFY_HOSTED}


@dataclass(frozen=True, slots=True)
class Target:
    """One address of a next hop, what the host must show there, and under which policy."""

    hop: NextHop
    requirement: TlsRequirement
    sts: Sts
    address: str


@dataclass(frozen=True, slots=True)
class Denied:
    """Nothing can be sent there now; why, and the connection that showed it."""

    result: NotReached | HeldBack
    dcid: Dcid


@dataclass(frozen=True, slots=True)
class Reaching:
    """The way to the hosts of one domain."""

    parts: DeliveryParts
    destination: Destination
    story: Story

    async def targets(self, hosts: Iterable[Usable]) -> list[Target]:
        """Every address of hosts of one preference, in the order of the IP sort preference."""
        preference = self.destination.settings.ip_sort
        targets = [
            Target(host.hop, host.requirement, host.sts, address)
            for host in hosts
            for address in await self._addresses(host, FAMILIES[preference])
        ]
        return sorted(targets, key=lambda target: not is_preferred(target.address, preference))

    async def _addresses(self, host: Usable, families: tuple[Family, ...]) -> tuple[str, ...]:
        if host.addresses is not None:
            return host.addresses
        return await host_addresses(self.parts.resolver, host.hop.host, families)

    def claim(self, target: Target, recipients: int) -> Full | None:
        """Full where the recipient limit of the address keeps the message back now."""
        settings = self.destination.settings
        if settings.limit_type is LimitType.HOST:  # claimed by the engine, before all this
            return None
        place, now = (self.destination.domain, target.address), self.parts.world.clock.now()
        return self.parts.limits.claim(place, recipients, settings, now)

    def kept(self, target: Target) -> Connection | None:
        """A connection to the target that is open already."""
        return self.parts.connections.take(Way.to(self._endpoint(target), self._terms(target)))

    async def connect(self, target: Target) -> Connection | Denied | Full:
        """A new connection to the target; Full where its address has as many as it may have."""
        settings, domain = self.destination.settings, self.destination.domain
        by_address = settings.limit_type is LimitType.MX_IP
        if by_address and self.parts.connections.to(domain, target.address) >= settings.concurrency:
            return Full()
        return await self._connect(self._endpoint(target), target.requirement, self._terms(target))

    def _endpoint(self, target: Target) -> Endpoint:
        domain, interface = self.destination.domain, self.destination.config.interfaces[0]
        return Endpoint(domain, target.hop.host, target.address, target.hop.port, interface.address)

    def _terms(self, target: Target) -> Terms:
        return Terms.of(self.destination.domain, target.requirement, target.sts)

    async def _connect(
        self, endpoint: Endpoint, requirement: TlsRequirement, terms: Terms
    ) -> Connection | Denied:
        """Dial, greet, and secure as the requirement says."""
        opened = await self.parts.connections.open(endpoint, terms)
        greeted = opened if isinstance(opened, Unconnected) else await self._greet(opened)
        if isinstance(greeted, Unconnected):
            failed = greeted.failed
            self.story.tell(Unreached(greeted.dcid, endpoint.address, failed))
            return Denied(
                NotReached(failed.reason, failed.detail or failed.reason.value), greeted.dcid
            )
        if requirement.encryption is Encryption.NEVER:
            return greeted
        names = await self._names(endpoint, requirement)
        reference = Reference(self.parts.anchors, self.parts.world.clock.now(), names)
        secured = await secure(self.parts.connections, greeted, requirement, reference)
        facts, verdict = secured.seen.facts, secured.seen.verdict
        self.story.tell(Judged(greeted.dcid, endpoint.address, facts, verdict))
        return await self._after_tls(greeted, secured, terms)

    async def _after_tls(
        self, connection: Connection, secured: Secured, terms: Terms
    ) -> Connection | Denied:
        match secured.course:
            case Course.SEND | Course.SEND_IN_CLEAR:
                return connection
            case Course.RECONNECT_IN_CLEAR:
                await self.parts.connections.close(connection)
                in_clear = TlsRequirement(Encryption.NEVER)
                return await self._connect(connection.endpoint, in_clear, terms)
            case Course.REFUSE:
                await self.parts.connections.close(connection)
                return Denied(HeldBack(secured.reason), connection.dcid)

    async def _greet(self, connection: Connection) -> Connection | Unconnected:
        """Greeting and EHLO; a host that answers neither well is not reached (TLS-07)."""
        client, connections = connection.client, self.parts.connections
        greeting = await client.greet()
        name = self.destination.config.hostname
        hello = await client.ehlo(name) if _is_positive(greeting) else greeting
        if not isinstance(hello, Reply | Failed):
            hello = hello.reply
        if isinstance(hello, Reply) and hello.is_positive:
            return connection
        failed = hello if isinstance(hello, Failed) else Failed(Reason.REFUSED, detail=str(hello))
        await client.quit()
        return connections.failed(connection.dcid, connection.endpoint, failed)

    async def _names(self, endpoint: Endpoint, requirement: TlsRequirement) -> HostNames:
        """The names a certificate may be held against; asked for anew at each connection."""
        route = self.destination.route
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


def _is_positive(reply: Reply | Failed) -> bool:
    return isinstance(reply, Reply) and reply.is_positive

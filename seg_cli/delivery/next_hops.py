"""Next hops: where mail for a domain goes, by its SMTP route or by its MX records."""

from collections.abc import Callable
from dataclasses import dataclass

from seg_cli.address_literals import is_address
from seg_cli.config.smtp_routes import SmtpRoute
from seg_cli.events import DnsHardFailed, Event
from seg_cli.net.resolver import Resolver
from seg_cli.policy.facts import Absent, Failed, Found
from seg_cli.policy.outcome import NotReached
from seg_cli.terms import Reason

SMTP_PORT = 25


@dataclass(frozen=True, slots=True)
class NextHop:
    """One host to deliver to."""

    host: str
    port: int = SMTP_PORT


@dataclass(frozen=True, slots=True)
class NextHops:
    """Finds the hosts of a domain, in the order in which they are tried."""

    resolver: Resolver
    emit: Callable[[Event], None]

    async def of(self, domain: str, route: SmtpRoute | None) -> tuple[NextHop, ...] | NotReached:
        """The hosts, or why there are none: then nobody is dialled."""
        if route is None:
            return await self._by_mx(domain, SMTP_PORT)
        hops: list[NextHop] = []
        for target in sorted(route.hosts, key=lambda host: host.priority):
            if target.by_address or is_address(target.host):
                hops.append(NextHop(target.host, target.port))
                continue
            found = await self._by_mx(target.host, target.port)
            if not isinstance(found, NotReached):
                hops += found
        return tuple(hops) or NotReached(Reason.NO_ADDRESS, Reason.NO_ADDRESS.value)

    async def _by_mx(self, domain: str, port: int) -> tuple[NextHop, ...] | NotReached:
        """By preference; without MX records the domain itself is the host (RFC 5321 s5.1)."""
        match await self.resolver.mx(domain):
            case Found(hosts) if any(host.name == "." for host in hosts):
                return NotReached(Reason.NULL_MX, Reason.NULL_MX.value, permanent=True)
            case Found(hosts):
                return tuple(NextHop(host.name, port) for host in hosts)
            case Absent(Reason.DNS_NXDOMAIN as reason):
                self.emit(DnsHardFailed(domain, "MX", reason))
                detail = f"DNS Hard Error looking up {domain} (MX):  {reason.value}"
                return NotReached(reason, detail, permanent=True)
            case Absent():
                return (NextHop(domain, port),)
            case Failed(reason, _, detail):
                return NotReached(reason, detail or reason.value)

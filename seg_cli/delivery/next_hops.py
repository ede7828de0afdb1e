"""Next hops: where mail for a domain goes, by its SMTP route or by its MX records."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from seg_cli.address_literals import is_address
from seg_cli.config.smtp_routes import SmtpRoute
from seg_cli.events import DnsHardFailed, Event
from seg_cli.net.world import Chooser
from seg_cli.policy.facts import Absent, Failed, Found, Lookup, MxHost
from seg_cli.policy.outcome import NotReached
from seg_cli.terms import Reason

SMTP_PORT = 25


@dataclass(frozen=True, slots=True)
class NextHop:
    """One host to deliver to. A lower rank is tried first; equal ranks in an order drawn by lot."""

    host: str
    port: int = SMTP_PORT
    rank: tuple[int, int] = (0, 0)
    """Priority within the SMTP route, then preference among the MX records."""


@dataclass(frozen=True, slots=True)
class NextHops:
    """Finds the hosts of a domain, in the order in which they are tried, from what `mx` answers."""

    mx: Callable[[str], Awaitable[Lookup[tuple[MxHost, ...]]]]
    chooser: Chooser
    emit: Callable[[Event], None]

    async def of(self, domain: str, route: SmtpRoute | None) -> tuple[NextHop, ...] | NotReached:
        """The hosts, each once, or why there are none: then nobody is dialled."""
        if route is None:
            found = await self._by_mx(domain, SMTP_PORT)
        else:
            found = await self._by_route(route)
        if isinstance(found, NotReached) or len(found) == 1:  # nothing to order
            return found
        return tuple(self._in_order(found))

    def _in_order(self, hops: Iterable[NextHop]) -> Iterator[NextHop]:
        """By rank, equal ranks by lot (RFC 5321 s5.1); of equal names the first (DNS-08)."""
        seen: set[tuple[str, int]] = set()
        for equals in by_rank(hops):
            for hop in self.chooser.shuffled(equals) if len(equals) > 1 else equals:
                if (hop.host, hop.port) not in seen:
                    seen.add((hop.host, hop.port))
                    yield hop

    async def _by_route(self, route: SmtpRoute) -> tuple[NextHop, ...] | NotReached:
        hops: list[NextHop] = []
        for target in route.hosts:
            rank = (target.priority, 0)
            if target.by_address or is_address(target.host):
                hops.append(NextHop(target.host, target.port, rank))
                continue
            found = await self._by_mx(target.host, target.port)
            if not isinstance(found, NotReached):
                hops += (replace(hop, rank=(target.priority, hop.rank[1])) for hop in found)
        return tuple(hops) or NotReached(Reason.NO_ADDRESS, Reason.NO_ADDRESS.value)

    async def _by_mx(self, domain: str, port: int) -> tuple[NextHop, ...] | NotReached:
        """By preference; without MX records the domain itself is the host (RFC 5321 s5.1)."""
        match await self.mx(domain):
            case Found(hosts) if any(host.name == "." for host in hosts):
                return NotReached(Reason.NULL_MX, Reason.NULL_MX.value, permanent=True)
            case Found(hosts):
                return tuple(NextHop(host.name, port, (0, host.preference)) for host in hosts)
            case Absent(Reason.DNS_NXDOMAIN as reason):
                self.emit(DnsHardFailed(domain, "MX", reason))
                detail = f"DNS Hard Error looking up {domain} (MX):  {reason.value}"
                return NotReached(reason, detail, permanent=True)
            case Absent():
                return (NextHop(domain, port),)
            case Failed(reason, _, detail):
                return NotReached(reason, detail or reason.value)


def by_rank(hops: Iterable[NextHop]) -> Iterator[list[NextHop]]:
    """The hops in groups of equal rank, the first to be tried first."""
    ordered = sorted(hops, key=lambda hop: hop.rank)
    return (list(equals) for _, equals in groupby(ordered, key=lambda hop: hop.rank))

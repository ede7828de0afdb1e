"""SMTP routes: fixed next hops for recipient domains (`smtproutes`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from seg_cli.config.nearest import nearest

ALL = "ALL"
USE_DNS = "USEDNS"
DISCARD = "/dev/null"
MOST_ROUTES = 40_000


@dataclass(frozen=True, slots=True)
class RouteHost:
    """One next hop: a name or an address, its port, and its priority (0 is tried first).

    `by_address` is set for a name in square brackets: its address records are used and its
    MX records ignored. An IPv6 address before a port is bracketed too, as in a URL.
    """

    host: str
    priority: int = 0
    port: int = 25
    by_address: bool = False

    def __str__(self) -> str:
        port = f":{self.port}" if self.port != 25 else ""
        ambiguous = port and ":" in self.host
        name = f"[{self.host}]" if self.by_address or ambiguous else self.host
        priority = f" /pri={self.priority}" if self.priority else ""
        return f"{name}{port}{priority}"


@dataclass(frozen=True, slots=True)
class SmtpRoute:
    """Where mail for one domain goes: hosts, or one of the words USEDNS and /dev/null."""

    domain: str
    hosts: tuple[RouteHost, ...] = ()
    keyword: str = ""

    @property
    def destination(self) -> str:
        """The destination as the table prints it."""
        return self.keyword or ", ".join(str(host) for host in self.hosts)


@dataclass(frozen=True, slots=True)
class SmtpRoutes:
    """The routing table, by recipient domain, `.partial` domain or ALL."""

    routes: Mapping[str, SmtpRoute] = field(default_factory=lambda: MappingProxyType({}))

    def find(self, domain: str) -> SmtpRoute | None:
        """The route for mail to `domain`: exact, else the nearest `.partial`, else ALL.

        A route that says USEDNS is no route: normal resolution is used.
        """
        route = nearest(self.routes, domain) or self.routes.get(ALL)
        return None if route is None or route.keyword == USE_DNS else route

    def with_route(self, route: SmtpRoute) -> "SmtpRoutes":
        """The table with this route added or put in place of the one of the same domain."""
        return replace(self, routes=MappingProxyType({**self.routes, route.domain: route}))

    def without(self, *domains: str) -> "SmtpRoutes":
        """The table without the routes of these domains."""
        gone = frozenset(domains)
        rest = {name: route for name, route in self.routes.items() if name not in gone}
        return replace(self, routes=MappingProxyType(rest))

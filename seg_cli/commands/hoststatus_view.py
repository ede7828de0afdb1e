"""What hoststatus prints, block by block: each figure counted, or read from queue and DNS cache.

Where nothing was found, its block is left out: next hops that no cache holds, and an error there
never was. Pending connections are not told apart here, so their line is left out too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import cast

from seg_cli.commands.nslookup import duration
from seg_cli.config.smtp_routes import SmtpRoute
from seg_cli.delivery.counters import HardBounce, Host
from seg_cli.delivery.network import Network
from seg_cli.delivery.queue import Parcel
from seg_cli.logs.header import ctime
from seg_cli.net.dns_cache import Entry
from seg_cli.policy.facts import Found, MxHost
from seg_cli.printable import printable
from seg_cli.shell.session import Session

IN_A_LINE = 3
RULE = "-" * 10
DOUBLE_RULE = "=" * 60
UNITS = (("week", 604_800), ("day", 86_400), ("hour", 3600), ("min", 60), ("sec", 1))


@dataclass(frozen=True, slots=True)
class HostView:
    """One recipient host, as the appliance sees it now."""

    session: Session
    network: Network
    domain: str

    def lines(self) -> list[str]:
        """The whole display."""
        route = self.session.appliance.config.smtp_routes.find(self.domain)
        host = self.network.counters.host(self.domain)
        return [
            f"Host mail status for: '{printable(self.domain)}'",
            f"Status as of:         {self.session.appliance.date()}",
            f"Host up/down:         {host.state}",
            "",
            *counter_lines(host),
            "",
            *self._gauges(),
            "",
            f"Oldest Message        {self._oldest()}",
            f"Last Activity         {self._moment(host.last_activity)}",
            *(self._next_hops() if route is None else route_lines(route)),
            *self._last_error(host),
            "",
            *self._gateway(host),
        ]

    @property
    def _waiting(self) -> list[Parcel]:
        return [one for one in self.network.engine.waiting if one.domain == self.domain]

    @property
    def _now(self) -> datetime:
        return self.session.appliance.clock.now()

    def _moment(self, at: datetime | None) -> str:
        return "Never" if at is None else ctime(at, self.session.appliance.config.zone)

    def _gauges(self) -> list[str]:
        active = self.network.counters.active()[self.domain]
        unattempted = sum(len(one.recipients) for one in self._waiting if not one.retries)
        return [
            "Gauges:",
            "  Queue",
            figure("    Active Recipients", active),
            figure("      Unattempted Recipients", unattempted),
            figure("      Attempted Recipients", active - unattempted),
            "  Connections",
            figure(
                "    Current Outbound Connections", self.network.open_connections()[self.domain]
            ),
        ]

    def _oldest(self) -> str:
        queued = [one.message.queued_at for one in self._waiting]
        return age(self._now - min(queued)) if queued else "No Messages"

    def _next_hops(self) -> list[str]:
        """What the DNS cache holds of the host's MX records and their addresses."""
        mx = self._cached(self.domain, "MX")
        if mx is None:
            return []
        hosts = cast("tuple[MxHost, ...]", records(mx))
        ttl = duration(int((mx.expiry - self._now).total_seconds())).replace(" ", "")
        names = [f"    {one.preference:<12} {ttl:<9} {one.name}" for one in hosts]
        return [
            *self._addresses(hosts),
            "MX Records:",
            "    Preference   TTL       Hostname",
            *names,
        ]

    def _addresses(self, hosts: Sequence[MxHost]) -> list[str]:
        found = [
            (host.preference, entry)
            for host in hosts
            for rdtype in ("A", "AAAA")
            if (entry := self._cached(host.name, rdtype))
        ]
        if not found:
            return []
        expiry = min(entry.expiry for _, entry in found)
        lines = [
            f"Ordered IP addresses: (expiring at {self._moment(expiry)})",
            "    Preference   IPs",
        ]
        for preference, entries in groupby(found, key=lambda each: each[0]):
            addresses = [str(one) for _, entry in entries for one in records(entry)]
            for start in range(0, len(addresses), IN_A_LINE):
                row = "".join(f"{one:<18}" for one in addresses[start : start + IN_A_LINE])
                lines.append(f"    {'' if start else preference:<12} {row}".rstrip())
        return lines

    def _cached(self, name: str, rdtype: str) -> Entry | None:
        """An answer with records that the cache holds."""
        entry = self.network.resolver.cache.known(name, rdtype, self._now)
        return entry if entry is not None and records(entry) else None

    def _last_error(self, host: Host) -> list[str]:
        error = host.last_error
        if error is None:
            return []
        at = self.session.appliance.date(error.at)
        return [
            "",
            "Last 5XX Error:",
            RULE,
            printable(error.text),
            f"(at {at}) IP: {error.address}",
            RULE,
        ]

    def _gateway(self, host: Host) -> list[str]:
        interface = self.session.appliance.config.interfaces[0]
        return [
            "Virtual gateway information:",
            DOUBLE_RULE,
            f"{interface.hostname} ({interface.name}):",
            f"    Host up/down:   {host.state}",
            f"    Last Activity   {self._moment(host.last_activity)}",
            f"    Recipients      {self.network.counters.active()[self.domain]}",
        ]


def counter_lines(host: Host) -> list[str]:
    """What was counted, in the appliance's tree."""
    hard = [figure(f"        {kind.value}", host.hard[kind]) for kind in HardBounce]
    return [
        "Counters:",
        "  Queue",
        figure("    Soft Bounced Events", host.soft_bounced),
        "  Completion",
        figure("    Completed Recipients", host.completed),
        figure("      Hard Bounced Recipients", host.hard_bounced),
        *hard,
        figure("      Delivered Recipients", host.delivered),
        figure("      Deleted Recipients", host.deleted),
    ]


def route_lines(route: SmtpRoute) -> list[str]:
    """The next hops of an SMTP route, in place of MX records."""
    if route.keyword:
        return ["SMTP Routes for this host:", f"    {route.keyword}"]
    hosts = sorted(route.hosts, key=lambda host: host.priority)
    rows = [f"    {host.priority:<12} {host.host}" for host in hosts]
    return ["SMTP Routes for this host:", "    Preference   Hostname", *rows]


def records(entry: Entry) -> tuple[object, ...]:
    """The records of an answer; none for one that says there are none."""
    return entry.answer.value if isinstance(entry.answer, Found) else ()


def figure(label: str, number: int) -> str:
    """A label and its number, which ends in column 52."""
    return f"{label:<36}{number:>16,}"


def age(passed: timedelta) -> str:
    """A time in words: `4 weeks 46 mins 53 secs`; units that are nought are left out."""
    left = max(0, int(passed.total_seconds()))
    parts: list[str] = []
    for name, size in UNITS:
        many, left = divmod(left, size)
        if many:
            parts.append(f"{many} {name}{'' if many == 1 else 's'}")
    return " ".join(parts) or "0 secs"

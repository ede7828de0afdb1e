"""What the appliance still knows of a domain, so that a change in the lab does not show yet.

Looked up in the appliance's own caches; whoever looks changes nothing in them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import assert_never

from seg_cli.delivery.network import Network
from seg_cli.lab.faults import Hides
from seg_cli.lab.finding import mail_hosts_of
from seg_cli.lab.spec import Domain, LabSpec
from seg_cli.logs.header import ctime
from seg_cli.standards.mta_sts import policy_host, record_name

FLUSH = "dnsflush"
REFETCH = "lab policies refetch"
ADVANCE = "lab advance next"
SOON = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hidden:
    """One thing the appliance goes by: until when, and the command that ends it."""

    what: str
    until: datetime
    cure: str


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Looks into the caches of one appliance, at one moment."""

    network: Network
    spec: LabSpec
    now: datetime

    def hidden(self, domain: Domain, hides: Iterable[Hides]) -> tuple[Hidden, ...]:
        """What of these kinds is known of the domain, in the order of the kinds."""
        kinds = dict.fromkeys(sorted(hides, key=list(Hides).index))
        return tuple(each for kind in kinds for each in self._known(domain, kind))

    def _known(self, domain: Domain, kind: Hides) -> Iterator[Hidden]:
        match kind:
            case Hides.TXT:
                yield from self._answers("TXT", [(record_name(domain.name), "TXT")])
            case Hides.MX:
                yield from self._answers("MX", [(domain.name, "MX")])
            case Hides.ADDRESSES:
                hosts = [host.name for host in mail_hosts_of(self.spec, domain)]
                names = [*hosts, policy_host(domain.name)]
                yield from self._answers(
                    "addresses", [(name, rdtype) for name in names for rdtype in ("A", "AAAA")]
                )
            case Hides.TLSA:
                hosts = [host.name for host in mail_hosts_of(self.spec, domain)]
                yield from self._answers("TLSA", [(f"_25._tcp.{one}", "TLSA") for one in hosts])
            case Hides.POLICY:
                yield from self._policies(domain.name)
            case Hides.CONNECTION:
                yield from self._connections(domain)
            case _:
                assert_never(kind)

    def _answers(self, what: str, asked: Iterable[tuple[str, str]]) -> Iterator[Hidden]:
        """Answers of the DNS that are kept, as one: the last of them to go."""
        cache = self.network.resolver.cache
        kept = [cache.kept_till(name, rdtype, self.now) for name, rdtype in asked]
        ends = [end for end in kept if end is not None]
        if ends:
            yield Hidden(f"{what} cached", max(ends), FLUSH)

    def _policies(self, domain: str) -> Iterator[Hidden]:
        """The cached policy, or the failed fetch after which nobody tries for a while (STS-45)."""
        policies = self.network.policies
        cached = policies.cache.find(domain, self.now)
        failure = policies.source.failures.of(domain)
        cure = f"{REFETCH} {domain}"
        if cached is not None:
            yield Hidden("policy cached", cached.expires_at, cure)
        elif failure is not None and failure.holds(self.now):
            yield Hidden("no new fetch", failure.waits_until, cure)

    def _connections(self, domain: Domain) -> Iterator[Hidden]:
        """A connection that is kept for the next message: the host is not asked anew over it."""
        connections = self.network.parts.connections
        kept = [connections.kept_until(host.name) for host in mail_hosts_of(self.spec, domain)]
        ends = [end for end in kept if end is not None]
        if ends:
            yield Hidden("connection kept", max(ends), ADVANCE)


def told(hidden: Iterable[Hidden], now: datetime, zone: tzinfo) -> str:
    """All of it in one clause: `TXT cached until 15:53: dnsflush; policy cached until 3 Oct: …`."""
    by_cure: dict[str, list[str]] = {}
    for each in hidden:
        clauses = by_cure.setdefault(each.cure, [])
        clauses.append(f"{each.what} until {moment(each.until, now, zone)}")
    return "; ".join(f"{', '.join(clauses)}: {cure}" for cure, clauses in by_cure.items())


def moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A moment as people say it: the time today, to the second if that is soon, else the day, with
    the year if it is another."""
    _, month, day, clock, year = ctime(at, zone).split()
    _, *today, _, this_year = ctime(now, zone).split()
    if [month, day, year] == [*today, this_year]:
        return clock if at - now < SOON else clock.rpartition(":")[0]
    return f"{day} {month}" if year == this_year else f"{day} {month} {year}"

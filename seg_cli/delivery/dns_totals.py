"""Totals of the resolver: this run's, and those of all earlier ones, kept in the journal."""

from dataclasses import astuple, dataclass, fields

from seg_cli.delivery.counters import Counters
from seg_cli.delivery.journal import Counted, Journal, Together
from seg_cli.net.dns_cache import DnsCache

PREFIX = "dns "


@dataclass(frozen=True, slots=True)
class DnsTotals:
    """requests: questions before the cache; network_requests: packets. The rest is the cache's:
    exceptions are answers from it that say there is no such record."""

    requests: int = 0
    network_requests: int = 0
    hits: int = 0
    misses: int = 0
    exceptions: int = 0
    expired: int = 0

    def __add__(self, other: "DnsTotals") -> "DnsTotals":
        pairs = zip(astuple(self), astuple(other), strict=True)
        return DnsTotals(*(mine + theirs for mine, theirs in pairs))


def totals_of(counters: Counters, cache: DnsCache) -> DnsTotals:
    """What was counted since the start."""
    return DnsTotals(
        requests=counters.dns_requests,
        network_requests=counters.network_requests,
        hits=cache.hits,
        misses=cache.misses,
        exceptions=cache.exceptions,
        expired=cache.expired,
    )


def read_totals(journal: Journal) -> DnsTotals:
    """What earlier runs have left; the run of a killed process is lost."""
    kept = {field.name: journal.counter(PREFIX + field.name) for field in fields(DnsTotals)}
    return DnsTotals(**{name: value or 0 for name, value in kept.items()})


async def keep_totals(journal: Journal, totals: DnsTotals) -> None:
    """Leave the totals to later runs."""
    names = [field.name for field in fields(DnsTotals)]
    steps = [
        Counted(PREFIX + name, value) for name, value in zip(names, astuple(totals), strict=True)
    ]
    await journal.write(Together(tuple(steps)))

"""The MTA-STS side of an appliance, put together: cache, source, discovery, refresh."""

from collections.abc import Callable
from dataclasses import dataclass

from seg_cli.config.updates import Proxy, UpdateSettings, parse_proxy
from seg_cli.delivery.discovery import Discovery
from seg_cli.delivery.journal import Journal
from seg_cli.delivery.policy_cache import CachedPolicy, PolicyCache
from seg_cli.delivery.policy_failures import NotFetched, PolicyFailures, Wanted
from seg_cli.delivery.policy_source import PolicySource
from seg_cli.delivery.refresh import Refreshes
from seg_cli.delivery.tasks import LiveTasks
from seg_cli.events import Event
from seg_cli.net.https import PolicyFetcher
from seg_cli.net.resolver import Resolver
from seg_cli.net.world import World
from seg_cli.standards.mta_sts import StsRecord, record_name


def proxy_of(settings: UpdateSettings) -> Proxy | None:
    """The proxy that policies are fetched through, if one is configured."""
    return None if settings.https_proxy is None else parse_proxy(settings.https_proxy)


@dataclass(frozen=True, slots=True)
class Policies:
    """What is known of other domains' policies, and how more is learnt."""

    cache: PolicyCache
    source: PolicySource
    discovery: Discovery
    refreshes: Refreshes

    @classmethod
    def bring_up(
        cls,
        world: World,
        journal: Journal,
        resolver: Resolver,
        tasks: LiveTasks,
        emit: Callable[[Event], None],
    ) -> "Policies":
        """Everything started: what is overdue is refreshed at the clock's next step."""
        clock = world.clock
        cache = PolicyCache(journal)
        failures = PolicyFailures(journal)
        source = PolicySource(resolver, PolicyFetcher(world), cache, failures, clock, emit)
        refreshes = Refreshes(source, cache, tasks, clock, emit)
        refreshes.start()
        return cls(cache, source, Discovery(resolver, source, cache, clock, emit), refreshes)

    def adopt(self, settings: UpdateSettings, roots: tuple[bytes, ...]) -> None:
        """Refresh through this proxy, and believe policy hosts by these roots (DER)."""
        self.source.fetcher.adopt(roots)
        self.refreshes.proxy = proxy_of(settings)

    async def refetch(self, domain: str, proxy: Proxy | None) -> CachedPolicy | NotFetched | None:
        """A GET now, whatever the id and the last failure; None if nothing says which policy.

        The id is that of the TXT record, asked for anew, or else of the last policy or failure.
        """
        self.discovery.resolver.forget(record_name(domain), "TXT")
        record = await self.discovery.live_record(domain)
        cached, failure = self.cache.get(domain), self.source.failures.of(domain)
        if isinstance(record, StsRecord):
            wanted = Wanted(domain, record.id)
        elif cached is not None:
            wanted = Wanted(domain, cached.id)
        elif failure is not None:
            wanted = failure.wanted
        else:
            return None
        return await self.source.fetch(wanted, proxy)

    def close(self) -> None:
        """Refresh nothing any more."""
        self.refreshes.stop()

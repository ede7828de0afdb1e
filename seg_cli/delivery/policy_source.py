"""Where policies come from: one GET for all who wait for it, and a pause behind one that failed.

What was fetched goes into the cache, whoever asked for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from seg_cli.config.updates import Proxy
from seg_cli.delivery.addresses import host_addresses
from seg_cli.delivery.policy_cache import CachedPolicy, PolicyCache
from seg_cli.delivery.policy_failures import NotFetched, PolicyFailures, Wanted
from seg_cli.events import (
    Event,
    MtaStsFetchFailed,
    MtaStsFetchPutOff,
    MtaStsFetchStarted,
    MtaStsFetchViaProxy,
    MtaStsPolicyError,
)
from seg_cli.net.clock import Clock
from seg_cli.net.flights import Flights
from seg_cli.net.https import Fetched, FetchFailed, PolicyFetcher, PolicyRequest
from seg_cli.net.resolver import Resolver
from seg_cli.standards import mta_sts
from seg_cli.standards.mta_sts import PolicyError
from seg_cli.terms import Reason

NO_ADDRESS: Final = "no address of the policy host"
NO_PROXY_ADDRESS: Final = "no address of the proxy"
INVALID_POLICY: Final = "invalid policy"


@dataclass(frozen=True, slots=True)
class PolicySource:
    """Fetches policies into the cache."""

    resolver: Resolver
    fetcher: PolicyFetcher
    cache: PolicyCache
    failures: PolicyFailures
    clock: Clock
    emit: Callable[[Event], None]
    _flights: Flights[Wanted, CachedPolicy | NotFetched] = field(default_factory=Flights)

    async def fetch_in_turn(self, wanted: Wanted, proxy: Proxy | None) -> CachedPolicy | NotFetched:
        """As `fetch`, but the last failure again while it is too early for another GET."""
        failure = self.failures.of(wanted.domain)
        if failure is None or failure.wanted != wanted or not failure.holds(self.clock.now()):
            return await self.fetch(wanted, proxy)
        self.emit(MtaStsFetchPutOff(wanted.domain, failure.waits_until))
        return failure

    async def fetch(self, wanted: Wanted, proxy: Proxy | None) -> CachedPolicy | NotFetched:
        """The live policy, in the cache by now, or why it could not be had.

        Whoever asks for the same one meanwhile waits for the same GET.
        """
        return await self._flights.join(wanted, partial(self._fetch, wanted, proxy))

    async def _fetch(self, wanted: Wanted, proxy: Proxy | None) -> CachedPolicy | NotFetched:
        """Whatever goes wrong ends in the same Info line."""
        domain = wanted.domain
        self.emit(MtaStsFetchStarted(domain))
        match await self._request(domain, proxy):
            case Fetched(body):
                try:
                    policy = mta_sts.parse_policy(body)
                except PolicyError:
                    return await self._failed(wanted, Reason.STS_POLICY_INVALID, INVALID_POLICY)
            case FetchFailed(reason, cause):
                return await self._failed(wanted, reason, cause)
        cached = CachedPolicy(domain, wanted.id, policy, self.clock.now())
        await self.cache.keep(cached)
        await self.failures.forget(domain)
        return cached

    async def _failed(self, wanted: Wanted, reason: Reason, cause: str) -> NotFetched:
        before = self.failures.of(wanted.domain)
        times = before.times + 1 if before else 1
        failure = NotFetched(wanted, reason, cause, self.clock.now(), times)
        await self.failures.keep(failure)
        self.emit(MtaStsFetchFailed(wanted.domain, cause))
        self.emit(MtaStsPolicyError(wanted.domain))
        return failure

    async def _request(self, domain: str, proxy: Proxy | None) -> Fetched | FetchFailed:
        """Through the proxy where one is configured, and then never directly (STS-16)."""
        if proxy is not None:
            self.emit(MtaStsFetchViaProxy(domain))
        host = mta_sts.policy_host(domain) if proxy is None else proxy.host
        addresses = await host_addresses(self.resolver, host)
        if not addresses:
            cause = NO_ADDRESS if proxy is None else NO_PROXY_ADDRESS
            return FetchFailed(Reason.STS_FETCH_ERROR, cause)
        return await self.fetcher.fetch(PolicyRequest(domain, addresses, proxy))

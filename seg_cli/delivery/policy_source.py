"""Where policies come from: one GET for all who wait for it, and a pause behind one that failed.

RFC 8461 s3.3 asks for at least five minutes between two attempts for the same policy id; what
was fetched goes into the cache, whoever asked for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from seg_cli.config.updates import Proxy
from seg_cli.delivery.addresses import host_addresses
from seg_cli.delivery.policy_cache import CachedPolicy, PolicyCache
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

BACK_OFF: Final = timedelta(minutes=5)
MOST_FAILURES: Final = 10_000
"""Failures remembered; the oldest goes first."""

NO_ADDRESS: Final = "no address of the policy host"
NO_PROXY_ADDRESS: Final = "no address of the proxy"
INVALID_POLICY: Final = "invalid policy"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The policy of a domain that its TXT record announces by this id."""

    domain: str
    id: str


@dataclass(frozen=True, slots=True)
class NotFetched:
    """A GET that brought no policy, at `at`; `times` counts those in a row."""

    wanted: Wanted
    reason: Reason
    cause: str
    at: datetime
    times: int = 1

    @property
    def waits_until(self) -> datetime:
        """Before this no delivery asks for the same id again (STS-45)."""
        return self.at + BACK_OFF


@dataclass(frozen=True, slots=True)
class PolicySource:
    """Fetches policies into the cache."""

    resolver: Resolver
    fetcher: PolicyFetcher
    cache: PolicyCache
    clock: Clock
    emit: Callable[[Event], None]
    _failures: dict[str, NotFetched] = field(default_factory=dict)
    _flights: Flights[Wanted, CachedPolicy | NotFetched] = field(default_factory=Flights)

    def failures(self) -> tuple[NotFetched, ...]:
        """The last failure of each domain that has not been fetched since."""
        return tuple(self._failures.values())

    def failure_of(self, domain: str) -> NotFetched | None:
        """The last failure of a domain, if it has not been fetched since."""
        return self._failures.get(domain)

    async def fetch_in_turn(self, wanted: Wanted, proxy: Proxy | None) -> CachedPolicy | NotFetched:
        """As `fetch`, but the last failure again while it is too early for another GET."""
        failure = self._failures.get(wanted.domain)
        now = self.clock.now()
        if failure is None or failure.wanted != wanted or now >= failure.waits_until:
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
                    return self._failed(wanted, Reason.STS_POLICY_INVALID, INVALID_POLICY)
            case FetchFailed(reason, cause):
                return self._failed(wanted, reason, cause)
        cached = CachedPolicy(domain, wanted.id, policy, self.clock.now())
        await self.cache.keep(cached)
        self._failures.pop(domain, None)
        return cached

    def _failed(self, wanted: Wanted, reason: Reason, cause: str) -> NotFetched:
        self.emit(MtaStsFetchFailed(wanted.domain, cause))
        self.emit(MtaStsPolicyError(wanted.domain))
        before = self._failures.pop(wanted.domain, None)
        times = before.times + 1 if before else 1
        failure = NotFetched(wanted, reason, cause, self.clock.now(), times)
        self._failures[wanted.domain] = failure
        if len(self._failures) > MOST_FAILURES:
            del self._failures[next(iter(self._failures))]
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

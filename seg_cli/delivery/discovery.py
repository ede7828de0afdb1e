"""MTA-STS discovery for one domain: TXT record, cache, fetch (RFC 8461 s3), each step an event."""

from collections.abc import Callable
from dataclasses import dataclass

from seg_cli.config.updates import Proxy
from seg_cli.delivery.addresses import host_addresses
from seg_cli.delivery.policy_cache import CachedPolicy, PolicyCache
from seg_cli.events import (
    Event,
    MtaStsCachedPolicyFound,
    MtaStsFetchFailed,
    MtaStsFetchStarted,
    MtaStsFetchViaProxy,
    MtaStsPolicyError,
    MtaStsTxtFetched,
    MtaStsTxtUnusable,
)
from seg_cli.net.clock import Clock
from seg_cli.net.https import Fetched, FetchFailed, PolicyFetcher, PolicyRequest
from seg_cli.net.resolver import Resolver
from seg_cli.policy.facts import Absent, Failed, Found
from seg_cli.policy.requirement import InForce, NoPolicy
from seg_cli.standards import mta_sts
from seg_cli.standards.mta_sts import Policy, PolicyError, RecordError, StsRecord
from seg_cli.terms import Reason

NO_ADDRESS = "no address of the policy host"
INVALID_POLICY = "invalid policy"


@dataclass(frozen=True, slots=True)
class Discovery:
    """What it takes to find out a domain's policy."""

    resolver: Resolver
    fetcher: PolicyFetcher
    cache: PolicyCache
    clock: Clock
    emit: Callable[[Event], None]

    async def policy_for(self, domain: str, proxy: Proxy | None) -> InForce | NoPolicy:
        """The policy in force, live or cached, or why there is none.

        Whatever goes wrong on the way to a live policy, an unexpired cached one applies (STS-42);
        without one the TLS setting decides (AOS-25).
        """
        record = await self._live_record(domain)
        cached = self.cache.find(domain, self.clock.now())
        if isinstance(record, Reason):
            return self._from_cache(cached) or NoPolicy(record)
        self.emit(MtaStsTxtFetched(domain))
        if cached is not None and cached.id == record.id:
            return self._from_cache(cached) or NoPolicy(Reason.STS_FETCH_ERROR)
        policy = await self._fetch(domain, proxy)
        if isinstance(policy, Reason):
            return self._from_cache(cached) or NoPolicy(policy)
        if policy.max_age > 0:
            await self.cache.keep(CachedPolicy(domain, record.id, policy, self.clock.now()))
        return InForce(policy)

    def _from_cache(self, cached: CachedPolicy | None) -> InForce | None:
        if cached is None:
            return None
        self.emit(MtaStsCachedPolicyFound(cached.domain))
        return InForce(cached.policy)

    async def _live_record(self, domain: str) -> StsRecord | Reason:
        """The TXT record, or why there is no usable one (STS-06, STS-07)."""
        match await self.resolver.txt(mta_sts.record_name(domain)):
            case Found(records):
                try:
                    return mta_sts.parse_txt(records)
                except RecordError as error:
                    reason = error.reason
            case Absent():
                reason = Reason.STS_NO_RECORD
            case Failed():
                reason = Reason.STS_LOOKUP_FAILED
        self.emit(MtaStsTxtUnusable(domain, reason))
        return reason

    async def _fetch(self, domain: str, proxy: Proxy | None) -> Policy | Reason:
        """The live policy, or why it could not be had; both causes end in the same Info line."""
        self.emit(MtaStsFetchStarted(domain))
        outcome = await self._request(domain, proxy)
        match outcome:
            case Fetched(body):
                try:
                    return mta_sts.parse_policy(body)
                except PolicyError:
                    reason, cause = Reason.STS_POLICY_INVALID, INVALID_POLICY
            case FetchFailed(reason, cause):
                pass
        self.emit(MtaStsFetchFailed(domain, cause))
        self.emit(MtaStsPolicyError(domain))
        return reason

    async def _request(self, domain: str, proxy: Proxy | None) -> Fetched | FetchFailed:
        """Through the proxy where one is configured, and then never directly (STS-16)."""
        if proxy is None:
            addresses = await host_addresses(self.resolver, mta_sts.policy_host(domain))
            if not addresses:
                return FetchFailed(Reason.STS_FETCH_ERROR, NO_ADDRESS)
            return await self.fetcher.fetch(PolicyRequest(domain, addresses, None))
        self.emit(MtaStsFetchViaProxy(domain))
        proxy_addresses = await host_addresses(self.resolver, proxy.host)
        if not proxy_addresses:
            return FetchFailed(Reason.STS_FETCH_ERROR, "no address of the proxy")
        return await self.fetcher.fetch(PolicyRequest(domain, proxy_addresses, proxy))

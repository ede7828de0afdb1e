"""MTA-STS discovery for one domain: TXT record, cache, fetch (RFC 8461 s3), each step an event.

A decision that was taken from the cache is kept in memory and holds as long as the DNS answer and
the policy it was made from: the next message of the domain costs two look-ups in dicts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from seg_cli.config.updates import Proxy
from seg_cli.delivery.decisions import Decisions
from seg_cli.delivery.policy_cache import CachedPolicy, PolicyCache
from seg_cli.delivery.policy_failures import NotFetched, Wanted
from seg_cli.delivery.policy_source import PolicySource
from seg_cli.events import (
    Event,
    MtaStsCachedPolicyFound,
    MtaStsNotEnforced,
    MtaStsPolicyApplied,
    MtaStsTxtFetched,
    MtaStsTxtUnusable,
)
from seg_cli.net.clock import Clock
from seg_cli.net.resolver import Resolver
from seg_cli.policy.facts import Absent, Failed, Found
from seg_cli.policy.requirement import InForce, NoPolicy, Sts
from seg_cli.standards import mta_sts
from seg_cli.standards.mta_sts import RecordError, StsRecord
from seg_cli.terms import PolicyMode, Reason


@dataclass(frozen=True, slots=True)
class Discovery:
    """What it takes to find out a domain's policy."""

    resolver: Resolver
    source: PolicySource
    cache: PolicyCache
    clock: Clock
    emit: Callable[[Event], None]
    _decisions: Decisions = field(default_factory=Decisions)

    async def policy_for(self, domain: str, proxy: Proxy | None) -> InForce | NoPolicy:
        """The policy in force, live or cached, or why there is none.

        Whatever goes wrong on the way to a live policy, an unexpired cached one applies (STS-42);
        without one the TLS setting decides (AOS-25).
        """
        decision = self._decisions.get(domain)
        if (
            decision is not None
            and self.clock.now() < decision.until
            and self.cache.get(domain) is decision.cached
            and self.resolver.cache.holds(decision.question, decision.answer)
        ):
            emit = self.emit
            for event in decision.events:
                emit(event)
            return decision.in_force
        return await self._decide(domain, proxy)

    async def _decide(self, domain: str, proxy: Proxy | None) -> InForce | NoPolicy:
        record = await self.live_record(domain)
        cached = self.cache.find(domain, self.clock.now())
        if isinstance(record, Reason):
            return await self._cached_or(record, cached)
        self.emit(MtaStsTxtFetched(domain))
        if cached is not None and cached.id == record.id:
            self._decisions.remember(cached, self.resolver, self.clock.now())
            return await self._apply_cached(cached)
        match await self.source.fetch_in_turn(Wanted(domain, record.id), proxy):
            case CachedPolicy() as fetched:
                return await self._apply(fetched)
            case NotFetched(reason=reason):
                return await self._cached_or(reason, cached)

    async def is_renewed(self, domain: str, proxy: Proxy | None) -> bool:
        """Whether another policy has taken the place of the enforced one: asked of the DNS itself,
        before mail is given up (RFC 8461 s5.1, STS-53)."""
        before = self.cache.find(domain, self.clock.now())
        if before is None or before.policy.mode is not PolicyMode.ENFORCE:
            return False
        self.resolver.forget(mta_sts.record_name(domain), "TXT")
        return await self.policy_for(domain, proxy) != InForce(before.policy)

    async def live_record(self, domain: str) -> StsRecord | Reason:
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

    def tell(self, domain: str, sts: Sts) -> None:
        """Log that a policy is being applied, or why it is not enforced (AOS-26)."""
        match sts:
            case InForce(policy) if policy.mode is PolicyMode.ENFORCE:
                self.emit(MtaStsPolicyApplied(domain))
            case InForce(policy):
                self.emit(MtaStsNotEnforced(domain, policy.mode))

    async def _cached_or(self, reason: Reason, cached: CachedPolicy | None) -> InForce | NoPolicy:
        return NoPolicy(reason) if cached is None else await self._apply_cached(cached)

    async def _apply_cached(self, cached: CachedPolicy) -> InForce:
        self.emit(MtaStsCachedPolicyFound(cached.domain))
        return await self._apply(cached)

    async def _apply(self, cached: CachedPolicy) -> InForce:
        await self.cache.use(cached, self.clock.now())
        return InForce(cached.policy)

"""The resolver: the appliance's questions to its DNS servers, and the cache in front of them.

Each step is an event, so that the log shows the question (Q), the server chosen (QN), each packet
(QIP) and what was kept (encache); a Q alone was answered from the cache. What is asked here is not
validated, and counts as insecure; whoever needs DNSSEC asks `validating`.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, Literal, TypeVar, cast

import dns.exception
import dns.name
import dns.reversename

from seg_cli.config.dns import DnsSettings, NameServer
from seg_cli.events import DnsAsked, DnsEncached, Event
from seg_cli.net import dns_answers
from seg_cli.net.dns_answers import Learnt, RecordKind, name_text, read_answer
from seg_cli.net.dns_cache import CNAME, DnsCache, Entry, ticks
from seg_cli.net.flights import Flights
from seg_cli.net.servers import NameServers, Wanted
from seg_cli.net.validator import Validator
from seg_cli.net.world import World
from seg_cli.policy.facts import Failed, Found, Lookup, MxHost
from seg_cli.terms import Reason, Security

__all__ = ["NameServer", "Resolver"]

MOST_ALIASES: Final = 16
"""As mox does (DNS-07)."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Alias:
    """The name is another name for `target`, which is to be asked instead."""

    target: str


class Resolver:
    """Looks up names through the configured servers; all answers come through one cache."""

    def __init__(
        self, world: World, servers: tuple[NameServer, ...], emit: Callable[[Event], None]
    ) -> None:
        self.cache = DnsCache()
        self._world = world
        self._servers = NameServers(world, DnsSettings(servers), emit)
        self._emit = emit
        self.validating = Validator(world, self._servers, self.cache, self._keep, emit)
        self._flights: Flights[tuple[str, str], Learnt | Failed] = Flights()

    @property
    def servers(self) -> NameServers:
        """The servers themselves, for questions that the cache has no answer to."""
        return self._servers

    def adopt(self, settings: DnsSettings) -> None:
        """Use these settings from the next question on; what is in the cache stays."""
        self._servers.settings = settings

    def flush(self) -> None:
        """Forget all answers, and the keys that vouch for them (`dnsflush`)."""
        self.cache.flush()
        self.validating.flush()

    def forget(self, name: str, rdtype: str) -> None:
        """Ask the servers themselves the next time."""
        self.cache.forget(name.removesuffix(".").lower(), rdtype)

    async def mx(self, domain: str) -> Lookup[tuple[MxHost, ...]]:
        """The domain's mail exchangers by preference, then name; a null MX has the name `.`.

        This and the other look-ups answer Absent (DNS_NXDOMAIN, DNS_NODATA) if there are none.
        Failed (DNS_SERVFAIL, DNS_MALFORMED, DNS_ALIAS_LOOP, TIMED_OUT, REFUSED, UNREACHABLE,
        DISCONNECTED) means that nothing is known: the caller tries later (RFC 7672 s2.1).
        """
        return await self._lookup(dns_answers.MX, domain)

    async def txt(self, name: str) -> Lookup[tuple[tuple[bytes, ...], ...]]:
        """The TXT records of a name, each as its character-strings, which are not joined."""
        return await self._lookup(dns_answers.TXT, name)

    async def addresses(self, name: str, rdtype: Literal["A", "AAAA"]) -> Lookup[tuple[str, ...]]:
        """The addresses of one family, in the order of the answer."""
        kind = dns_answers.A if rdtype == "A" else dns_answers.AAAA
        return await self._lookup(kind, name)

    async def ptr(self, address: str) -> Lookup[tuple[str, ...]]:
        """The names an address reverses to; TIMED_OUT after the time set in `dnsconfig`.

        Where that is 0 nobody is asked.
        """
        if not self._servers.settings.ptr_timeout:
            return Failed(Reason.TIMED_OUT, detail="timeout")
        name = name_text(dns.reversename.from_address(address))
        try:
            async with asyncio.timeout(self._servers.settings.ptr_timeout):
                return await self._lookup(dns_answers.PTR, name)
        except TimeoutError:
            return Failed(Reason.TIMED_OUT, detail="timeout")

    async def _lookup(self, kind: RecordKind[T], name: str) -> Lookup[tuple[T, ...]]:
        """Ask, and follow aliases; the answer is that of the last name (RFC 1034 s3.6.2)."""
        name = name.removesuffix(".").lower()
        asked: set[str] = set()
        while name not in asked and len(asked) <= MOST_ALIASES:
            asked.add(name)
            answer = await self._ask(kind, name)
            if not isinstance(answer, Alias):
                return answer
            name = answer.target
        return Failed(Reason.DNS_ALIAS_LOOP)

    async def _ask(self, kind: RecordKind[T], name: str) -> Lookup[tuple[T, ...]] | Alias:
        rdtype = kind.rdtype.name
        self._emit(DnsAsked(name, rdtype))
        known: Entry | Learnt | Failed | None
        known = self.cache.get(name, rdtype, self._world.clock.now())
        if known is None:
            known = await self._flights.join((name, rdtype), partial(self._fetch, kind, name))
        if isinstance(known, Failed):
            return known
        if known.rdtype == CNAME and isinstance(known.answer, Found):
            return Alias(cast("str", known.answer.value[0]))
        # The cache holds records of all kinds; the type they were kept under is their kind's.
        return cast("Lookup[tuple[T, ...]]", known.answer)

    async def _fetch(self, kind: RecordKind[T], name: str) -> Learnt | Failed:
        """What the servers say about `name`; all that they say on the way is kept."""
        try:
            owner = dns.name.from_text(name)
        except dns.exception.DNSException as error:
            return Failed(Reason.DNS_MALFORMED, temporary=False, detail=str(error))
        learnt = await self._servers.ask(
            Wanted(owner, kind.rdtype), lambda message: read_answer(message, kind, owner)
        )
        if isinstance(learnt, Failed):
            return learnt
        self._keep(learnt)
        return learnt[0]

    def _keep(self, learnt: Iterable[Learnt]) -> None:
        """Keep what was learnt; what is secure no longer than the signatures vouch for it."""
        now = self._world.clock.now()
        for each in learnt:
            secure = each.security is Security.SECURE
            least = 0 if secure else self._servers.settings.minimum_ttl
            expiry = now + timedelta(seconds=max(each.ttl, least))
            self.cache.put(each.name, Entry(each.rdtype, each.answer, expiry, each.validated))
            self._emit(
                DnsEncached(each.name, each.rdtype, ticks(expiry), each.security, each.logged)
            )

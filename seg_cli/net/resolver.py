"""The resolver: the appliance's questions to its DNS servers, and the cache in front of them.

Each step is an event, so that the log shows the question (Q), the server chosen (QN), each packet
(QIP) and what was kept (encache); a Q alone was answered from the cache. Validation of signatures
is not done here: every answer is insecure.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import chain, repeat
from typing import Final, Literal, TypeVar, cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.reversename

from seg_cli.config.dns import DnsSettings, NameServer
from seg_cli.events import (
    DnsAsked,
    DnsEncached,
    DnsPacketSent,
    DnsServerChosen,
    DnsSoftFailed,
    Event,
)
from seg_cli.net import dns_answers
from seg_cli.net.dns_answers import Learnt, RecordKind, name_text, read_answer
from seg_cli.net.dns_cache import CNAME, DnsCache, Entry, ticks
from seg_cli.net.dns_exchange import Transport, exchange, question
from seg_cli.net.flights import Flights
from seg_cli.net.world import World
from seg_cli.policy.facts import Failed, Found, Lookup, MxHost
from seg_cli.terms import Reason, Security

__all__ = ["NameServer", "Resolver", "Transport", "exchange"]

MOST_ALIASES: Final = 16
"""As mox does (DNS-07)."""

TIMEOUTS: Final = {1: (60,), 2: (15, 45), 3: (5, 10, 45)}
"""Seconds for the first, second, ... server asked, by the number of servers."""

TIMEOUTS_OF_MANY: Final = (1, 3, 11, 45)
"""For four servers or more; each further one has a second."""

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
        self._settings = DnsSettings(servers)
        self._emit = emit
        self._flights: Flights[tuple[str, str], Learnt | Failed] = Flights()

    def adopt(self, settings: DnsSettings) -> None:
        """Use these settings from the next question on; what is in the cache stays."""
        self._settings = settings

    def flush(self) -> None:
        """Forget all answers (`dnsflush`)."""
        self.cache.flush()

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
        """The names an address reverses to; TIMED_OUT after the time set in `dnsconfig`."""
        name = name_text(dns.reversename.from_address(address))
        try:
            async with asyncio.timeout(self._settings.ptr_timeout):
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
        """Ask one server after the other until one answers; what it says about `name`."""
        try:
            owner = dns.name.from_text(name)
        except dns.exception.DNSException as error:
            return Failed(Reason.DNS_MALFORMED, temporary=False, detail=str(error))
        failure = Failed(Reason.UNREACHABLE, detail="no DNS servers are configured")
        for server, timeout in self._schedule():
            learnt = await self._ask_server(kind, owner, server, timeout)
            if not isinstance(learnt, Failed):
                self._keep(learnt)
                return learnt[0]
            failure = learnt
            self._emit(DnsSoftFailed(name, kind.rdtype.name, server.address, failure.reason))
        return failure

    def _schedule(self) -> Iterator[tuple[NameServer, int]]:
        """The servers by priority, equal ones by lot, each with its timeout in seconds."""
        by_lot = self._world.chooser.shuffled(self._settings.servers)
        servers = sorted(by_lot, key=lambda server: server.priority)
        timeouts = TIMEOUTS.get(len(servers), TIMEOUTS_OF_MANY)
        return zip(servers, chain(timeouts, repeat(1)), strict=False)

    async def _ask_server(
        self, kind: RecordKind[T], owner: dns.name.Name, server: NameServer, timeout: int
    ) -> tuple[Learnt, ...] | Failed:
        """An answer that was cut is fetched again over TCP, under the same QIP (RFC 7766 s5)."""
        name, rdtype = name_text(owner), kind.rdtype.name
        self._emit(DnsServerChosen(name, rdtype, server.priority))
        self._emit(DnsPacketSent(name, rdtype, server.address, timeout))
        query = question(self._world, owner, kind.rdtype)
        message = await exchange(self._world, server.address, query, Transport.UDP, timeout)
        if isinstance(message, dns.message.Message) and message.flags & dns.flags.TC:
            message = await exchange(self._world, server.address, query, Transport.TCP, timeout)
        return message if isinstance(message, Failed) else read_answer(message, kind, owner)

    def _keep(self, learnt: tuple[Learnt, ...]) -> None:
        now = self._world.clock.now()
        for each in learnt:
            expiry = now + timedelta(seconds=max(each.ttl, self._settings.minimum_ttl))
            self.cache.put(each.name, Entry(each.rdtype, each.answer, expiry))
            self._emit(
                DnsEncached(each.name, each.rdtype, ticks(expiry), Security.INSECURE, each.logged)
            )

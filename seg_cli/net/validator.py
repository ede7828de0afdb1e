"""The validating resolver: the same questions, with a DNSSEC status for each answer.

The walk (standards/dnssec) says what it needs, and the name servers are asked for it; what a walk
proved is kept, the answers in the DNS cache and the keys of zones here. Where all name servers are
trusted to validate, the AD bit of their answers is believed instead (RFC 7672 s2.1.3, DNS-02).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from typing import Any, Final, Generic, Literal, TypeVar, cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode

from seg_cli.config.dns import servers_for
from seg_cli.events import DnsAsked, DnssecAnswered, Event
from seg_cli.net import dns_answers
from seg_cli.net.dns_answers import Learnt, RecordKind, found, name_text, read_answer
from seg_cli.net.dns_cache import CNAME, DnsCache
from seg_cli.net.flights import Flights
from seg_cli.net.servers import NameServers, Wanted
from seg_cli.net.world import World
from seg_cli.policy.facts import Absent, Failed, Found, Lookup, MxHost
from seg_cli.standards.dnssec import walk
from seg_cli.standards.dnssec.keys import TrustedKeys
from seg_cli.standards.dnssec.walk import Judgement, Link, Walk
from seg_cli.standards.tlsa import Tlsa
from seg_cli.terms import Reason, Security

MOST_ALIASES: Final = 16
"""As in one walk (DNS-07); what the cache knows must not add to them."""

MOST_ZONES: Final = 10_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Validated(Generic[T]):
    """An answer and its DNSSEC status, that of the weakest alias on the way included.

    A bogus or an indeterminate answer is Failed: it must not be used (DNS-01). `expanded` is the
    name at the end of the aliases, as far as they could be followed.
    """

    lookup: Lookup[tuple[T, ...]]
    security: Security
    expanded: str

    def through_alias(self, security: Security) -> "Validated[T]":
        """The same, as whoever came by an alias of this status must see it."""
        if self.security is not Security.SECURE or security is Security.SECURE:
            return self
        assert not isinstance(self.lookup, Failed)  # that is never secure
        return replace(self, lookup=replace(self.lookup, security=security), security=security)


class Validator:
    """Validates what the configured servers answer, from the world's trust anchors down."""

    def __init__(
        self,
        world: World,
        servers: NameServers,
        cache: DnsCache,
        keep: Callable[[Iterable[Learnt]], None],
        emit: Callable[[Event], None],
    ) -> None:
        self._world = world
        self._servers = servers
        self._cache = cache
        self._keep = keep
        self._emit = emit
        self._zones: OrderedDict[dns.name.Name, TrustedKeys] = OrderedDict()
        self._answers: Flights[tuple[str, str], Validated[Any]] = Flights()
        self._messages: Flights[walk.Wanted, dns.message.Message | Failed] = Flights()

    def flush(self) -> None:
        """Forget the keys of zones."""
        self._zones.clear()

    async def mx(self, domain: str) -> Validated[MxHost]:
        """The mail exchangers of a domain, in the order of `Resolver.mx`.

        Failed (DNSSEC_* beside the reasons there) means that nothing may be believed: the caller
        tries later (RFC 7672 s2.1). This holds for the other look-ups as well.
        """
        return await self._lookup(dns_answers.MX, domain)

    async def addresses(self, name: str, rdtype: Literal["A", "AAAA"]) -> Validated[str]:
        """The addresses of one family."""
        kind = dns_answers.A if rdtype == "A" else dns_answers.AAAA
        return await self._lookup(kind, name)

    async def tlsa(self, owner: str) -> Validated[Tlsa]:
        """The TLSA records of an owner name; a set of which none can be read is Found, empty."""
        return await self._lookup(dns_answers.TLSA, owner)

    async def alias(self, name: str) -> Validated[str]:
        """What the name is another name for, one step and no further (DANE-15)."""
        return await self._lookup(dns_answers.CNAME, name)

    async def _lookup(self, kind: RecordKind[T], name: str, followed: int = 0) -> Validated[T]:
        """Through the aliases in the cache as far as they lead, then by asking to the end."""
        name, rdtype = name.removesuffix(".").lower(), kind.rdtype.name
        self._emit(DnsAsked(name, rdtype))
        entry = self._cache.get_validated(name, rdtype, self._world.clock.now())
        if entry is None:
            return await self._answers.join((name, rdtype), partial(self._ask, kind, name))
        if entry.rdtype == rdtype:
            # What is kept under a type is of its kind.
            answer = cast("Lookup[tuple[T, ...]]", entry.answer)
            return Validated(answer, entry.answer.security, name)
        if followed == MOST_ALIASES:
            return Validated(Failed(Reason.DNS_ALIAS_LOOP), Security.BOGUS, name)
        assert isinstance(entry.answer, Found)
        target = cast("str", entry.answer.value[0])
        answer_of_target = await self._lookup(kind, target, followed + 1)
        return answer_of_target.through_alias(entry.answer.security)

    async def _ask(self, kind: RecordKind[T], name: str) -> Validated[T]:
        try:
            owner = dns.name.from_text(name)
        except dns.exception.DNSException as error:
            failed = Failed(Reason.DNS_MALFORMED, temporary=False, detail=str(error))
            return Validated(failed, Security.INDETERMINATE, name)
        by_ad = self._are_trusted(Wanted(owner, kind.rdtype))
        return await (self._by_ad if by_ad else self._by_walk)(kind, owner)

    def _are_trusted(self, wanted: Wanted) -> bool:
        asked = servers_for(wanted.domain, self._servers.settings)
        servers = {server.address for server in asked}
        return bool(servers) and servers <= self._world.trusted_resolvers

    # By our own validation

    async def _by_walk(self, kind: RecordKind[T], owner: dns.name.Name) -> Validated[T]:
        """Ask for whatever the walk needs, and keep what it proved."""
        question, now = walk.Wanted(owner, kind.rdtype), self._world.clock.now()
        steps = Walk(question, self._world.trust_anchors, now, self._zones)
        while (wanted := steps.needs()) is not None:
            if wanted != question:
                self._emit(DnsAsked(name_text(wanted.name), wanted.rdtype.name))
            message = await self._messages.join(wanted, partial(self._message, wanted))
            if isinstance(message, Failed):
                return Validated(message, Security.INDETERMINATE, name_text(owner))
            steps.feed(message)
        self._keep_zones(steps.trusted)
        return self._judged(steps.result(), kind, owner)

    async def _message(self, wanted: walk.Wanted) -> dns.message.Message | Failed:
        """Checking is disabled: a resolver that validates would keep a bogus answer from us."""
        question = Wanted(wanted.name, wanted.rdtype, dns.flags.CD)
        return await self._servers.ask(question, usable)

    def _judged(
        self, judgement: Judgement, kind: RecordKind[T], owner: dns.name.Name
    ) -> Validated[T]:
        if judgement.reason is not None and judgement.security is not Security.INSECURE:
            failed = Failed(judgement.reason)
            return Validated(failed, judgement.security, name_text(owner))
        return self._answer(tuple(learnt_from(judgement.links, kind)))

    def _keep_zones(self, zones: Mapping[dns.name.Name, TrustedKeys]) -> None:
        for name, zone in zones.items():
            self._zones[name] = zone
            self._zones.move_to_end(name)
        while len(self._zones) > MOST_ZONES:
            self._zones.popitem(last=False)

    # By the AD bit

    async def _by_ad(self, kind: RecordKind[T], owner: dns.name.Name) -> Validated[T]:
        """One question to a resolver that has followed the aliases and validated them all."""
        learnt = await self._servers.ask(
            Wanted(owner, kind.rdtype), lambda message: vouched_for(message, kind, owner)
        )
        if isinstance(learnt, Failed):
            return Validated(learnt, Security.INDETERMINATE, name_text(owner))
        return self._answer(learnt)

    def _answer(self, links: tuple[Learnt, ...]) -> Validated[T]:
        """Keep the links, and tell of the last one: it is as good as the weakest of them."""
        self._keep(links)
        last = links[-1]
        insecure = any(link.security is Security.INSECURE for link in links)
        security = Security.INSECURE if insecure else Security.SECURE
        self._emit(DnssecAnswered(last.logged, security, min(link.ttl for link in links)))
        answer = cast("Found[tuple[T, ...]] | Absent", last.answer)
        return Validated(replace(answer, security=security), security, last.name)


def usable(message: dns.message.Message) -> dns.message.Message | Failed:
    """The message itself, unless its response code asks for another server."""
    if message.rcode() in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        return message
    return Failed(Reason.DNS_SERVFAIL, detail=dns.rcode.to_text(message.rcode()))


def learnt_from(links: tuple[Link, ...], kind: RecordKind[T]) -> Iterator[Learnt]:
    """What a walk proved, name by name; the name of each link is the target of the one before."""
    for link, following in zip_longest(links, links[1:]):
        name = name_text(link.name)
        if following is not None:
            target = name_text(following.name)
            answer: Found[tuple[object, ...]] | Absent = Found((target,), link.security)
            yield Learnt(name, CNAME, answer, link.ttl, (target,), validated=True)
        elif link.records is None:
            reason = link.reason or Reason.DNS_NODATA
            answer = Absent(reason, link.security)
            shown = "NXDOMAIN" if reason is Reason.DNS_NXDOMAIN else "NODATA"
            yield Learnt(name, kind.rdtype.name, answer, link.ttl, (shown,), validated=True)
        else:
            learnt = found(link.records, kind)
            answer = replace(learnt.answer, security=link.security)
            yield replace(learnt, name=name, answer=answer, ttl=link.ttl, validated=True)


def vouched_for(
    message: dns.message.Message, kind: RecordKind[T], owner: dns.name.Name
) -> tuple[Learnt, ...] | Failed:
    """What a trusted resolver says of a name and its aliases: secure if AD is set, else insecure.

    Failed (DNS_ALIAS_LOOP) where the aliases lead nowhere, beside what `read_answer` has.
    """
    learnt = read_answer(message, kind, owner)
    if isinstance(learnt, Failed):
        return learnt
    if learnt[-1].rdtype != kind.rdtype.name:
        return Failed(Reason.DNS_ALIAS_LOOP)
    security = Security.SECURE if message.flags & dns.flags.AD else Security.INSECURE
    return tuple(
        replace(each, answer=replace(each.answer, security=security), validated=True)
        for each in learnt
    )

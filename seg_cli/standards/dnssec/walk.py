"""The walk: it says which RRset it needs next, is fed the answer, and ends in a judgement.

    walk = Walk(Wanted(name, RdataType.TLSA), (ROOT,), at)
    while (wanted := walk.needs()) is not None:
        walk.feed(ask(wanted))            # or walk.fail(reason), if nobody answered
    walk.result().security

The first need is the question itself. What the answer claims (signed by this zone, another name
for that one, not there) decides what is asked for next; nothing counts before it is proven.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

import dns.message
import dns.name
import dns.rcode
import dns.rrset
from dns.rdatatype import RdataType

from seg_cli.standards.dnssec.answers import (
    Alias,
    SignedSet,
    alias_in,
    denials_in,
    negative_ttl,
    signed_set,
)
from seg_cli.standards.dnssec.bogus import Bogus
from seg_cli.standards.dnssec.chain import Asking, Chain, Checked, Wanted
from seg_cli.standards.dnssec.keys import TrustAnchor, TrustedKeys
from seg_cli.terms import Reason, Security

__all__ = ["Judgement", "Link", "Walk", "Wanted"]

MOST_ALIASES: Final = 16
"""As the resolver allows (DNS-07)."""

MOST_QUESTIONS: Final = 100
"""A name of many labels, in a zone that denies each, must not keep the walker busy for ever."""

NOTHING_KNOWN: Final[Mapping[dns.name.Name, TrustedKeys]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Link:
    """What one name has, as far as it is proven: records, an alias, or that there are none.

    `records` is None for an absence; `reason` then tells DNS_NXDOMAIN from DNS_NODATA.
    `insecure` says why nobody vouches for it; None: it is secure. It may be kept `ttl` seconds.
    """

    name: dns.name.Name
    records: dns.rrset.RRset | None
    ttl: int
    insecure: Reason | None = None
    reason: Reason | None = None

    @property
    def security(self) -> Security:
        return Security.SECURE if self.insecure is None else Security.INSECURE


@dataclass(frozen=True, slots=True)
class Judgement:
    """The status of an answer, for `ttl` seconds, and why it is not secure (None: it is).

    `links` is the chain of aliases that was proven, each with a status of its own, and at last
    what the question asked for. Bogus and indeterminate answers are look-up errors (DNS-01):
    their records must not be used, and their `ttl` is 0.
    """

    security: Security
    ttl: int
    reason: Reason | None
    links: tuple[Link, ...]


class Walk:
    """The validation of one answer, at one time (aware), from the anchors down.

    `known` are zones that earlier walks have found (`trusted`), by their names; those past their
    time are ignored.
    """

    def __init__(
        self,
        question: Wanted,
        anchors: Iterable[TrustAnchor],
        at: datetime,
        known: Mapping[dns.name.Name, TrustedKeys] = NOTHING_KNOWN,
    ) -> None:
        self._chain = Chain(anchors, known, at)
        self._links: list[Link] = []
        self._questions = 1
        self._judgement: Judgement | None = None
        self._story = self._follow(question)
        self._wanted = next(self._story)

    @property
    def trusted(self) -> Mapping[dns.name.Name, TrustedKeys]:
        """The zones this walk has proven, by name, for a caller to keep until each one's time."""
        return self._chain.trusted

    def needs(self) -> Wanted | None:
        """The RRset to feed next; None when there is a result."""
        return self._wanted if self._judgement is None else None

    def feed(self, answer: dns.message.Message) -> None:
        """Go on with the answer to what was needed, and to nothing else; SERVFAIL ends the walk."""
        assert self._judgement is None
        if answer.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
            self.fail(Reason.DNS_SERVFAIL)
            return
        try:
            self._wanted = self._story.send(answer)
        except StopIteration:
            self._judgement = self._sum_up()
        except Bogus as broken:
            self._judgement = Judgement(broken.security, 0, broken.reason, tuple(self._links))
        else:
            self._questions += 1
            if self._questions > MOST_QUESTIONS:
                self.fail(Reason.DNSSEC_TOO_MUCH)

    def fail(self, reason: Reason) -> None:
        """End the walk, since what it needs cannot be had: the answer is indeterminate."""
        self._judgement = Judgement(Security.INDETERMINATE, 0, reason, tuple(self._links))

    def result(self) -> Judgement:
        """The judgement; to be asked for only when nothing is needed any more."""
        assert self._judgement is not None
        return self._judgement

    def _sum_up(self) -> Judgement:
        """A chain of aliases is as good as its weakest link."""
        insecure = next((link.insecure for link in self._links if link.insecure), None)
        security = Security.SECURE if insecure is None else Security.INSECURE
        ttl = min(link.ttl for link in self._links)
        return Judgement(security, ttl, insecure, tuple(self._links))

    def _follow(self, question: Wanted) -> Asking[None]:
        """The chain of aliases, link by link; a message is read as far as it leads."""
        name, passed = question.name, set[dns.name.Name]()
        message = yield question
        while (records := signed_set(message.answer, name, question.rdtype)) is None:
            alias = alias_in(message, name) if question.rdtype != RdataType.CNAME else None
            if alias is None:
                self._links.append((yield from self._absence(message, name, question.rdtype)))
                return
            self._links.append((yield from self._link(alias.signed, message, name)))
            passed.add(name)
            name = alias.target
            if name in passed or len(passed) > MOST_ALIASES:
                raise Bogus(Reason.DNS_ALIAS_LOOP)
            if not _speaks_of(message, name, question.rdtype):
                message = yield Wanted(name, question.rdtype)
        self._links.append((yield from self._link(records, message, name)))

    def _link(
        self, signed: SignedSet, message: dns.message.Message, name: dns.name.Name
    ) -> Asking[Link]:
        """Records that the zone they say they are of vouches for, or that no zone could."""
        zone = yield from self._chain.zone_of(_home(signed.signer, signed.name, signed.rdtype))
        checked = Checked(signed.ttl, zone.insecure)
        if zone.insecure is None:
            checked = self._chain.check(signed, message, zone)
        return Link(name, signed.records, checked.ttl, checked.insecure)

    def _absence(
        self, message: dns.message.Message, name: dns.name.Name, rdtype: RdataType
    ) -> Asking[Link]:
        """None of these records at this name, proven by the zone that the proof says it is of."""
        signers = [
            signed.signer
            for signed in denials_in(message)
            if signed.signer is not None and name.is_subdomain(signed.signer)
        ]
        signer = max(signers, key=len, default=None)
        zone = yield from self._chain.zone_of(_home(signer, name, rdtype))
        checked = Checked(negative_ttl(message) or 0, zone.insecure)
        if zone.insecure is None:
            checked = self._chain.check_absence(message, Wanted(name, rdtype), zone)
        nxdomain = message.rcode() == dns.rcode.NXDOMAIN
        reason = Reason.DNS_NXDOMAIN if nxdomain else Reason.DNS_NODATA
        return Link(name, None, checked.ttl, checked.insecure, reason)


def _home(signer: dns.name.Name | None, name: dns.name.Name, rdtype: RdataType) -> dns.name.Name:
    """Where to look for the zone of records: at the claimed signer; without one, at the name.

    Missing signatures are in order only if the way down ends in an insecure delegation, so it is
    walked to the end; a DS RRset is the parent's.
    """
    if signer is not None:
        return signer
    if rdtype == RdataType.DS and name != dns.name.root:
        return name.parent()
    return name


def _speaks_of(message: dns.message.Message, name: dns.name.Name, rdtype: RdataType) -> bool:
    """Whether a message that led to a name says anything about it, if only that it has nothing.

    A server that does not hold the target's zone stops at the alias (RFC 1034 s4.3.2).
    """
    known: SignedSet | Alias | None = signed_set(message.answer, name, rdtype)
    known = known or alias_in(message, name)
    return known is not None or negative_ttl(message) is not None

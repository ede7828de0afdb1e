"""The look-ups of DANE for one destination: MX records, addresses, TLSA records, with their status.

In the order of the log: each host's addresses before its TLSA records, so that nobody is asked for
records that could not count (RFC 7672 s2.2). What the answers mean is judged in policy/dane.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from seg_cli.address_literals import is_address
from seg_cli.delivery.addresses import BOTH, Family
from seg_cli.delivery.next_hops import NextHop
from seg_cli.events import DaneAddressSeen, DaneMxSeen, DaneTlsaMissing, DaneTlsaSeen, Event
from seg_cli.net.validator import Validated, Validator
from seg_cli.policy.dane import (
    DaneHost,
    NoTlsa,
    TlsaFacts,
    TlsaFailed,
    first_decisive,
    tlsa_facts,
)
from seg_cli.policy.facts import Absent, Failed, Found, Lookup, MxHost
from seg_cli.standards.tlsa import (
    AddressSeen,
    Tlsa,
    owner_name,
    reference_identifiers,
    tlsa_base_domains,
)
from seg_cli.terms import Security


@dataclass(frozen=True, slots=True)
class DaneSeen:
    """What DANE found out about one mail host: its addresses, and what is known of its records."""

    addresses: tuple[str, ...]
    tlsa: TlsaFacts


@dataclass(slots=True)
class DaneLookups:
    """Asks for one destination; each answer is an event."""

    validating: Validator
    domain: str
    emit: Callable[[Event], None]
    _mx: Security = Security.INDETERMINATE
    _next_hops: tuple[str, ...] = field(default=())

    async def mx(self, domain: str) -> Lookup[tuple[MxHost, ...]]:
        """The mail exchangers, as `NextHops` asks for them; their status is remembered."""
        answer = await self.validating.mx(domain)
        self._mx = answer.security
        if answer.security is Security.SECURE:
            self._next_hops = (domain, answer.expanded)
        match answer.lookup:
            case Found(hosts):
                for host in hosts:
                    self.emit(DaneMxSeen(self.domain, host.name, answer.security))
            case Failed():
                self.emit(DaneMxSeen(self.domain, "", Security.BOGUS))
            case Absent():
                pass
        return answer.lookup

    async def look_at(self, hop: NextHop, families: tuple[Family, ...]) -> DaneSeen:
        """The addresses of a host, then its TLSA records under each name they may stand under."""
        if is_address(hop.host):
            return DaneSeen((hop.host,), first_decisive(()))
        answers = {
            family: await self.validating.addresses(hop.host, family)
            for family in BOTH
            if family in families
        }
        addresses: list[str] = []
        for family, answer in answers.items():
            addresses += self._tell_addresses(hop.host, family, answer)
        if not addresses:
            failed = any(isinstance(answer.lookup, Failed) for answer in answers.values())
            return DaneSeen((), TlsaFailed() if failed else first_decisive(()))
        found = [answer for answer in answers.values() if isinstance(answer.lookup, Found)]
        seen = await self._address_seen(hop.host, found)
        return DaneSeen(tuple(addresses), await self._tlsa(hop, seen))

    def _tell_addresses(self, host: str, family: Family, answer: Validated[str]) -> tuple[str, ...]:
        match answer.lookup:
            case Found(addresses):
                for address in addresses:
                    self.emit(DaneAddressSeen(self.domain, host, family, address, answer.security))
                return addresses
            case Failed():
                self.emit(DaneAddressSeen(self.domain, host, family, "", Security.BOGUS))
                return ()
            case Absent():
                return ()

    async def _address_seen(self, host: str, found: list[Validated[str]]) -> AddressSeen:
        """How the addresses were found: as good as the weaker family."""
        insecure = [each for each in found if each.security is not Security.SECURE]
        if not insecure:
            return AddressSeen(host, found[0].expanded, Security.SECURE)
        weakest = insecure[0]
        if weakest.expanded == host:
            return AddressSeen(host, host, weakest.security)
        alias = await self.validating.alias(host)  # DANE-15
        return AddressSeen(host, weakest.expanded, weakest.security, alias.security)

    async def _tlsa(self, hop: NextHop, seen: AddressSeen) -> TlsaFacts:
        """What is known from the first name that has records, or about which nothing is known."""
        facts: list[TlsaFacts] = []
        for base in tlsa_base_domains(seen):
            answer = await self.validating.tlsa(owner_name(base, hop.port))
            self._tell_tlsa(hop.host, answer)
            host = DaneHost(base, reference_identifiers(base, *self._next_hops), self._mx)
            facts.append(tlsa_facts(answer.lookup, host))
            if not isinstance(facts[-1], NoTlsa):
                break
        return first_decisive(facts)

    def _tell_tlsa(self, host: str, answer: Validated[Tlsa]) -> None:
        match answer.lookup:
            case Found():
                self.emit(DaneTlsaSeen(self.domain, host, answer.security))
            case Absent():
                self.emit(DaneTlsaMissing(self.domain, host))
            case Failed():
                self.emit(DaneTlsaSeen(self.domain, host, Security.BOGUS))

"""Where the lab's name space is cut into zones, and how each of them is signed.

The root, the top-level and the reverse zones are always signed; a recipient domain and the zone of
a mail host are what their spec says, all others are not signed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

import dns.name
import dns.rrset

from seg_cli.lab.dnssec import Dnssec
from seg_cli.lab.spec import Answering, LabSpec, Record

REVERSE = ("in-addr.arpa", "ip6.arpa")

NAME_SERVER = "ns.lab.example"
"""Every zone has the lab's resolvers as its name servers."""

SOA = f"{NAME_SERVER}. hostmaster.lab.example. 1 3600 600 86400 300"
SOA_TTL, NS_TTL = 300, 3600

BOGUS = frozenset({Dnssec.BOGUS_EXPIRED, Dnssec.BOGUS_DS, Dnssec.BOGUS_STRIPPED})


class Standing(Enum):
    """What a validator that trusts the lab's root makes of a zone (RFC 4033 s5)."""

    SECURE = auto()
    INSECURE = auto()
    BOGUS = auto()


@dataclass(frozen=True, slots=True)
class Cuts:
    """Every zone by its apex."""

    zones: Mapping[dns.name.Name, Dnssec]

    def apex(self, name: dns.name.Name) -> dns.name.Name:
        """The zone a name lies in: its own if it is an apex."""
        while name not in self.zones:
            name = name.parent()
        return name

    def parent(self, apex: dns.name.Name) -> dns.name.Name:
        """The zone above; that of the root is the root."""
        return self.apex(apex.parent()) if apex != dns.name.root else apex

    def children(self, apex: dns.name.Name) -> tuple[dns.name.Name, ...]:
        """The zones delegated from this one."""
        others = (zone for zone in self.zones if zone != dns.name.root)
        return tuple(sorted(zone for zone in others if self.parent(zone) == apex))

    def standing(self, apex: dns.name.Name) -> Standing:
        """Decided by the first zone, from the root down, that is not soundly signed."""
        above = Standing.SECURE if apex == dns.name.root else self.standing(self.parent(apex))
        if above is not Standing.SECURE or self.zones[apex] is Dnssec.SIGNED:
            return above
        return Standing.BOGUS if self.zones[apex] in BOGUS else Standing.INSECURE


def cuts_of(spec: LabSpec, records: Iterable[Record]) -> Cuts:
    """The zones there are: each domain that exists, two labels of every other name, what is above
    them, and the reverse trees."""
    domains = {dns.name.from_text(domain.name): domain for domain in spec.domains}
    zones = {dns.name.from_text(tree): Dnssec.SIGNED for tree in (".", *REVERSE)}
    known = Cuts(zones | {apex: domain.dnssec for apex, domain in domains.items()})
    for record in records:
        name = dns.name.from_text(record.name)
        if known.apex(name) == dns.name.root:
            zones.setdefault(second_level(name), Dnssec.UNSIGNED)
    for apex, domain in domains.items():
        if domain.dns is not Answering.NXDOMAIN:
            zones[apex] = domain.dnssec
    for apex in tuple(zones):
        if apex != dns.name.root:
            zones[apex.split(2)[1]] = Dnssec.SIGNED
    return Cuts(zones | dict(_zones_of_hosts(spec, Cuts(zones))))


def _zones_of_hosts(spec: LabSpec, cuts: Cuts) -> Iterator[tuple[dns.name.Name, Dnssec]]:
    """The zones that are as a mail host wants them: a recipient domain goes by its own word."""
    domains = {dns.name.from_text(domain.name) for domain in spec.domains}
    for host in spec.hosts:
        apex = cuts.apex(dns.name.from_text(host.name))
        if host.dnssec is not Dnssec.UNSIGNED and apex not in domains:
            yield apex, host.dnssec


def second_level(name: dns.name.Name) -> dns.name.Name:
    """The last two labels of a name, or the name where it has fewer."""
    return name.split(min(3, len(name)))[1]


def apex_rrsets(apex: dns.name.Name) -> tuple[dns.rrset.RRset, dns.rrset.RRset]:
    """SOA and NS of a zone."""
    return (
        dns.rrset.from_text(apex, SOA_TTL, "IN", "SOA", SOA),
        dns.rrset.from_text(apex, NS_TTL, "IN", "NS", f"{NAME_SERVER}."),
    )

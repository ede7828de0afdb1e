"""Answers for who asks for DNSSEC (RFC 4035 s3.1): signatures, denials, keys and DS records.

A zone is put together and signed at the first question that needs it, and again when its signatures
grow old by the lab's clock.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rdtypes.ANY.CNAME
import dns.rrset
import dns.zone

from seg_cli.lab.cuts import Cuts, Standing, apex_rrsets
from seg_cli.lab.dnssec import Dnssec
from seg_cli.lab.signing import DS_TTL, RENEWAL, ZoneKeys

MOST_ALIASES = 16
"""Aliases followed before an answer is given up; a loop is longer than any number (DNS-07)."""

Content = Callable[[dns.name.Name], Iterable[dns.rrset.RRset]]
"""The RRsets of the zone with this apex, delegations and keys aside."""


@dataclass(slots=True)
class SignedZones:
    """All zones, as far as somebody has asked for them; `signings` counts the work."""

    cuts: Cuts
    content: Content
    keys: ZoneKeys
    signings: int = 0
    _made: dict[dns.name.Name, tuple[datetime, dns.zone.Zone]] = field(default_factory=dict)

    def answer(self, response: dns.message.Message) -> Standing:
        """Fill the response, aliases followed; returns the worst standing of the zones it is from.

        SERVFAIL for a loop of aliases.
        """
        question = response.question[0]
        name, rdtype = question.name, question.rdtype
        standing = Standing.SECURE
        for _ in range(MOST_ALIASES):
            apex = self._authoritative(name, rdtype)
            standing = max(standing, self.cuts.standing(apex), key=list(Standing).index)
            zone = self._zone(apex)
            if self._append(response.answer, zone, name, rdtype):
                return standing
            alias = zone.get_rrset(name, dns.rdatatype.CNAME)
            if alias is None:
                self._deny(response, zone, name)
                return standing
            self._append(response.answer, zone, name, dns.rdatatype.CNAME)
            name = cast("dns.rdtypes.ANY.CNAME.CNAME", alias[0]).target
        response.answer.clear()
        response.set_rcode(dns.rcode.SERVFAIL)
        return standing

    def _authoritative(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> dns.name.Name:
        """The zone that answers; DS records of a zone stand in its parent (RFC 4035 s3.1.4.1)."""
        apex = self.cuts.apex(name)
        return self.cuts.parent(apex) if rdtype == dns.rdatatype.DS and name == apex else apex

    # Putting a zone together

    def _zone(self, apex: dns.name.Name) -> dns.zone.Zone:
        now = self.keys.now()
        made = self._made.get(apex)
        if made is None or not made[0] <= now < made[0] + RENEWAL:
            made = self._made[apex] = now, self._make(apex)
        return made[1]

    def _make(self, apex: dns.name.Name) -> dns.zone.Zone:
        zone = dns.zone.Zone(apex, relativize=False)
        with zone.writer() as writer:
            for rrset in self.content(apex):
                writer.add(rrset)
            for child in self.cuts.children(apex):
                for rrset in self._delegation(child):
                    writer.add(rrset)
        manner = self.cuts.zones[apex]
        if manner is not Dnssec.UNSIGNED:
            self.keys.sign(zone, manner)
            self.signings += 1
        return zone

    def _delegation(self, child: dns.name.Name) -> Iterable[dns.rrset.RRset]:
        """The NS records of a child and, unless it is unsigned, the DS of its key."""
        _, servers = apex_rrsets(child)
        yield servers
        manner = self.cuts.zones[child]
        if manner is not Dnssec.UNSIGNED:
            yield dns.rrset.from_rdata(child, DS_TTL, self.keys.ds(child, manner))

    # Taking an answer from it

    def _append(
        self,
        section: list[dns.rrset.RRset],
        zone: dns.zone.Zone,
        name: dns.name.Name,
        rdtype: dns.rdatatype.RdataType,
    ) -> bool:
        """Add the RRset with its signature, once; whether there is one."""
        if rdtype == dns.rdatatype.RRSIG:
            found = _signatures(zone, name)
        else:
            both = (
                zone.get_rrset(name, rdtype),
                zone.get_rrset(name, dns.rdatatype.RRSIG, rdtype),
            )
            found = [rrset for rrset in both if rrset is not None]
        section.extend(rrset for rrset in found if rrset not in section)
        return bool(found)

    def _deny(
        self, response: dns.message.Message, zone: dns.zone.Zone, name: dns.name.Name
    ) -> None:
        """NXDOMAIN or NODATA: the SOA, and where the zone is signed its NSEC records say the same
        (RFC 4035 s3.1.3). There is no wildcard in the lab, which they prove as well."""
        assert zone.origin is not None
        self._append(response.authority, zone, zone.origin, dns.rdatatype.SOA)
        names = sorted(name for name, _ in zone.iterate_rdatasets())
        denied = [name]
        if not any(one.is_subdomain(name) for one in names):
            response.set_rcode(dns.rcode.NXDOMAIN)
            encloser = name.parent()
            while not any(one.is_subdomain(encloser) for one in names):
                encloser = encloser.parent()
            denied.append(dns.name.from_text("*", encloser))
        owners = [one for one in names if zone.get_rdataset(one, dns.rdatatype.NSEC)]
        for one in denied:
            below = [owner for owner in owners if owner <= one]
            if below:
                self._append(response.authority, zone, below[-1], dns.rdatatype.NSEC)


def _signatures(zone: dns.zone.Zone, name: dns.name.Name) -> list[dns.rrset.RRset]:
    """All signatures at a name."""
    node = zone.get_node(name)
    kinds = [one.covers for one in node or () if one.rdtype == dns.rdatatype.RRSIG]
    found = (zone.get_rrset(name, dns.rdatatype.RRSIG, covers) for covers in kinds)
    return [rrset for rrset in found if rrset is not None]

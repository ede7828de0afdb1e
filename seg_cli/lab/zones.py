"""What the lab's resolvers know: every record that the spec implies, forward and reverse."""

from collections.abc import Iterator
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.reversename
import dns.rrset

from seg_cli.lab.spec import LabSpec

TTL = 3600
SOA = "ns.lab.invalid. hostmaster.lab.invalid. 1 3600 600 86400 300"


@dataclass(frozen=True, slots=True)
class ZoneRecord:
    """One RRset as text."""

    name: str
    rdtype: str
    data: tuple[str, ...]
    ttl: int = TTL


def records_of(spec: LabSpec) -> Iterator[ZoneRecord]:
    """All RRsets of the lab."""
    for domain in spec.domains:
        yield ZoneRecord(
            domain.name, "MX", tuple(f"{mx.preference} {mx.name}." for mx in domain.mx)
        )
        texts = tuple(f'"{text}"' for text in domain.mta_sts_txt)
        yield ZoneRecord(f"_mta-sts.{domain.name}", "TXT", texts, domain.mta_sts_ttl)
    for policy in spec.policies:
        yield from address_records(policy.name, policy.addresses)
    for host in spec.hosts:
        yield from address_records(host.name, host.addresses)
        if host.ptr:
            yield from (reverse_record(address, host.ptr) for address in host.addresses)
    named = [(spec.client.hostname, spec.client.address)]
    named.append((spec.appliance.hostname, spec.appliance.address))
    if spec.proxy is not None:
        named.append((spec.proxy.hostname, spec.proxy.address))
    for name, address in named:
        yield from address_records(name, (address,))
        yield reverse_record(address, name)
    for record in spec.records:
        yield ZoneRecord(record.name, record.rdtype, record.data, record.ttl)


def address_records(name: str, addresses: tuple[str, ...]) -> Iterator[ZoneRecord]:
    """A and AAAA of a name."""
    for rdtype, family in (("A", "."), ("AAAA", ":")):
        data = tuple(address for address in addresses if family in address)
        yield ZoneRecord(name, rdtype, data)


def reverse_record(address: str, name: str) -> ZoneRecord:
    """The PTR of an address."""
    owner = dns.reversename.from_address(address).to_text(omit_final_dot=True)
    return ZoneRecord(owner, "PTR", (f"{name}.",))


class Zones:
    """Answers questions as a resolver does, whoever the zone belongs to."""

    def __init__(self, spec: LabSpec) -> None:
        self._rrsets: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], dns.rrset.RRset] = {}
        self._names: set[dns.name.Name] = set()
        for record in records_of(spec):
            if record.data:
                self._add(record)

    def _add(self, record: ZoneRecord) -> None:
        owner = dns.name.from_text(record.name)
        rrset = dns.rrset.from_text_list(owner, record.ttl, "IN", record.rdtype, record.data)
        self._rrsets[owner, rrset.rdtype] = rrset
        while len(owner) > 1:  # names above a name exist as well (RFC 8020)
            self._names.add(owner)
            owner = owner.parent()

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        """The answer, aliases followed; NXDOMAIN and NODATA carry the SOA."""
        response = dns.message.make_response(query, recursion_available=True)
        question = query.question[0]
        name = question.name
        while (alias := self._find(name, dns.rdatatype.CNAME)) is not None:
            response.answer.append(alias)
            if question.rdtype == dns.rdatatype.CNAME:
                return response
            name = alias[0].target
        found = self._find(name, question.rdtype)
        if found is not None:
            response.answer.append(found)
            return response
        if name not in self._names:
            response.set_rcode(dns.rcode.NXDOMAIN)
        soa = dns.rrset.from_text(name.parent() if len(name) > 1 else name, 300, "IN", "SOA", SOA)
        response.authority.append(soa)
        return response

    def _find(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> dns.rrset.RRset | None:
        return self._rrsets.get((name, rdtype))

    def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of a name, for the servers of the lab that look something up."""
        owner = dns.name.from_text(host)
        found = (self._find(owner, rdtype) for rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA))
        return tuple(record.address for rrset in found if rrset is not None for record in rrset)

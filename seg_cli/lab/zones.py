"""What the lab's resolvers know: every record that the spec implies, forward and reverse."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never, cast

import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.IN.A
import dns.reversename
import dns.rrset

from seg_cli.errors import UserError
from seg_cli.lab.spec import Answering, LabSpec, Record

SOA = "ns.lab.example. hostmaster.lab.example. 1 3600 600 86400 300"
SOA_TTL = 300

MOST_ALIASES = 16
"""Aliases followed before an answer is given up; a loop is longer than any number (DNS-07)."""

STRING_LIMIT = 255
"""Octets of one character-string of a TXT record (RFC 1035 s3.3)."""


def records_of(spec: LabSpec) -> Iterator[Record]:
    """All RRsets of the lab; those without data are not there."""
    for domain in spec.domains:
        yield Record(domain.name, "MX", tuple(f"{mx.preference} {mx.name}" for mx in domain.mx))
        texts = tuple(txt_data(text) for text in domain.mta_sts_txt)
        yield Record(f"_mta-sts.{domain.name}", "TXT", texts, domain.mta_sts_ttl)
    for policy in spec.policies:
        yield from address_records(policy.name, policy.addresses)
    for host in spec.hosts:
        yield from address_records(host.name, host.addresses)
        if host.ptr:
            yield from (reverse_record(address, host.ptr) for address in host.addresses)
    for box in (spec.appliance, spec.client, spec.proxy):
        if box is not None:
            yield from address_records(box.hostname, (box.address,))
            yield reverse_record(box.address, box.hostname)
    yield from spec.records


def address_records(name: str, addresses: tuple[str, ...]) -> Iterator[Record]:
    """A and AAAA of a name."""
    for rdtype, mark in (("A", "."), ("AAAA", ":")):
        yield Record(name, rdtype, tuple(address for address in addresses if mark in address))


def reverse_record(address: str, name: str) -> Record:
    """The PTR of an address."""
    return Record(dns.reversename.from_address(address).to_text(), "PTR", (name,))


def txt_data(text: str) -> str:
    """A text as TXT data: as many character-strings as it needs, every octet escaped."""
    octets = text.encode()
    pieces = (octets[at : at + STRING_LIMIT] for at in range(0, len(octets), STRING_LIMIT))
    return " ".join('"' + "".join(f"\\{octet:03}" for octet in piece) + '"' for piece in pieces)


def apexes_of(spec: LabSpec) -> Iterator[str]:
    """The zones there are: each domain, two labels of every other name, and the reverse trees."""
    yield from (".", "in-addr.arpa", "ip6.arpa")
    domains = tuple(domain.name for domain in spec.domains)
    yield from domains
    for record in records_of(spec):
        if not any(f".{record.name}".endswith(f".{domain}") for domain in domains):
            yield ".".join(record.name.split(".")[-2:])


def answering_of(spec: LabSpec) -> dict[dns.name.Name, Answering]:
    """The names that are not answered as usual, each for all names below it."""
    found: dict[dns.name.Name, Answering] = {}
    for domain in spec.domains:
        name = dns.name.from_text(domain.name)
        if domain.dns is not Answering.NORMAL:
            found[name] = domain.dns
        elif domain.txt_dns is not Answering.NORMAL:
            found[dns.name.from_text("_mta-sts", name)] = domain.txt_dns
    return found


@dataclass(frozen=True, slots=True)
class _Key:
    name: dns.name.Name
    rdtype: dns.rdatatype.RdataType


class Zones:
    """Answers questions as a resolver does, whoever the zone belongs to.

    UserError if a record of the spec has data that its type cannot have.
    """

    def __init__(self, spec: LabSpec) -> None:
        self._rrsets: dict[_Key, dns.rrset.RRset] = {}
        self._names = {dns.name.root}
        self._apexes = {dns.name.from_text(apex) for apex in apexes_of(spec)}
        self._answering = answering_of(spec)
        for apex in self._apexes:
            self._add(dns.rrset.from_text(apex, SOA_TTL, "IN", "SOA", SOA))
        for record in records_of(spec):
            if record.data:
                self._add(_rrset(record))

    def _add(self, rrset: dns.rrset.RRset) -> None:
        present = self._rrsets.setdefault(_Key(rrset.name, rrset.rdtype), rrset)
        for record in tuple(rrset):
            present.add(record, rrset.ttl)
        name = rrset.name
        while name not in self._names:  # names above a name exist as well (RFC 8020)
            self._names.add(name)
            name = name.parent()

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        """The answer, aliases followed; NXDOMAIN and NODATA carry the zone's SOA (RFC 2308).

        A name that is to get no answer at all (`answering`) is SERVFAIL to whoever asks here.
        """
        response = dns.message.make_response(query, recursion_available=True)
        question = query.question[0]
        name = question.name
        match self.answering(name):
            case Answering.SERVFAIL | Answering.SILENT:
                response.set_rcode(dns.rcode.SERVFAIL)
                return response
            case Answering.NXDOMAIN:
                response.set_rcode(dns.rcode.NXDOMAIN)
                return self._with_soa(response, dns.name.root)
            case Answering.NORMAL:
                return self._look_up(response, question)
            case manner:
                assert_never(manner)

    def answering(self, name: dns.name.Name) -> Answering:
        """How questions about a name are answered, which the nearest name above it decides."""
        while name != dns.name.root:
            if name in self._answering:
                return self._answering[name]
            name = name.parent()
        return Answering.NORMAL

    def _look_up(
        self, response: dns.message.Message, question: dns.rrset.RRset
    ) -> dns.message.Message:
        name = question.name
        for _ in range(MOST_ALIASES):
            found = self._find(name, question.rdtype)
            if found is not None:
                response.answer.append(found)
                return response
            alias = self._find(name, dns.rdatatype.CNAME)
            if alias is None:
                return self._denial(response, name)
            response.answer.append(alias)
            name = cast("dns.rdtypes.ANY.CNAME.CNAME", alias[0]).target
        response.answer.clear()
        response.set_rcode(dns.rcode.SERVFAIL)
        return response

    def _denial(self, response: dns.message.Message, name: dns.name.Name) -> dns.message.Message:
        if name not in self._names:
            response.set_rcode(dns.rcode.NXDOMAIN)
        return self._with_soa(response, name)

    def _with_soa(self, response: dns.message.Message, name: dns.name.Name) -> dns.message.Message:
        apex = name
        while apex not in self._apexes:
            apex = apex.parent()
        response.authority.append(self._rrsets[_Key(apex, dns.rdatatype.SOA)])
        return response

    def _find(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> dns.rrset.RRset | None:
        return self._rrsets.get(_Key(name, rdtype))

    def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of a name, for the servers of the lab that look something up."""
        try:
            query = dns.message.make_query(host, dns.rdatatype.A)
        except dns.exception.DNSException:  # no name at all
            return ()
        answer = self.answer(query).answer
        addresses = (rrset for rrset in answer if rrset.rdtype == dns.rdatatype.A)
        return tuple(
            cast("dns.rdtypes.IN.A.A", record).address for rrset in addresses for record in rrset
        )


def _rrset(record: Record) -> dns.rrset.RRset:
    try:
        return dns.rrset.from_text_list(
            dns.name.from_text(record.name),
            record.ttl,
            "IN",
            record.rdtype,
            record.data,
            origin=dns.name.root,
            relativize=False,
        )
    except (dns.exception.DNSException, ValueError) as problem:
        raise UserError(f"lab: {record.name} {record.rdtype}: {problem}.") from problem

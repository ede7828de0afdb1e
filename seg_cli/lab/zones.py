"""What the lab's resolvers answer, from the records that the spec implies; each in its zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never, cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.IN.A
import dns.rrset

from seg_cli.errors import UserError
from seg_cli.lab.ca import CertificateAuthority
from seg_cli.lab.cuts import Standing, apex_rrsets, cuts_of
from seg_cli.lab.dnssec import Resolving
from seg_cli.lab.records import records_of
from seg_cli.lab.signed_zones import MOST_ALIASES, SignedZones
from seg_cli.lab.signing import ZoneKeys
from seg_cli.lab.spec import Answering, LabSpec, Record
from seg_cli.lab.tlsa import tlsa_name, tlsa_rrset

OUR_PAYLOAD = 1232
"""Octets of UDP that are received here: what crosses any network in one piece (DNS-03)."""

SECURITY_TYPES = frozenset(
    {dns.rdatatype.DNSKEY, dns.rdatatype.DS, dns.rdatatype.RRSIG, dns.rdatatype.NSEC}
)

SIGNATURE_TYPES = frozenset({dns.rdatatype.RRSIG, dns.rdatatype.NSEC})


def answering_of(spec: LabSpec) -> dict[dns.name.Name, Answering]:
    """The names that are not answered as usual, each for all names below it."""
    found: dict[dns.name.Name, Answering] = {}
    for domain in spec.domains:
        name = dns.name.from_text(domain.name)
        if domain.dns is not Answering.NORMAL:
            found[name] = domain.dns
        elif domain.txt_dns is not Answering.NORMAL:
            found[dns.name.from_text("_mta-sts", name)] = domain.txt_dns
    for host in spec.hosts:
        if host.tlsa_dns is not Answering.NORMAL:
            found[tlsa_name(host.name)] = host.tlsa_dns
    return found


@dataclass(frozen=True, slots=True)
class _Key:
    name: dns.name.Name
    rdtype: dns.rdatatype.RdataType


class Zones:
    """Answers questions as a resolver does, whoever the zone belongs to.

    UserError if a record of the spec has data that its type cannot have. `authority` has the keys
    of zones and hosts; its clock dates the signatures.
    """

    def __init__(self, spec: LabSpec, authority: CertificateAuthority) -> None:
        records = [record for record in records_of(spec) if record.data]
        self._rrsets: dict[_Key, dns.rrset.RRset] = {}
        self._names = {dns.name.root}
        self._answering = answering_of(spec)
        self._resolving = spec.appliance.resolving
        self._authority = authority
        self._tlsa = {tlsa_name(host.name): host for host in spec.hosts if host.tlsa}
        self._cuts = cuts_of(spec, records)
        self.signed = SignedZones(self._cuts, self._content, ZoneKeys(authority))
        for apex in self._cuts.zones:
            for rrset in apex_rrsets(apex):
                self._add(rrset)
        for record in records:
            self._add(_rrset(record))
        for name in self._tlsa:
            self._exists(name)

    def _add(self, rrset: dns.rrset.RRset) -> None:
        present = self._rrsets.setdefault(_Key(rrset.name, rrset.rdtype), rrset)
        for record in tuple(rrset):
            present.add(record, rrset.ttl)
        self._exists(rrset.name)

    def _exists(self, name: dns.name.Name) -> None:
        while name not in self._names:  # names above a name exist as well (RFC 8020)
            self._names.add(name)
            name = name.parent()

    def answer(self, query: dns.message.Message) -> dns.message.Message:
        """The answer, aliases followed; NXDOMAIN and NODATA carry the zone's SOA (RFC 2308).

        A name that is to get no answer at all (`answering`) is SERVFAIL to whoever asks here.
        """
        response = dns.message.make_response(
            query, recursion_available=True, our_payload=OUR_PAYLOAD
        )
        question = query.question[0]
        name = question.name
        manner = self.answering(name)
        match manner:
            case Answering.SERVFAIL | Answering.SILENT:
                response.set_rcode(dns.rcode.SERVFAIL)
                return response
            case Answering.NXDOMAIN | Answering.NORMAL:
                pass
            case _:
                assert_never(manner)
        if needs_signing(query, self._resolving):
            return self._secured(query, response)
        if manner is Answering.NXDOMAIN:
            response.set_rcode(dns.rcode.NXDOMAIN)
            return self._with_soa(response, dns.name.root)
        return self._look_up(response, question)

    def _secured(
        self, query: dns.message.Message, response: dns.message.Message
    ) -> dns.message.Message:
        """The answer to who asks for DNSSEC, with what a validating resolver makes of it."""
        standing = self.signed.answer(response)
        wants_signatures = bool(query.ednsflags & dns.flags.DO)
        if wants_signatures:
            response.ednsflags |= dns.flags.DO  # RFC 3225 s3
        else:
            leave_signatures_out(response)
        if self._resolving is Resolving.VALIDATING and not query.flags & dns.flags.CD:
            if standing is Standing.BOGUS:
                response.answer.clear()
                response.authority.clear()
                response.set_rcode(dns.rcode.SERVFAIL)
            elif standing is Standing.SECURE and (wants_signatures or query.flags & dns.flags.AD):
                response.flags |= dns.flags.AD  # RFC 6840 s5.7
        return response

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
        soa = self._rrsets[_Key(self._cuts.apex(name), dns.rdatatype.SOA)]
        response.authority.append(soa)
        return response

    def _find(self, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> dns.rrset.RRset | None:
        if rdtype == dns.rdatatype.TLSA:
            self._make_tlsa(name)
        return self._rrsets.get(_Key(name, rdtype))

    def _make_tlsa(self, name: dns.name.Name) -> None:
        """The records of a host when they are first asked for: they need the key it shows."""
        host = self._tlsa.pop(name, None)
        if host is not None:
            self._add(tlsa_rrset(host, self._authority))

    def _content(self, apex: dns.name.Name) -> Iterator[dns.rrset.RRset]:
        """What there is in a zone, for signing."""
        for name in tuple(self._tlsa):
            if self._cuts.apex(name) == apex:
                self._make_tlsa(name)
        for rrset in self._rrsets.values():
            if self._cuts.apex(rrset.name) == apex and self._there(rrset.name):
                yield rrset

    def _there(self, name: dns.name.Name) -> bool:
        return self.answering(name) is not Answering.NXDOMAIN

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


def needs_signing(query: dns.message.Message, resolving: Resolving) -> bool:
    """Whether the answer shows signatures, is of a type that only signed zones have, or comes from
    a resolver that validates every answer."""
    match resolving:
        case Resolving.UNAWARE:
            return False
        case Resolving.VALIDATING:
            return True
        case Resolving.AWARE:
            wants_signatures = bool(query.ednsflags & dns.flags.DO)
            return wants_signatures or query.question[0].rdtype in SECURITY_TYPES
        case _:
            assert_never(resolving)


def leave_signatures_out(response: dns.message.Message) -> None:
    """As for who does not ask for them with DO (RFC 4035 s3.2.1)."""
    for section in (response.answer, response.authority):
        section[:] = [
            rrset
            for rrset in section
            if rrset.rdtype not in SIGNATURE_TYPES or rrset.rdtype == response.question[0].rdtype
        ]


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

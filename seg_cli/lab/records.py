"""Every record that a spec implies, forward and reverse; SOA, NS and TLSA are added by zones.py."""

from collections.abc import Iterator

import dns.reversename

from seg_cli.lab.cuts import NAME_SERVER
from seg_cli.lab.spec import LabSpec, Record

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
    yield from address_records(NAME_SERVER, spec.appliance.resolvers)
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

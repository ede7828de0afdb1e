"""DNS messages from their octets, with TLSA records as they were published.

dnspython refuses a TLSA record whose digest has the wrong length, and the whole message with it. To
DANE such a record is merely unusable: the others beside it count (DANE-21), and the signature is
over all of them.
"""

from collections.abc import Iterator

import dns.exception
import dns.message
import dns.name
import dns.rdata
import dns.rrset
import dns.wire
from dns.rdataclass import IN
from dns.rdatatype import TLSA


def read_message(wire: bytes) -> dns.message.Message:
    """The message; DNSException if it breaks the grammar, Truncated if it says that it was cut."""
    try:
        return dns.message.from_wire(wire, raise_on_truncation=True)
    except dns.exception.FormError:
        message = dns.message.from_wire(wire, continue_on_error=True)
        published = list(_tlsa_published(wire))
        refused = [record for _, _, record in published if not _is_taken(record)]
        if not refused or len(message.errors) > len(refused):
            raise
    others = [rrset for rrset in message.answer if rrset.rdtype != TLSA]
    message.answer = [*others, *_rrsets(published)]
    return message


_Published = tuple[dns.name.Name, int, dns.rdata.GenericRdata]
"""Owner, TTL, and the data as they are."""


def _tlsa_published(wire: bytes) -> Iterator[_Published]:
    """The TLSA records of the answer section (RFC 1035 s4.1)."""
    parser = dns.wire.Parser(wire)
    _, _, questions, answers, _, _ = parser.get_struct("!HHHHHH")
    for _ in range(questions):
        parser.get_name(decompress=True)
        parser.get_struct("!HH")
    for _ in range(answers):
        owner = parser.get_name(decompress=True)
        rdtype, rdclass, ttl, length = parser.get_struct("!HHIH")
        data = parser.get_bytes(length)
        if (rdtype, rdclass) == (TLSA, IN):
            yield owner, ttl, dns.rdata.GenericRdata(IN, TLSA, data)


def _is_taken(record: dns.rdata.GenericRdata) -> bool:
    """Whether dnspython takes the record for one of its type."""
    try:
        dns.rdata.from_wire(IN, TLSA, record.data, 0, len(record.data))
    except dns.exception.FormError:
        return False
    return True


def _rrsets(published: list[_Published]) -> Iterator[dns.rrset.RRset]:
    for owner in dict.fromkeys(name for name, _, _ in published):
        own = [(ttl, record) for name, ttl, record in published if name == owner]
        ttl = min(ttl for ttl, _ in own)
        yield dns.rrset.from_rdata_list(owner, ttl, [record for _, record in own])

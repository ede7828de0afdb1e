"""What nslookup asks the first resolver, and what it reads out of the answer."""

import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.reversename

from seg_cli.address_literals import is_address
from seg_cli.delivery.network import Network
from seg_cli.net.dns_exchange import Transport, exchange, question
from seg_cli.policy.facts import Absent, Failed, Found, Lookup
from seg_cli.terms import Reason

TIMEOUT = 60

Records = tuple[tuple[str, int], ...]
"""Data as text, and TTL in seconds."""


async def ask(network: Network, name: str, rdtype: str) -> Lookup[Records]:
    """The records of a name; an address is asked for by its reverse name."""
    if rdtype == "PTR" and is_address(name):
        owner = dns.reversename.from_address(name)
    else:
        owner = dns.name.from_text(name)
    query = question(network.world, owner, dns.rdatatype.from_text(rdtype))
    answer = await exchange(network.world, network.first_resolver, query, Transport.UDP, TIMEOUT)
    return answer if isinstance(answer, Failed) else read_records(answer, rdtype)


def read_records(answer: dns.message.Message, rdtype: str) -> Lookup[Records]:
    """The records of the type that was asked for, without the dot of the root."""
    match answer.rcode():
        case dns.rcode.NXDOMAIN:
            return Absent(Reason.DNS_NXDOMAIN)
        case dns.rcode.NOERROR:
            pass
        case _:
            return Failed(Reason.DNS_SERVFAIL)
    records = tuple(
        (record.to_text().removesuffix("."), rrset.ttl)
        for rrset in answer.answer
        if rrset.rdtype == dns.rdatatype.from_text(rdtype)
        for record in rrset
    )
    return Found(records) if records else Absent(Reason.DNS_NODATA)

"""What nslookup asks the appliance's name servers, and what it reads out of the answer."""

import dns.message
import dns.name
import dns.rcode
import dns.reversename
from dns.rdatatype import RdataType

from seg_cli.address_literals import is_address
from seg_cli.net.resolver import Resolver
from seg_cli.net.servers import Wanted
from seg_cli.policy.facts import Absent, Failed, Found
from seg_cli.terms import Reason

Records = tuple[tuple[str, int], ...]
"""Data as text, and TTL in seconds."""


async def ask(resolver: Resolver, name: str, rdtype: str) -> Found[Records] | Absent | Failed:
    """The records of a name; an address is asked for by its reverse name."""
    if rdtype == "PTR" and is_address(name):
        owner = dns.reversename.from_address(name)
    else:
        owner = dns.name.from_text(name)
    wanted = Wanted(owner, RdataType[rdtype])
    return await resolver.servers.ask(wanted, lambda message: read_records(message, wanted.rdtype))


def read_records(
    answer: dns.message.Message, rdtype: RdataType
) -> Found[Records] | Absent | Failed:
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
        if rrset.rdtype == rdtype
        for record in rrset
    )
    return Found(records) if records else Absent(Reason.DNS_NODATA)

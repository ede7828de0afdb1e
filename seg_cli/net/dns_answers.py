"""What a DNS answer says, as values: record kinds, alias chains, and the two ways of saying no.

A reader of messages that were accepted already; it touches no socket. Names come out in lower
case without the final dot; the root is `.`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.MX
import dns.rdtypes.ANY.PTR
import dns.rdtypes.ANY.TXT
import dns.rdtypes.IN.A
import dns.rdtypes.IN.AAAA
import dns.rrset
from dns.rdatatype import RdataType

from seg_cli.policy.facts import Absent, Failed, Found, MxHost
from seg_cli.standards.dnssec.answers import negative_ttl
from seg_cli.standards.tlsa import Tlsa
from seg_cli.terms import Reason, Security

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RecordKind(Generic[T]):
    """One type of record: how an RRset of it is read, and how the log shows one record."""

    rdtype: RdataType
    read: Callable[[dns.rrset.RRset], tuple[T, ...]]
    logged: Callable[[T], object]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What an answer says about one name: an RRset or its absence, and for how many seconds."""

    name: str
    rdtype: str
    answer: Found[tuple[object, ...]] | Absent
    ttl: int
    logged: tuple[object, ...]
    validated: bool = False

    @property
    def security(self) -> Security:
        """The DNSSEC status of this link alone."""
        return self.answer.security


def name_text(name: dns.name.Name) -> str:
    """The name as this product writes it."""
    return name.to_text(omit_final_dot=True).lower()


def read_mx(rrset: dns.rrset.RRset) -> tuple[MxHost, ...]:
    """By preference, then name; a host listed twice keeps its lower preference (DNS-08)."""
    hosts = sorted(
        MxHost(mx.preference, name_text(mx.exchange))
        for mx in rrset
        if isinstance(mx, dns.rdtypes.ANY.MX.MX)
    )
    lowest: dict[str, MxHost] = {}
    for host in hosts:
        lowest.setdefault(host.name, host)
    return tuple(lowest.values())


def read_txt(rrset: dns.rrset.RRset) -> tuple[tuple[bytes, ...], ...]:
    return tuple(txt.strings for txt in rrset if isinstance(txt, dns.rdtypes.ANY.TXT.TXT))


def read_addresses(rrset: dns.rrset.RRset) -> tuple[str, ...]:
    return tuple(
        record.address
        for record in rrset
        if isinstance(record, dns.rdtypes.IN.A.A | dns.rdtypes.IN.AAAA.AAAA)
    )


def read_targets(rrset: dns.rrset.RRset) -> tuple[str, ...]:
    return tuple(
        name_text(to.target)
        for to in rrset
        if isinstance(to, dns.rdtypes.ANY.PTR.PTR | dns.rdtypes.ANY.CNAME.CNAME)
    )


def read_tlsa(rrset: dns.rrset.RRset) -> tuple[Tlsa, ...]:
    """Those that can be read at all: a broken one is no failed look-up (DANE-21)."""
    records = (Tlsa.read(record.to_wire()) for record in rrset)
    return tuple(record for record in records if isinstance(record, Tlsa))


def logged_mx(host: MxHost) -> object:
    return (host.preference, host.name)


def logged_txt(strings: tuple[bytes, ...]) -> object:
    """Each byte as one character, as the appliance's byte strings show."""
    return tuple(string.decode("latin-1") for string in strings)


MX: Final = RecordKind(RdataType.MX, read_mx, logged_mx)
TXT: Final = RecordKind(RdataType.TXT, read_txt, logged_txt)
A: Final = RecordKind(RdataType.A, read_addresses, str)
AAAA: Final = RecordKind(RdataType.AAAA, read_addresses, str)
PTR: Final = RecordKind(RdataType.PTR, read_targets, str)
CNAME: Final = RecordKind(RdataType.CNAME, read_targets, str)
TLSA: Final = RecordKind(RdataType.TLSA, read_tlsa, str)


def read_answer(
    message: dns.message.Message, kind: RecordKind[T], name: dns.name.Name
) -> tuple[Learnt, ...] | Failed:
    """What the answer says about `name` and the aliases that start there, in that order.

    Records of other names are passed over, so that a server cannot plant them. The chain may end
    open, in an alias whose target the server did not look up; the caller asks for it then.
    Failed (DNS_SERVFAIL, with the response code or `lame referral`) means: ask another server.
    """
    if message.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        return Failed(Reason.DNS_SERVFAIL, detail=dns.rcode.to_text(message.rcode()))
    learnt: dict[dns.name.Name, Learnt] = {}
    while name not in learnt:  # an alias loop ends here, and is judged by who follows it
        if records := _rrset(message, name, kind):
            learnt[name] = found(records, kind)
        elif alias := _rrset(message, name, CNAME):
            learnt[name] = found(alias, CNAME)
            name = dns.name.from_text(read_targets(alias)[0])
        else:
            if absence := _absence(message, kind, name):
                learnt[name] = absence
            elif not learnt:
                return Failed(Reason.DNS_SERVFAIL, detail="lame referral")
            break
    return tuple(learnt.values())


def _rrset(
    message: dns.message.Message, name: dns.name.Name, kind: RecordKind[T]
) -> dns.rrset.RRset | None:
    return message.get_rrset(message.answer, name, dns.rdataclass.IN, kind.rdtype)


def found(rrset: dns.rrset.RRset, kind: RecordKind[T]) -> Learnt:
    """An RRset of this kind, as nobody has vouched for it yet."""
    records = kind.read(rrset)
    logged = tuple(kind.logged(record) for record in records)
    return Learnt(name_text(rrset.name), kind.rdtype.name, Found(records), rrset.ttl, logged)


def _absence(
    message: dns.message.Message, kind: RecordKind[T], name: dns.name.Name
) -> Learnt | None:
    """NXDOMAIN or NODATA, kept for the lesser of the SOA's TTL and minimum (RFC 2308 s5).

    None if the message does not say so: it has no SOA but something else, such as an alias whose
    target was not looked up, or the name servers of a zone above (a referral).
    """
    ttl = negative_ttl(message)
    if message.rcode() == dns.rcode.NXDOMAIN:
        reason, logged = Reason.DNS_NXDOMAIN, "NXDOMAIN"
    elif ttl is not None or not (message.answer or message.authority):
        reason, logged = Reason.DNS_NODATA, "NODATA"
    else:
        return None
    return Learnt(name_text(name), kind.rdtype.name, Absent(reason), ttl or 0, (logged,))

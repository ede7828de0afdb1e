"""One DNS question, put to a validating resolver and to our walk, in comparable words."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
from dns.rdatatype import RdataType

from seg_cli.config.dns import DnsSettings, NameServer
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import RunningClock, machine_time
from seg_cli.net.servers import NameServers
from seg_cli.net.servers import Wanted as ToAsk
from seg_cli.net.world import Patience, World
from seg_cli.policy.facts import Failed
from seg_cli.standards.dnssec.keys import TrustAnchor, TrustedKeys
from seg_cli.standards.dnssec.walk import Judgement, Walk, Wanted
from seg_cli.terms import Reason, Security
from tests.interop.agreement import Agreement

Socket = tuple[str, int]

NO_ANSWER = "no answer"
PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody makes of a question: a status, and the records in the end, sorted."""

    status: str
    records: tuple[str, ...] = ()

    def __str__(self) -> str:
        match len(self.records):
            case 0:
                return self.status
            case 1:
                return f"{self.status}, 1 record"
            case number:
                return f"{self.status}, {number} records"


def compare(name: str, case: str, theirs: Reading, ours: Reading) -> Agreement:
    """Both in words; records that are as many and yet others are told as such."""
    differ = str(theirs) == str(ours) and theirs != ours
    return Agreement(name, case, str(theirs), f"{ours}, others" if differ else str(ours))


def wanted(name: str, rdtype: str) -> Wanted:
    return Wanted(dns.name.from_text(name), RdataType.make(rdtype))


def ask(server: Socket, question: Wanted, flags: int = 0) -> dns.message.Message | None:
    """The answer, through the appliance's own door; None if none came."""
    world = World(
        clock=RunningClock(),
        patience=Patience(dns=PATIENCE),
        chooser=SeededChooser(0),
        system_roots=(),
        where=lambda _address, _port: server,
        whence=lambda host, _port: host,
    )
    return asyncio.run(_exchange(world, question, flags))


async def _exchange(world: World, asked: Wanted, flags: int) -> dns.message.Message | None:
    servers = NameServers(world, DnsSettings((NameServer("192.0.2.53", 0),)), lambda _event: None)
    needed = ToAsk(asked.name, asked.rdtype, flags)
    answer = await servers.ask(needed, lambda message: message)
    return None if isinstance(answer, Failed) else answer


def theirs(resolver: Socket, question: Wanted) -> Reading:
    """What a validating resolver says: AD is secure; SERVFAIL is bogus if there is an answer for
    who asks it not to check (CD)."""
    answer = ask(resolver, question)
    if answer is None:
        return Reading(NO_ANSWER)
    if answer.rcode() == dns.rcode.SERVFAIL:
        plain = ask(resolver, question, dns.flags.CD)
        failed = plain is None or plain.rcode() == dns.rcode.SERVFAIL
        return Reading(NO_ANSWER if failed else Security.BOGUS)
    security = Security.SECURE if answer.flags & dns.flags.AD else Security.INSECURE
    found = [rrset for rrset in answer.answer if rrset.rdtype == question.rdtype]
    if found:
        return Reading(security, texts(found[-1]))
    return Reading(f"{security}, {absence(nxdomain=answer.rcode() == dns.rcode.NXDOMAIN)}")


@dataclass(slots=True)
class Walker:
    """Our walk over what an authoritative server says; zones that were proven are kept."""

    server: Socket
    anchors: tuple[TrustAnchor, ...]
    known: dict[dns.name.Name, TrustedKeys] = field(default_factory=dict)

    def judge(self, question: Wanted) -> Judgement:
        walk = Walk(question, self.anchors, machine_time(), self.known)
        while (need := walk.needs()) is not None:
            answer = ask(self.server, need)
            if answer is None:
                walk.fail(Reason.TIMED_OUT)
            else:
                walk.feed(answer)
        self.known |= walk.trusted
        return walk.result()

    def reading(self, question: Wanted) -> Reading:
        judgement = self.judge(question)
        match judgement.security:
            case Security.BOGUS:
                return Reading(Security.BOGUS)
            case Security.INDETERMINATE:
                return Reading(NO_ANSWER)
            case Security.SECURE | Security.INSECURE:
                last = judgement.links[-1]
            case _:
                assert_never(judgement.security)
        if last.records is not None:
            return Reading(judgement.security, texts(last.records))
        nothing = absence(nxdomain=last.reason is Reason.DNS_NXDOMAIN)
        return Reading(f"{judgement.security}, {nothing}")


def absence(*, nxdomain: bool) -> str:
    return "no such name" if nxdomain else "no such record"


def texts(rrset: Iterable[dns.rdata.Rdata]) -> tuple[str, ...]:
    return tuple(sorted(record.to_generic().data.hex() for record in rrset))

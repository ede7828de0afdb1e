"""What dig prints: a DNS message in the form of BIND's dig."""

from collections.abc import Mapping, Sequence

import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
from dns.rdatatype import RdataType
from dns.rrset import RRset

from seg_cli.commands.dig import Query
from seg_cli.commands.dig_answer import Answer, Asked
from seg_cli.policy.facts import Failed
from seg_cli.printable import printable
from seg_cli.terms import Reason

FLAGS = ("QR", "AA", "TC", "RD", "RA", "AD", "CD")
TIMED_OUT = ";; connection timed out; no servers could be reached"
UNREACHED = ";; no servers could be reached"
WAS_CUT = ";; Truncated, retrying in TCP mode."
NO_RECURSION = ";; WARNING: recursion requested but not available"
CHUNK = 56
"""Digits and letters between two blanks in a long field."""

IN_CAPITALS = frozenset({RdataType.DS, RdataType.TLSA, RdataType.NSEC3})
"""The types whose digests are spelt with capital letters."""


def dig_lines(query: Query, asked: Asked, date: str) -> list[str]:
    """Everything there is to print about what was asked; `date` is when."""
    head = [f"; <<>> DiG 9.x <<>> {query.command}"]
    if query.server:
        head.append(f"; ({found(len(asked.servers))} found)")
    head.append(";; global options: +cmd")
    answer = asked.answer
    if answer is None:
        return [*head, *failure_lines(asked.failed)]
    before = [*error_lines(asked.failed), *([WAS_CUT] if answer.was_cut else [])]
    return [*before, *head, *message_lines(answer.message), "", *trailer_lines(answer, date)]


def found(servers: int) -> str:
    return f"{servers} server{'s' if servers > 1 else ''}"


def failure_lines(failed: Mapping[str, Failed]) -> list[str]:
    """Why there is no answer."""
    if failed and all(each.reason is Reason.TIMED_OUT for each in failed.values()):
        return [TIMED_OUT]
    return [*error_lines(failed), UNREACHED]


def error_lines(failed: Mapping[str, Failed]) -> list[str]:
    return [
        f";; communications error to {server}#53: {words(each)}" for server, each in failed.items()
    ]


def words(failed: Failed) -> str:
    return "timed out" if failed.reason is Reason.TIMED_OUT else failed.reason.value


def message_lines(message: dns.message.Message) -> list[str]:
    """All sections in dig's order."""
    lines = header_lines(message)
    if message.edns >= 0:
        lines += ["", ";; OPT PSEUDOSECTION:", edns_line(message)]
    lines += ["", ";; QUESTION SECTION:"]
    lines += [f";{question.name}\t\tIN\t{question.rdtype.name}" for question in message.question]
    sections = (
        ("ANSWER", message.answer),
        ("AUTHORITY", message.authority),
        ("ADDITIONAL", message.additional),
    )
    for name, section in sections:
        if section:
            lines += ["", f";; {name} SECTION:"]
            lines += [line for rrset in section for line in record_lines(rrset)]
    return lines


def header_lines(message: dns.message.Message) -> list[str]:
    """The header as it came: response code, flags, and how many records there are."""
    flags = " ".join(flag.lower() for flag in FLAGS if message.flags & dns.flags.Flag[flag])
    opt = 1 if message.edns >= 0 else 0
    counts = (
        f"QUERY: {len(message.question)}, ANSWER: {records(message.answer)}, "
        f"AUTHORITY: {records(message.authority)}, ADDITIONAL: {records(message.additional) + opt}"
    )
    status = (
        f"opcode: {dns.opcode.to_text(message.opcode())}, "
        f"status: {dns.rcode.to_text(message.rcode())}, id: {message.id}"
    )
    lines = [";; Got answer:", f";; ->>HEADER<<- {status}", f";; flags: {flags}; {counts}"]
    recursed = message.flags & dns.flags.RA or not message.flags & dns.flags.RD
    return lines if recursed else [*lines, NO_RECURSION]


def edns_line(message: dns.message.Message) -> str:
    flags = " do" if message.ednsflags & dns.flags.DO else ""
    return f"; EDNS: version: {message.edns}, flags:{flags}; udp: {message.payload}"


def records(section: Sequence[RRset]) -> int:
    return sum(len(rrset) for rrset in section)


def record_lines(rrset: RRset) -> list[str]:
    """One line a record: owner, TTL, class, type, data."""
    kind = f"{dns.rdataclass.to_text(rrset.rdclass)}\t{rrset.rdtype.name}"
    return [f"{rrset.name}\t{rrset.ttl}\t{kind}\t{data_text(record)}" for record in rrset]


def data_text(record: dns.rdata.Rdata) -> str:
    """The data as a zone file has it, long fields in chunks."""
    text = printable(record.to_text(chunksize=CHUNK))
    return text.upper() if record.rdtype in IN_CAPITALS else text


def trailer_lines(answer: Answer, date: str) -> tuple[str, ...]:
    """What was measured: time, server, moment, octets."""
    message = answer.message
    return (
        f";; Query time: {answer.milliseconds} msec",
        f";; SERVER: {answer.server}#53({answer.server})",
        f";; WHEN: {date}",
        f";; MSG SIZE  rcvd: {len(message.wire or message.to_wire())}",
    )

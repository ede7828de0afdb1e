"""A DNS message as BIND's dig prints it."""

from collections.abc import Sequence

import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
from dns.rrset import RRset

from seg_cli.printable import printable

FLAGS = ("QR", "AA", "TC", "RD", "RA", "AD", "CD")


def dig_lines(command: str, answer: dns.message.Message, trailer: Sequence[str]) -> list[str]:
    """All sections in dig's order; `trailer` stands before the size of the message."""
    sections = (("ANSWER", answer.answer), ("AUTHORITY", answer.authority))
    lines = [f"; <<>> DiG 9.x <<>> {command}", ";; global options: +cmd", *header_lines(answer)]
    if answer.edns >= 0:
        lines += ["", ";; OPT PSEUDOSECTION:", edns_line(answer)]
    lines += ["", ";; QUESTION SECTION:"]
    for question in answer.question:
        lines.append(f";{question.name}\t\tIN\t{dns.rdatatype.to_text(question.rdtype)}")
    for name, section in (*sections, ("ADDITIONAL", answer.additional)):
        if section:
            lines += ["", f";; {name} SECTION:"]
            lines += [line for rrset in section for line in record_lines(rrset)]
    size = len(answer.wire or answer.to_wire())
    return [*lines, "", *trailer, f";; MSG SIZE  rcvd: {size}"]


def header_lines(answer: dns.message.Message) -> list[str]:
    flags = " ".join(flag.lower() for flag in FLAGS if answer.flags & dns.flags.Flag[flag])
    opt = 1 if answer.edns >= 0 else 0
    counts = (
        f"QUERY: {len(answer.question)}, ANSWER: {records(answer.answer)}, "
        f"AUTHORITY: {records(answer.authority)}, ADDITIONAL: {records(answer.additional) + opt}"
    )
    status = (
        f"opcode: {dns.opcode.to_text(answer.opcode())}, "
        f"status: {dns.rcode.to_text(answer.rcode())}, id: {answer.id}"
    )
    return [";; Got answer:", f";; ->>HEADER<<- {status}", f";; flags: {flags}; {counts}"]


def edns_line(answer: dns.message.Message) -> str:
    flags = " do" if answer.ednsflags & dns.flags.DO else ""
    return f"; EDNS: version: {answer.edns}, flags:{flags}; udp: {answer.payload}"


def records(section: Sequence[RRset]) -> int:
    return sum(len(rrset) for rrset in section)


def record_lines(rrset: RRset) -> list[str]:
    """One line a record: owner, TTL, class, type, data."""
    kind = f"{dns.rdataclass.to_text(rrset.rdclass)}\t{dns.rdatatype.to_text(rrset.rdtype)}"
    return [f"{rrset.name}\t{rrset.ttl}\t{kind}\t{printable(record.to_text())}" for record in rrset]

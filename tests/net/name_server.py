"""A name server on loopback that follows a script: the real peer of the resolver's tests."""

import asyncio
import socket
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Reply = Callable[[dns.message.Message], tuple[bytes, ...]]
"""From a query to the datagrams, or over TCP the messages, that are sent back."""

Script = Mapping[tuple[str, str], Reply]
"""Replies by the name and type asked for."""


def respond(query: dns.message.Message, *answer: str, authority: str = "") -> dns.message.Message:
    """A response with these records, each in the form of a zone file's line."""
    response = dns.message.make_response(query, recursion_available=True)
    response.answer = [rrset(line) for line in answer]
    response.authority = [rrset(authority)] if authority else []
    return response


def rrset(line: str) -> dns.rrset.RRset:
    name, ttl, rdtype, data = line.split(" ", 3)
    return dns.rrset.from_text(name, int(ttl), "IN", rdtype, *data.split(" | "))


def records(*answer: str) -> Reply:
    """These RRsets: `name ttl type data`, several records of one set parted by ` | `."""
    return lambda query: (respond(query, *answer).to_wire(want_shuffle=False),)


def nothing(authority: str, code: dns.rcode.Rcode = dns.rcode.NOERROR, *alias: str) -> Reply:
    """No records of that type, with this line in the authority section."""

    def reply(query: dns.message.Message) -> tuple[bytes, ...]:
        response = respond(query, *alias, authority=authority)
        response.set_rcode(code)
        return (response.to_wire(want_shuffle=False),)

    return reply


def refuse(code: dns.rcode.Rcode) -> Reply:
    """An empty answer with this response code."""
    return nothing("", code)


def silence(_query: dns.message.Message) -> tuple[bytes, ...]:
    return ()


def garbage(query: dns.message.Message) -> tuple[bytes, ...]:
    """The right id in front of what is no message."""
    return (query.id.to_bytes(2, "big") + b"\x81\x80" + b"\xff" * 12,)


def truncated(query: dns.message.Message) -> tuple[bytes, ...]:
    """TC and no records: the answer is to be fetched over TCP."""
    response = respond(query)
    response.flags |= dns.flags.TC
    return (response.to_wire(want_shuffle=False),)


def forged(*answer: str) -> Reply:
    """Records under a wrong id and under another question."""

    def reply(query: dns.message.Message) -> tuple[bytes, ...]:
        wrong_id = respond(query, *answer)
        wrong_id.id ^= 1
        other = dns.message.make_query("other.example.", "MX", id=query.id)
        return (wrong_id.to_wire(), respond(other, *answer).to_wire())

    return reply


def in_turn(*replies: Reply) -> Reply:
    """Each question gets the replies of all of these, one behind the other."""
    return lambda query: tuple(wire for reply in replies for wire in reply(query))


UNKNOWN = refuse(dns.rcode.NXDOMAIN)


@dataclass
class NameServerPeer:
    """What it is told to say over UDP and TCP, and to all other questions, and what it was asked,
    as `udp name type`."""

    script: Script
    over_tcp: Script = field(default_factory=dict)
    otherwise: Reply = UNKNOWN
    asked: list[str] = field(default_factory=list)
    queries: list[dns.message.Message] = field(default_factory=list)
    port: int = 0

    def replies(self, transport: str, wire: bytes) -> tuple[bytes, ...]:
        query = dns.message.from_wire(wire)
        self.queries.append(query)
        question = query.question[0]
        key = (question.name.to_text(omit_final_dot=True), question.rdtype.name)
        self.asked.append(f"{transport} {key[0]} {key[1]}")
        script = self.script if transport == "udp" else self.over_tcp
        return script.get(key, self.otherwise)(query)

    async def answer_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            length = int.from_bytes(await reader.readexactly(2), "big")
            for wire in self.replies("tcp", await reader.readexactly(length)):
                writer.write(len(wire).to_bytes(2, "big") + wire)
            await writer.drain()


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, peer: NameServerPeer) -> None:
        self.peer = peer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not an instance of it before Python 3.12, whatever it can do.
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        for wire in self.peer.replies("udp", data):
            self.transport.sendto(wire, addr)


def bind_pair() -> tuple[socket.socket, socket.socket]:
    """A UDP and a TCP socket on one free port; the number that UDP got may be taken in TCP."""
    while True:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            tcp.bind(udp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
        else:
            return udp, tcp

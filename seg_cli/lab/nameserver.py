"""The lab's resolvers: real DNS over UDP and TCP, answered from the lab's zones."""

import asyncio
import socket
import struct
from collections.abc import Callable
from enum import Enum, auto
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdatatype

from seg_cli.lab.journal import Journal, Question, Transport
from seg_cli.lab.spec import Answering
from seg_cli.lab.streams import clear_text
from seg_cli.lab.zones import Zones

PLAIN_UDP = 512
"""Octets a UDP answer may have when the question says nothing (RFC 1035 s4.2.1)."""

LARGEST = 65_535


class Unanswered(Enum):
    """Why a question gets no answer."""

    GARBAGE = auto()
    """It is no question: over TCP the connection is of no further use."""

    SILENCE = auto()
    """Its name is one that the lab keeps silent about."""


class NameServer(asyncio.DatagramProtocol):
    """One resolver, known by its lab address; `zones` tells what there is at the moment."""

    def __init__(self, address: str, zones: Callable[[], Zones], journal: Journal) -> None:
        self._address = address
        self._zones = zones
        self._journal = journal
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        wire = self._answer(data, Transport.UDP)
        if isinstance(wire, bytes) and self._transport is not None:
            self._transport.sendto(wire, addr)

    async def serve(self, sock: socket.socket) -> None:
        """Questions over one TCP connection until the asker leaves (RFC 7766)."""
        async with clear_text(sock) as streams:
            while True:
                (length,) = struct.unpack("!H", await streams.reader.readexactly(2))
                wire = self._answer(await streams.reader.readexactly(length), Transport.TCP)
                if wire is Unanswered.GARBAGE:
                    return
                if wire is Unanswered.SILENCE:
                    continue
                streams.writer.write(struct.pack("!H", len(wire)) + wire)
                await streams.writer.drain()

    def _answer(self, data: bytes, transport: Transport) -> bytes | Unanswered:
        try:
            query = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return Unanswered.GARBAGE
        if query.flags & dns.flags.QR:
            return Unanswered.GARBAGE
        if query.opcode() != dns.opcode.QUERY or len(query.question) != 1:
            refusal = dns.message.make_response(query)
            refusal.set_rcode(dns.rcode.NOTIMP)
            return refusal.to_wire()
        question = query.question[0]
        self._journal.questions.append(
            Question(
                question.name.to_text(omit_final_dot=True),
                dns.rdatatype.to_text(question.rdtype),
                self._address,
                transport,
            )
        )
        zones = self._zones()
        if zones.answering(question.name) is Answering.SILENT:
            return Unanswered.SILENCE
        response = zones.answer(query)
        # An answer too large is cut at an RRset and says so (TC): the asker comes back over TCP.
        limit = LARGEST if transport is Transport.TCP else max(PLAIN_UDP, query.payload)
        return response.to_wire(max_size=limit, prefer_truncation=True, want_shuffle=False)

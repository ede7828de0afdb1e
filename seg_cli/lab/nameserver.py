"""The lab's resolvers: real DNS over UDP and TCP, answered from the lab's zones."""

import asyncio
import struct
from typing import cast

import dns.exception
import dns.flags
import dns.message

from seg_cli.lab.journal import Journal, Question, Transport
from seg_cli.lab.zones import Zones

PLAIN_UDP = 512


class NameServer(asyncio.DatagramProtocol):
    """One resolver, known by its lab address."""

    def __init__(self, address: str, zones: Zones, journal: Journal) -> None:
        self._address = address
        self._zones = zones
        self._journal = journal
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        wire = self._answer(data, Transport.UDP)
        if wire is not None and self._transport is not None:
            self._transport.sendto(wire, addr)

    async def serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Questions over one TCP connection until the asker leaves (RFC 7766)."""
        while True:
            try:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                wire = self._answer(await reader.readexactly(length), Transport.TCP)
            except (OSError, EOFError):
                return
            if wire is None:
                return
            writer.write(struct.pack("!H", len(wire)) + wire)

    def _answer(self, data: bytes, transport: Transport) -> bytes | None:
        """The answer as bytes; None for what is no question."""
        try:
            query = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return None
        if query.flags & dns.flags.QR or len(query.question) != 1:
            return None
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        self._journal.questions.append(
            Question(name, question.rdtype.name, self._address, transport)
        )
        response = self._zones.answer(query)
        if transport is Transport.TCP:
            return response.to_wire(max_size=65_535, want_shuffle=False)
        limit = max(PLAIN_UDP, query.payload if query.edns >= 0 else PLAIN_UDP)
        try:
            return response.to_wire(max_size=limit, want_shuffle=False)
        except dns.exception.TooBig:
            cut = dns.message.make_response(query, recursion_available=True)
            cut.flags |= dns.flags.TC
            return cut.to_wire()

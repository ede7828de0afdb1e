"""One DNS question to one server, over UDP or TCP; the answer is checked before it is believed."""

import asyncio
import ipaddress
import socket
from enum import Enum
from typing import Final, assert_never

import dns.exception
import dns.message
import dns.name
from dns.rdatatype import RdataType

from seg_cli.net.dialer import dial
from seg_cli.net.dns_wire import read_message
from seg_cli.net.failures import network_failure
from seg_cli.net.world import World
from seg_cli.policy.facts import Failed
from seg_cli.terms import Reason

DNS_PORT: Final = 53
LARGEST_DATAGRAM: Final = 65_535


class Transport(Enum):
    """How a question travels (RFC 7766)."""

    UDP = "udp"
    TCP = "tcp"


def question(
    world: World, name: dns.name.Name, rdtype: RdataType, flags: int = 0
) -> dns.message.Message:
    """A query with an unpredictable id that asks for DNSSEC: DO and a payload of 1232 (DNS-03).

    `flags` are set in its header beside RD.
    """
    number = world.chooser.number(1 << 16)
    query = dns.message.make_query(name, rdtype, want_dnssec=True, payload=1232, id=number)
    query.flags |= flags
    return query


async def exchange(
    world: World, server: str, query: dns.message.Message, transport: Transport, timeout: float
) -> dns.message.Message | Failed:
    """The server's answer to this very query, whatever its response code; TC may be set over UDP.

    `server` is an address; `timeout` in seconds holds unless the world has its own patience for
    DNS. Failed (TIMED_OUT, REFUSED, UNREACHABLE, DISCONNECTED, DNS_MALFORMED) means: ask another.
    """
    patience = timeout if world.patience.dns is None else world.patience.dns
    try:
        async with asyncio.timeout(patience):
            match transport:
                case Transport.UDP:
                    return await _over_udp(world, server, query)
                case Transport.TCP:
                    return await _over_tcp(world, server, query)
                case _:
                    assert_never(transport)
    except (OSError, EOFError) as error:
        return network_failure(error)
    except dns.exception.DNSException as error:
        return Failed(Reason.DNS_MALFORMED, detail=str(error))


async def _over_udp(world: World, server: str, query: dns.message.Message) -> dns.message.Message:
    """Each query has a socket, and so a port, of its own. It is connected: datagrams from other
    sources do not arrive, and a port where nobody listens is told at once."""
    host, port = world.where(server, DNS_PORT)
    family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
    loop = asyncio.get_running_loop()
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.connect((host, port))
        await loop.sock_sendall(sock, query.to_wire())
        while True:  # what does not answer this query may be forged; the true answer may follow
            answer = _accept(query, await loop.sock_recv(sock, LARGEST_DATAGRAM))
            if answer is not None:
                return answer


async def _over_tcp(
    world: World, server: str, query: dns.message.Message
) -> dns.message.Message | Failed:
    dialled = await dial(world, server, DNS_PORT)
    if isinstance(dialled, Failed):
        return dialled
    with dialled as sock:
        wire = query.to_wire()
        await asyncio.get_running_loop().sock_sendall(sock, len(wire).to_bytes(2, "big") + wire)
        length = int.from_bytes(await _receive(sock, 2), "big")
        answer = _accept(query, await _receive(sock, length))
    return answer or Failed(Reason.DNS_MALFORMED, detail="an answer to another question")


async def _receive(sock: socket.socket, length: int) -> bytes:
    """Exactly so many bytes; EOFError if the server closes before."""
    received = b""
    while len(received) < length:
        part = await asyncio.get_running_loop().sock_recv(sock, length - len(received))
        if not part:
            raise EOFError
        received += part
    return received


def _accept(query: dns.message.Message, wire: bytes) -> dns.message.Message | None:
    """The message if id and question are those of the query (DNS-03), else None.

    A message that breaks the grammar raises DNSException, unless it says that it was cut.
    """
    if wire[:2] != query.id.to_bytes(2, "big"):
        return None
    try:
        message = read_message(wire)
    except dns.message.Truncated as truncated:
        message = truncated.message()  # type: ignore[no-untyped-call] # untyped in dnspython
    return message if query.is_response(message) else None

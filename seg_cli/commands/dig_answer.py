"""What dig asks, of whom, and what came back: as BIND's dig does it without any + option."""

import time
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.name
import dns.rdatatype

from seg_cli.commands.dig import Query
from seg_cli.delivery.addresses import host_addresses
from seg_cli.delivery.network import Network
from seg_cli.net.dns_exchange import Transport, exchange
from seg_cli.policy.facts import Failed

TIMEOUT = 5.0
PAYLOAD = 1232


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer, and how long it took; `was_cut` if it had to be fetched over TCP."""

    server: str
    message: dns.message.Message
    milliseconds: int
    was_cut: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer, if one of the servers gave one, and by address those that failed before it."""

    servers: tuple[str, ...]
    failed: dict[str, Failed]
    answer: Answer | None = None


async def ask(network: Network, query: Query) -> Asked | None:
    """Ask one server after the other until one answers; None if the server's name is not known."""
    servers = network.resolvers
    if query.server:
        servers = await host_addresses(network.resolver, query.server)
        if not servers:
            return None
    failed: dict[str, Failed] = {}
    for server in servers:
        answer = await ask_server(network, query, server)
        if isinstance(answer, Answer):
            return Asked(servers, failed, answer)
        failed[server] = answer
    return Asked(servers, failed)


async def ask_server(network: Network, query: Query, server: str) -> Answer | Failed:
    """One server's answer; one that was cut is fetched again over TCP (RFC 7766 s5)."""
    message = question(network, query)
    transport = Transport.TCP if query.over_tcp else Transport.UDP
    started = time.monotonic()
    answer = await exchange(network.world, server, message, transport, TIMEOUT)
    was_cut = not isinstance(answer, Failed) and bool(answer.flags & dns.flags.TC)
    if was_cut:
        started = time.monotonic()
        answer = await exchange(network.world, server, message, Transport.TCP, TIMEOUT)
    if isinstance(answer, Failed):
        return answer
    return Answer(server, answer, round((time.monotonic() - started) * 1000), was_cut)


def question(network: Network, query: Query) -> dns.message.Message:
    """Signatures are not asked for, but AD is: whether the server has validated (RFC 6840 s5.7)."""
    message = dns.message.make_query(
        dns.name.from_text(query.name),
        dns.rdatatype.from_text(query.rdtype),
        use_edns=0,
        payload=PAYLOAD,
        id=network.world.chooser.number(1 << 16),
    )
    message.flags |= dns.flags.AD
    return message

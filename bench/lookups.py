"""DNS: a route from the cache, look-ups at once, and validated answers, each beside its peer.

C1 the hosts of a domain from the cache, beside `dns.resolver` with its LRU cache; C2 cold MX
look-ups with 50 in flight, beside `dns.asyncresolver`; C3 cold answers that are validated, beside
Unbound. Turn about in one run; medians and pairwise ratios.
"""

import asyncio
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from statistics import median

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.resolver
from name_servers import SignedZone, authority, signed_zone, validator

from seg_cli.config.dns import NameServer
from seg_cli.delivery.next_hops import NextHops
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import RunningClock
from seg_cli.net.resolver import Resolver
from seg_cli.net.world import Patience, World
from seg_cli.terms import Security

RUNS = 5
CACHED, COLD, IN_FLIGHT = 20_000, 1_000, 50
SERVER = "192.0.2.53"

Measure = Callable[[], Awaitable[float]]
"""Seconds for one."""


def main() -> None:
    zone = signed_zone(COLD)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        with authority(directory / "authority", zone) as port:
            asyncio.run(measure(directory, zone, port))


async def measure(directory: Path, zone: SignedZone, port: int) -> None:
    await compare(
        "C1 route from the cache, beside dns.resolver with LRUCache",
        lambda: our_cached_route(zone, port),
        lambda: their_cached_answer(port),
    )
    await compare(
        "C2 cold MX, 50 in flight, beside dns.asyncresolver",
        lambda: our_cold_mx(zone, port),
        lambda: their_cold_mx(port),
    )
    turns = count()

    async def unbound() -> float:
        with validator(directory / f"validator-{next(turns)}", zone, port) as validating:
            return await their_validated(validating)

    await compare(
        "C3 validated MX (ECDSA), cold, beside Unbound", lambda: our_validated(zone, port), unbound
    )


async def compare(title: str, ours: Measure, theirs: Measure) -> None:
    pairs = [(await ours(), await theirs()) for _ in range(RUNS)]
    mine, other = (median(times) for times in zip(*pairs, strict=True))
    ratio = median(peer / own for own, peer in pairs)
    print(f"{title}: {1 / mine:,.0f}/s, peer {1 / other:,.0f}/s, ratio {ratio:.2f}")


def resolver(zone: SignedZone, port: int) -> Resolver:
    """A fresh one; what it tells goes nowhere."""
    world = World(
        clock=RunningClock(),
        patience=Patience(),
        chooser=SeededChooser(0),
        system_roots=(),
        where=lambda _address, _port: ("127.0.0.1", port),
        whence=lambda host, _port: host,
        trust_anchors=(zone.anchor,),
    )
    return Resolver(world, (NameServer(SERVER),), nobody)


def nobody(_: object) -> None:
    """Where events go."""


# C1


async def our_cached_route(zone: SignedZone, port: int) -> float:
    asker = resolver(zone, port)
    hops = NextHops(asker.mx, SeededChooser(0), nobody)
    await hops.of("n0.bench", None)
    begin = time.perf_counter()
    for _ in range(CACHED):
        await hops.of("n0.bench", None)
    return (time.perf_counter() - begin) / CACHED


async def their_cached_answer(port: int) -> float:
    peer = dns.resolver.Resolver(configure=False)
    peer.nameservers, peer.port, peer.cache = ["127.0.0.1"], port, dns.resolver.LRUCache()
    peer.resolve("n0.bench", "MX")
    begin = time.perf_counter()
    for _ in range(CACHED):
        peer.resolve("n0.bench", "MX")
    return (time.perf_counter() - begin) / CACHED


# C2


async def our_cold_mx(zone: SignedZone, port: int) -> float:
    asker = resolver(zone, port)
    return await at_once(asker.mx)


async def their_cold_mx(port: int) -> float:
    peer = dns.asyncresolver.Resolver(configure=False)
    peer.nameservers, peer.port, peer.cache = ["127.0.0.1"], port, None
    peer.use_edns(0, dns.flags.DO, 1232)  # as we ask
    return await at_once(lambda name: peer.resolve(name, "MX"))


# C3


async def our_validated(zone: SignedZone, port: int) -> float:
    asker = resolver(zone, port)

    async def ask(name: str) -> None:
        answer = await asker.validating.mx(name)
        assert answer.security is Security.SECURE

    return await at_once(ask)


async def their_validated(port: int) -> float:
    loop = asyncio.get_running_loop()

    async def ask(name: str) -> None:
        query = dns.message.make_query(name, "MX", want_dnssec=True).to_wire()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect(("127.0.0.1", port))
            await loop.sock_sendall(sock, query)
            wire = await loop.sock_recv(sock, 4096)
        assert wire[3] & 0x20, "no AD: not validated"

    return await at_once(ask)


async def at_once(ask: Callable[[str], Awaitable[object]]) -> float:
    """Every name of the zone once, IN_FLIGHT at a time: seconds for each."""
    names = iter(range(COLD))

    async def ask_on() -> None:
        for number in names:
            await ask(f"n{number}.bench")

    begin = time.perf_counter()
    await asyncio.gather(*(ask_on() for _ in range(IN_FLIGHT)))
    return (time.perf_counter() - begin) / COLD


if __name__ == "__main__":
    main()

"""MTA-STS: a cached decision beside the daemon of postfix-mta-sts-resolver, a cold fetch beside
`requests.get` as it comes; turn about in one run, medians and pairwise ratios.

Servers run in processes of their own: `policies.py lab DIR` and `policies.py daemon SOCKET`.
"""

import asyncio
import json
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import certifi
import requests
from postfix_mta_sts_resolver import netstring
from postfix_mta_sts_resolver.base_cache import CacheEntry
from postfix_mta_sts_resolver.internal_cache import InternalLRUCache
from postfix_mta_sts_resolver.responder import STSSocketmapResponder
from postfix_mta_sts_resolver.utils import populate_cfg_defaults

from seg_cli.config.dns import NameServer
from seg_cli.delivery.journal import Journal
from seg_cli.delivery.policies import Policies
from seg_cli.delivery.tasks import LiveTasks
from seg_cli.lab.internet import Lab
from seg_cli.lab.reading import parse_spec
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import RunningClock, machine_time
from seg_cli.net.https import Fetched, PolicyFetcher, PolicyRequest
from seg_cli.net.resolver import Resolver
from seg_cli.net.world import Patience, World
from seg_cli.policy.requirement import InForce
from seg_cli.standards.mta_sts import POLICY_PATH, policy_host

RUNS = 5
DECISIONS, ASKED, FETCHES = 50_000, 2_000, 20
DOMAIN, RESOLVER, HOST_ADDRESS = "hosted.example", "10.10.5.61", "198.51.100.10"
MX = "*.mail.provider.example"
QUESTION = netstring.encode(f"test {DOMAIN}".encode())

Measure = Callable[[], Awaitable[float]]
Sockets = Mapping[str, tuple[str, int]]


# The servers


async def serve_lab(directory: Path) -> None:
    """The lab of the tech note; its policy host may also be reached as localhost."""
    names = [policy_host(DOMAIN), "localhost"]
    spec = parse_spec(
        {"like": "tech-note-222782", "policies": {DOMAIN: {"certificate": {"names": names}}}}
    )
    lab = await Lab(spec, directory, machine_time).open()
    sockets = {RESOLVER: lab.where(RESOLVER, 53), HOST_ADDRESS: lab.where(HOST_ADDRESS, 443)}
    print(json.dumps(sockets), flush=True)
    await asyncio.Event().wait()


async def serve_peer(path: str) -> None:
    """The daemon's responder, with the policy in its internal cache."""
    cache = InternalLRUCache()
    policy = {"version": "STSv1", "mode": "enforce", "max_age": 604_800, "mx": [MX]}
    await cache.set(DOMAIN, CacheEntry(machine_time().timestamp(), "1", policy))
    settings = populate_cfg_defaults({"path": path, "cache_grace": 604_800})
    await STSSocketmapResponder(settings, asyncio.get_running_loop(), cache).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


@contextmanager
def server(*words: str) -> Iterator[str]:
    """A server in a process of its own; the line it prints when it is ready."""
    command = (sys.executable, __file__, *words)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            yield child.stdout.readline()
        finally:
            child.kill()


# The appliance


def world_of(sockets: Sockets, roots: tuple[bytes, ...]) -> World:
    return World(
        clock=RunningClock(),
        patience=Patience(),
        chooser=SeededChooser(0),
        system_roots=roots,
        where=lambda address, _port: sockets[address],
        whence=lambda host, _port: host,
    )


@asynccontextmanager
async def appliance(world: World, directory: Path) -> AsyncIterator[Policies]:
    """The MTA-STS side of an appliance; what it tells goes nowhere."""

    def emit(_: object) -> None:
        pass

    journal = Journal(directory / "state.sqlite3")
    resolver = Resolver(world, (NameServer(RESOLVER, 0),), emit)
    policies = Policies.bring_up(world, journal, resolver, LiveTasks(report), emit)
    try:
        yield policies
    finally:
        policies.close()
        journal.close()


def report(name: str, bug: BaseException) -> None:
    raise SystemExit(f"{name}: {bug!r}")


# What is measured: seconds for one


async def our_decision(policies: Policies) -> float:
    decide = policies.discovery.policy_for
    assert isinstance(await decide(DOMAIN, None), InForce)
    started = time.perf_counter()
    for _ in range(DECISIONS):
        await decide(DOMAIN, None)
    return (time.perf_counter() - started) / DECISIONS


async def asked_in_turn(path: Path) -> float:
    """Each question after the answer to the one before."""
    reader, writer = await asyncio.open_unix_connection(path)
    started = time.perf_counter()
    for _ in range(ASKED):
        writer.write(QUESTION)
        assert b"OK secure" in await reader.read(4096)
    writer.close()
    return (time.perf_counter() - started) / ASKED


async def asked_at_once(path: Path) -> float:
    """All questions before the first answer."""
    reader, writer = await asyncio.open_unix_connection(path)
    started = time.perf_counter()
    writer.write(QUESTION * ASKED)
    answers = b""
    while answers.count(b"OK secure") < ASKED:
        answers += await reader.read(1 << 20)
    writer.close()
    return (time.perf_counter() - started) / ASKED


async def our_fetch(fetcher: PolicyFetcher) -> float:
    started = time.perf_counter()
    for _ in range(FETCHES):
        assert isinstance(await fetcher.fetch(PolicyRequest(DOMAIN, (HOST_ADDRESS,))), Fetched)
    return (time.perf_counter() - started) / FETCHES


async def plain_fetch(port: int, bundle: Path) -> float:
    """The same roots, from a file as `requests` wants them."""

    def get() -> None:
        headers = {"Host": policy_host(DOMAIN)}
        url = f"https://localhost:{port}{POLICY_PATH}"
        assert requests.get(url, headers=headers, verify=str(bundle), timeout=10).ok

    started = time.perf_counter()
    for _ in range(FETCHES):
        await asyncio.to_thread(get)
    return (time.perf_counter() - started) / FETCHES


async def compare(what: str, ours: Measure, peer: Measure, goal: float) -> None:
    """Print both medians and how many times faster ours is."""
    rows = [(await ours(), await peer()) for _ in range(RUNS)]
    mine, theirs = (median(column) * 1e6 for column in zip(*rows, strict=True))
    ratio = median(peer / own for own, peer in rows)
    verdict = "met" if ratio >= goal else "NOT MET"
    print(f"{what:44} {mine:9.2f} us {theirs:9.2f} us   {ratio:7.1f}   >= {goal:3}  {verdict}")


def bundle_of(directory: Path) -> Path:
    """The roots that certifi ships, and the lab's."""
    bundle = directory / "roots.pem"
    bundle.write_bytes(Path(certifi.where()).read_bytes() + (directory / "root.pem").read_bytes())
    return bundle


async def measure(directory: Path, sockets: Sockets, peer: Path) -> None:
    bundle = bundle_of(directory)
    roots = tuple(ssl.create_default_context(cafile=bundle).get_ca_certs(binary_form=True))
    world = world_of(sockets, roots)
    fetcher = PolicyFetcher(world)
    await our_fetch(fetcher)  # the roots are read once in the life of an appliance
    async with appliance(world, directory) as policies:
        ours = partial(our_decision, policies)
        await compare("cached decision, peer in turn", ours, partial(asked_in_turn, peer), 100)
        await compare("cached decision, peer pipelined", ours, partial(asked_at_once, peer), 10)
    port = sockets[HOST_ADDRESS][1]
    await compare(
        f"cold policy fetch, {len(roots)} roots",
        partial(our_fetch, fetcher),
        partial(plain_fetch, port, bundle),
        8,
    )


def main() -> None:
    match sys.argv[1:]:
        case ["lab", directory]:
            asyncio.run(serve_lab(Path(directory)))
        case ["daemon", path]:
            asyncio.run(serve_peer(path))
        case _:
            with tempfile.TemporaryDirectory() as name:
                socket = Path(name) / "socketmap"
                with server("lab", name) as line, server("daemon", str(socket)):
                    sockets = {address: tuple(own) for address, own in json.loads(line).items()}
                    asyncio.run(measure(Path(name), sockets, socket))


if __name__ == "__main__":
    main()

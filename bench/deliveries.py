"""TLS deliveries into a sink: the engine beside Postfix, aiosmtplib and a bare asyncio client.

All take turns in one run; what is printed are medians, and medians of the ratios within each turn.
`--latency` adds a sink whose replies come 100 ms late. Postfix takes part where Debian's package
is installed and the user is root.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median

import appliance
import peers
import postfix
import postfix_instance
from appliance import Load
from peers import Measured, Sink

TURNS = 5
CONCURRENCY = 20
MANY = 1_000_000
"""More messages than any run has, so that no connection ends for their number."""

Client = Callable[[Path, Sink], Measured]


@dataclass(frozen=True, slots=True)
class Round:
    """One comparison; the engine is the first of the clients."""

    title: str
    clients: dict[str, Client]
    goal: str
    delay: float = 0.0
    seen: dict[str, list[Measured]] = field(default_factory=dict)


def rounds() -> Iterator[Round]:
    """What is compared; a peer that is not there is left out."""
    yield Round(
        f"a connection for each message, c={CONCURRENCY}",
        {
            "engine": engine(Load(400, CONCURRENCY)),
            **by_postfix(400, postfix.Way(CONCURRENCY)),
            "bare asyncio": lambda _, sink: peers.bare(sink, 400, CONCURRENCY),
        },
        "at least 0.9 of Postfix's rate, at most 0.75 of its CPU",
    )
    yield Round(
        f"connections reused, c={CONCURRENCY}",
        {
            "engine": engine(Load(4000, CONCURRENCY, MANY)),
            **by_postfix(1000, postfix.Way(CONCURRENCY, reuse=True)),
        },
        "at least 5 times Postfix's rate",
    )
    yield Round(
        f"100 messages to a connection, c={CONCURRENCY}",
        {"engine": engine(Load(4000, CONCURRENCY, 100)), **by_aiosmtplib(4000, 100)},
        "at least 3 times aiosmtplib's rate",
    )
    if "--latency" in sys.argv:
        yield Round(
            "a connection for each message, 100 ms a reply",
            {
                "engine, c=1000": engine(Load(2000, 1000)),
                **by_postfix(500, postfix.Way(100)),
            },
            "at least 4 times Postfix's rate",
            delay=0.1,
        )


def engine(load: Load) -> Client:
    return lambda directory, sink: appliance.engine(directory, sink, load)


def by_postfix(messages: int, way: postfix.Way) -> dict[str, Client]:
    if not postfix_instance.is_there():
        return {}
    return {"Postfix": lambda directory, sink: postfix.postfix(directory, sink, messages, way)}


def by_aiosmtplib(messages: int, per_connection: int) -> dict[str, Client]:
    if not peers.is_installed("aiosmtplib"):
        return {}
    return {
        "aiosmtplib": lambda _, sink: peers.aiosmtplib(sink, messages, CONCURRENCY, per_connection)
    }


@contextmanager
def workplace() -> Iterator[Path]:
    """A directory that Postfix's own user may enter."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        directory.chmod(0o755)
        yield directory


def play(one: Round) -> None:
    """Every client TURNS times, in turn."""
    with workplace() as directory, peers.sink(directory, one.delay) as sink:
        numbers = count()
        for _ in range(TURNS):
            for name, client in one.clients.items():
                measured = client(directory / str(next(numbers)), sink)
                one.seen.setdefault(name, []).append(measured)


def report(one: Round) -> None:
    print(f"\n{one.title}\n  {'':16}msgs/s  CPU us/msg  connections  engine's ratio: rate, CPU")
    ours = next(iter(one.seen.values()))
    for name, seen in one.seen.items():
        rate, cpu = median(run.rate for run in seen), median(run.cpu for run in seen)
        ratios = ""
        if seen is not ours:
            pairs = list(zip(ours, seen, strict=True))
            rates = median(mine.rate / peer.rate for mine, peer in pairs)
            cpus = median(mine.cpu / peer.cpu for mine, peer in pairs)
            ratios = f"{rates:.2f}, {cpus:.2f}"
        print(f"  {name:16}{rate:6.0f}  {cpu:10.0f}  {seen[-1].connections:11}  {ratios}")
    print(f"  goal: {one.goal}")


def main() -> None:
    print(f"TLS deliveries, medians of {TURNS} turns")
    for one in rounds():
        play(one)
        report(one)


if __name__ == "__main__":
    main()

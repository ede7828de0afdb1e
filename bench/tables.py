"""Tables of 10 to 40,000 rows: the time of a look-up beside that at 10 rows, and of a commit."""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from seg_cli.config.destinations import DestinationControl, DestinationTable
from seg_cli.config.smtp_routes import RouteHost, SmtpRoute, SmtpRoutes
from seg_cli.config.store import Change, ConfigStore
from seg_cli.config.tree import Config
from seg_cli.terms import LimitApply, LimitType, MtaStsSupport, TlsMode

SIZES = (10, 100, 1000, 10_000, 40_000)
ROUNDS = 15
PASSES = 10
NAMES = 100
LOOKUP_GOAL = 1.5
COMMIT_GOAL = 2.0
NOW = datetime(2024, 9, 26, tzinfo=UTC)


def domains(size: int) -> list[str]:
    """As many domains, every fifth a partial one."""
    return [f"{'' if number % 5 else '.'}domain{number}.example" for number in range(size)]


def destinations(size: int) -> DestinationTable:
    entries = {
        domain: DestinationControl(
            domain,
            concurrency=20,
            limit_type=LimitType.HOST,
            limit_apply=LimitApply.SYSTEM,
            tls=TlsMode.REQUIRED,
            mta_sts=MtaStsSupport.ON,
        )
        for domain in domains(size)
    }
    return DestinationTable(MappingProxyType(entries))


def routes(size: int) -> SmtpRoutes:
    hosts = (RouteHost("hub.example"),)
    return SmtpRoutes(MappingProxyType({name: SmtpRoute(name, hosts) for name in domains(size)}))


def asked(size: int) -> list[str]:
    """Domains to look up: there, below a partial one, and not there, in equal parts."""
    numbers = [index * size // NAMES // 5 * 5 for index in range(NAMES)]
    there = [f"domain{number + 1}.example" for number in numbers]
    below = [f"mail.domain{number}.example" for number in numbers]
    absent = [f"mail.other{number}.example" for number in numbers]
    return [name for three in zip(there, below, absent, strict=True) for name in three]


def lookup_times(finders: Mapping[int, Callable[[str], object]]) -> dict[int, float]:
    """Nanoseconds of one look-up at each size, the sizes in turn: the best pass over the same few
    hundred names, as mail goes to the same domains again and again."""
    names = {size: asked(size) for size in finders}
    best = dict.fromkeys(finders, float("inf"))
    for _ in range(ROUNDS):
        for size, find in finders.items():
            for _ in range(PASSES):
                began = time.perf_counter_ns()
                for name in names[size]:
                    find(name)
                taken = (time.perf_counter_ns() - began) / len(names[size])
                best[size] = min(best[size], taken)
    return best


def commit_time(config: Config) -> float:
    """Seconds of a commit of this configuration, written through to the disk."""
    with (
        tempfile.TemporaryDirectory() as directory,
        ConfigStore.open(Path(directory), Config, NOW, str) as store,
    ):
        staged = store.staged()
        staged.stage(config)
        began = time.perf_counter()
        store.commit(staged, Change("admin", NOW, "bench", for_rollback=True))
        return time.perf_counter() - began


def report_lookups(what: str, times: Mapping[int, float]) -> bool:
    """Print the times; whether none is further from the first than the goal allows."""
    first = times[SIZES[0]]
    for size, nanoseconds in times.items():
        print(f"{what:24} {size:6} rows  {nanoseconds:7.0f} ns  {nanoseconds / first:5.2f}")
    return all(nanoseconds <= LOOKUP_GOAL * first for nanoseconds in times.values())


def report_commit(what: str, size: int, config: Config) -> bool:
    """Print the best time of three; whether it is within the goal."""
    seconds = min(commit_time(config) for _ in range(3))
    print(f"{what:24} {size:6} rows  {seconds:7.3f} s")
    return seconds <= COMMIT_GOAL


def main() -> int:
    met = [
        report_lookups(
            "destination look-up", lookup_times({size: destinations(size).find for size in SIZES})
        ),
        report_lookups("route look-up", lookup_times({size: routes(size).find for size in SIZES})),
    ]
    for size in SIZES:
        config = replace(Config(), destinations=destinations(size))
        met.append(report_commit("commit, destinations", size, config))
        met.append(
            report_commit("commit, and routes", size, replace(config, smtp_routes=routes(size)))
        )
    print(
        f"goals: a look-up within {LOOKUP_GOAL} times of that at {SIZES[0]} rows, "
        f"a commit under {COMMIT_GOAL:.0f} s: {'met' if all(met) else 'NOT met'}"
    )
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())

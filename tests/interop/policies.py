"""Readers of MTA-STS policies, from PyPI, beside our own: each domain of the lab, and the tech
note's domain under every fault of record and policy."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from seg_cli.config.dns import NameServer
from seg_cli.delivery.journal import Journal
from seg_cli.delivery.policies import Policies
from seg_cli.delivery.policy_cache import CachedPolicy
from seg_cli.delivery.policy_failures import NotFetched
from seg_cli.delivery.tasks import LiveTasks
from seg_cli.lab.faults import FAULTS, break_domain
from seg_cli.lab.internet import DNS_PORT, Lab
from seg_cli.lab.spec import LabSpec
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import RunningClock
from seg_cli.net.resolver import Resolver
from tests.interop.agreement import Agreement, Ground
from tests.interop.processes import PEERS

READERS: Final = Path(__file__).with_name("readers")
DOMAIN: Final = "domain.com"
NO_RECORD: Final = "no record"
NO_POLICY: Final = "no policy"


def sts_resolver(ground: Ground) -> Iterator[Agreement]:
    yield from agreements(ground, "sts_resolver.py")


def checkdmarc(ground: Ground) -> Iterator[Agreement]:
    yield from agreements(ground, "checkdmarc_sts.py")


def agreements(ground: Ground, script: str) -> Iterator[Agreement]:
    """What a reader makes of each case, and we."""
    lab, sound = ground.lab, ground.lab.spec
    with Reader.started(ground, script) as child:
        reader = Reader(child)
        try:
            for domain, case, spec in cases(sound):
                lab.adopt(spec)
                yield Agreement(domain, case, reader.policy_of(domain), ours(ground, domain))
        finally:
            lab.adopt(sound)
            child.kill()


def cases(spec: LabSpec) -> Iterator[tuple[str, str, LabSpec]]:
    """A domain, what is wrong with it, and the lab in which it is so."""
    for domain in spec.domains:
        yield domain.name, "as it is", spec
    for fault in FAULTS:
        if fault.startswith(("txt-", "policy-", "dns-")):
            yield DOMAIN, fault, break_domain(spec, DOMAIN, fault)


@dataclass(frozen=True, slots=True)
class Reader:
    """A child that answers line by line."""

    child: "subprocess.Popen[str]"

    @staticmethod
    def started(ground: Ground, script: str) -> "subprocess.Popen[str]":
        """It trusts the lab's root, and reaches policy hosts through the lab's proxy."""
        lab = ground.lab
        assert lab.spec.proxy is not None
        proxy = lab.where(lab.spec.proxy.address, lab.spec.proxy.port)
        server = lab.where(lab.spec.appliance.resolvers[0], DNS_PORT)
        root = str(ground.directory / "lab" / "root.pem")
        return subprocess.Popen(
            [PEERS / "python", READERS / script, "{}:{}".format(*server)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={
                "https_proxy": "http://{}:{}".format(*proxy),
                "SSL_CERT_FILE": root,
                "REQUESTS_CA_BUNDLE": root,
                "DNS_CACHE_MAX_AGE_SECONDS": "0",  # checkdmarc's own
                "HOME": str(ground.directory),
            },
        )

    def policy_of(self, domain: str) -> str:
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.write(f"{domain}\n")
        self.child.stdin.flush()
        answer = json.loads(self.child.stdout.readline())
        match answer["result"]:
            case "valid":
                return in_words(answer["mode"], answer["mx"], answer["max_age"])
            case "none":
                return NO_RECORD
            case _:
                return NO_POLICY


def ours(ground: Ground, domain: str) -> str:
    """What an appliance that knows nothing yet finds out."""
    state = ground.directory / "state.sqlite3"
    state.unlink(missing_ok=True)
    return asyncio.run(_ours(ground.lab, state, domain))


async def _ours(lab: Lab, state: Path, domain: str) -> str:
    world = lab.world(RunningClock(), SeededChooser(0))
    journal = Journal(state)
    servers = (NameServer(lab.spec.appliance.resolvers[0], 0),)
    resolver = Resolver(world, servers, lambda _event: None)
    policies = Policies.bring_up(world, journal, resolver, LiveTasks(report), lambda _event: None)
    try:
        match await policies.refetch(domain, None):
            case CachedPolicy(policy=policy):
                return in_words(policy.mode, list(policy.mx), policy.max_age)
            case NotFetched():
                return NO_POLICY
            case None:
                return NO_RECORD
    finally:
        policies.close()
        journal.close()


def report(name: str, bug: BaseException) -> None:
    raise RuntimeError(name) from bug


def in_words(mode: str, mx: list[str], max_age: int) -> str:
    return f"{mode}; {', '.join(mx)}; {max_age} s"

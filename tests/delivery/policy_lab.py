"""A lab that can be changed as time goes on, and an appliance's policies in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from seg_cli.config.dns import NameServer
from seg_cli.delivery.journal import Journal
from seg_cli.delivery.policies import Policies
from seg_cli.delivery.quiet import Quiet
from seg_cli.delivery.tasks import LiveTasks
from seg_cli.events import Event
from seg_cli.lab.internet import Lab
from seg_cli.lab.reading import parse_spec
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import SteppedClock
from seg_cli.net.resolver import Resolver
from seg_cli.net.world import Patience
from seg_cli.policy.requirement import InForce, NoPolicy
from tests.delivery.messages import NOW

RESOLVER = "10.10.5.61"
Tables = dict[str, object]

PATIENT = Patience(fetch=10, dns=5)
"""On a busy machine nothing here depends on how long it takes."""


def world(
    mode: str = "enforce",
    *,
    id_: str = "1",
    mx: str = "mx.domain.com",
    max_age: int = 604_800,
    policy: Tables | None = None,
    domain: Tables | None = None,
    **more: object,
) -> Tables:
    """One domain with a policy; `policy` and `domain` change what its servers do."""
    text = f"version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: {max_age}\n"
    return {
        "domains": {"domain.com": {"mta_sts_txt": f"v=STSv1; id={id_};"} | (domain or {})},
        "policies": {"domain.com": {"addresses": ["10.1.1.4"], "text": text} | (policy or {})},
        **more,
    }


@dataclass
class PolicyLab:
    """`events` tells what the appliance did, `gets` how often a policy host was asked."""

    directory: Path
    patience: Patience
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(NOW))
    events: list[Event] = field(default_factory=list)
    detours: dict[str, tuple[str, int]] = field(default_factory=dict)

    async def open(self, tables: Tables) -> None:
        self.lab = await Lab(parse_spec(tables), self.directory / "lab", self.clock.now).open()
        self.tasks = LiveTasks(fail)
        self.start()

    def start(self) -> None:
        """The appliance starts, from the state it left on the disk."""
        world = self.lab.world(self.clock, SeededChooser(0))
        world = replace(world, where=self.where, patience=self.patience)
        self.journal = Journal(self.directory / "state.sqlite3")
        self.resolver = Resolver(world, (NameServer(RESOLVER, 0),), self.events.append)
        self.policies = Policies.bring_up(
            world, self.journal, self.resolver, self.tasks, self.events.append
        )

    def stop(self) -> None:
        self.policies.close()
        self.journal.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def change(self, tables: Tables) -> None:
        """Other servers at the same addresses; nothing of the old answers is remembered."""
        self.lab.adopt(parse_spec(tables))
        self.resolver.flush()

    def where(self, address: str, port: int) -> tuple[str, int]:
        return self.detours.get(address) or self.lab.where(address, port)

    @property
    def gets(self) -> int:
        return len(self.lab.journal.policy_requests)

    @property
    def txt_questions(self) -> int:
        return sum(question.rdtype == "TXT" for question in self.lab.journal.questions)

    async def ask(self, domain: str = "domain.com") -> InForce | NoPolicy:
        return await self.policies.discovery.policy_for(domain, None)

    async def advance(self, **span: float) -> None:
        await self.clock.advance(timedelta(**span), self.tasks.quiet)
        assert await self.tasks.quiet() == Quiet()

    def told(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@asynccontextmanager
async def policy_lab(
    directory: Path, tables: Tables, patience: Patience = PATIENT
) -> AsyncIterator[PolicyLab]:
    lab = PolicyLab(directory, patience)
    await lab.open(tables)
    try:
        yield lab
    finally:
        lab.stop()
        await lab.tasks.cancel_all()
        await lab.lab.close()


def fail(name: str, bug: BaseException) -> NoReturn:
    raise AssertionError(name) from bug

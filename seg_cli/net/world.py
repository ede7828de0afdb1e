"""The outside world as one argument: what differs between the real internet and a lab.

Every door of this room takes a World; nobody monkeypatches. A lab fills one in that leads all
documentation addresses to loopback; the real world's `where` is the identity.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from seg_cli.net.clock import Clock
from seg_cli.policy.bounds import UNBOUNDED, Bounds

if TYPE_CHECKING:  # a world is made before the network is loaded
    from seg_cli.standards.dnssec.keys import TrustAnchor

T = TypeVar("T")

Where = Callable[[str, int], tuple[str, int]]
"""(address, port) as the appliance knows them → the socket address that is really dialled."""

Whence = Callable[[str, int], str]
"""(host, port) of an inbound peer's real socket → the address as the appliance knows it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long real I/O may take, in real seconds; never shown to anyone, never appliance time."""

    connect: float = 30.0
    greeting: float = 300.0
    reply: float = 300.0
    handshake: float = 30.0
    fetch: float = 60.0
    command: float = 300.0
    """The next command of whoever sends to us; a person may be typing it, in a lab, too."""

    dns: float | None = None
    """One DNS packet; None means the printed timeout of the schedule."""


LAB_PATIENCE = Patience(connect=1.0, greeting=1.0, reply=1.0, handshake=1.0, fetch=1.0, dns=0.5)


class Chooser(Protocol):
    """Every draw by lot: seeded in the lab, unpredictable in the real world."""

    def shuffled(self, items: Sequence[T]) -> list[T]: ...
    def number(self, below: int) -> int: ...


@dataclass(frozen=True, slots=True)
class World:
    """The outside: time, patience, chance, what is trusted, and where addresses lead.

    system_roots: certificates (DER). trust_anchors: where DNSSEC begins. trusted_resolvers: the
    addresses of name servers that validate for us, over a way nobody can tamper with. bounds: how
    far the emulator may go.
    """

    clock: Clock
    patience: Patience
    chooser: Chooser
    system_roots: tuple[bytes, ...]
    where: Where
    whence: Whence
    trust_anchors: "tuple[TrustAnchor, ...]" = ()
    trusted_resolvers: frozenset[str] = frozenset()
    bounds: Bounds = UNBOUNDED

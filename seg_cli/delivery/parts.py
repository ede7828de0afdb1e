"""What every delivery shares, and what an attempt comes to."""

from collections.abc import Callable
from dataclasses import dataclass

from seg_cli.delivery.connections import Connections
from seg_cli.delivery.credentials import Credentials
from seg_cli.delivery.discovery import Discovery
from seg_cli.delivery.ids import Ids
from seg_cli.delivery.journal import Journal
from seg_cli.delivery.limits import Limits
from seg_cli.delivery.story import Stories
from seg_cli.events import Event
from seg_cli.net.resolver import Resolver
from seg_cli.net.world import World
from seg_cli.policy.outcome import Result
from seg_cli.standards.pkix import TrustAnchors
from seg_cli.terms import NO_DCID, Dcid


@dataclass(frozen=True, slots=True)
class DeliveryParts:
    """What every delivery shares."""

    world: World
    resolver: Resolver
    discovery: Discovery
    connections: Connections
    journal: Journal
    mids: Ids
    credentials: Credentials
    limits: Limits
    stories: Stories
    emit: Callable[[Event], None]

    @property
    def anchors(self) -> TrustAnchors:
        """The authorities that are believed now."""
        return self.credentials.anchors


@dataclass(frozen=True, slots=True)
class Attempted:
    """How far it came: a result for each recipient of the parcel, and the last connection.

    `host` is the mail host that answered for the message; empty if none was asked.
    """

    results: tuple[Result, ...]
    dcid: Dcid = NO_DCID
    host: str = ""

"""What decides for an SMTP server, and what it is told: the half of a server that is no table."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from seg_cli.policy.facts import TlsFacts
from seg_cli.smtp.profile import Say


@dataclass(frozen=True, slots=True)
class Session:
    """What one connection has shown so far. `peer` is its real socket address (host, port)."""

    peer: tuple[str, int]
    hello: str = ""
    tls: TlsFacts | None = None
    sni: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who a message is from and for; the empty sender is a bounce."""

    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queued:
    """The message was taken, and this is what it is called (`ServerProfile.queued`)."""

    id: str


class Handler(Protocol):
    """The decisions. None means yes, in the words of the profile; else this is the answer, and a
    Reply other than 250 refuses."""

    async def secured(self, session: Session, facts: TlsFacts) -> Say | None:
        """A handshake ended, well or not (`facts.refusal`); `session.sni` is the name asked for.

        After one that ended well an answer is the last thing that is said on this connection.
        """

    async def sender(self, session: Session, sender: str) -> Say | None: ...
    async def recipient(self, session: Session, recipient: str) -> Say | None: ...
    async def message(self, session: Session, envelope: Envelope, data: bytes) -> Queued | Say: ...


class Ending(Enum):
    """How a connection ended."""

    QUIT = auto()
    CLOSED_BY_SERVER = auto()
    LOST = auto()
    TIMED_OUT = auto()
    TLS_FAILED = auto()

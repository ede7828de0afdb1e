"""What the lab's servers saw: one value for each question, request, tunnel and message."""

from dataclasses import dataclass, field
from enum import StrEnum


class Transport(StrEnum):
    """How a DNS question came."""

    UDP = "UDP"
    TCP = "TCP"


@dataclass(frozen=True, slots=True)
class Question:
    """A DNS question that `resolver` was asked."""

    name: str
    rdtype: str
    resolver: str
    transport: Transport


@dataclass(frozen=True, slots=True)
class PolicyRequest:
    """An HTTPS request that a policy host got, with the name of the handshake (SNI)."""

    sni: str
    method: str
    host: str
    path: str


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A CONNECT that the proxy was asked for."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Received:
    """A message that a mail host took; `protocol` and `cipher` are empty in clear text."""

    host: str
    sni: str
    protocol: str
    cipher: str
    sender: str
    recipients: tuple[str, ...]
    message: bytes


@dataclass(frozen=True, slots=True)
class Journal:
    """All of it, each list in the order of happening.

    The lab's thread only ever appends, and does so before the peer has its answer: whoever has
    an answer may read what led to it from any thread.
    """

    questions: list[Question] = field(default_factory=list)
    policy_requests: list[PolicyRequest] = field(default_factory=list)
    tunnels: list[Tunnel] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

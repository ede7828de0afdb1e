"""The listener: the appliance's way in. It speaks SMTP and hands accepted messages to the queue.

Sender groups are fixed: RELAYLIST for loopback and the lab's own addresses, else BLOCKED.
"""

import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Protocol

from seg_cli import events as e
from seg_cli.config.interfaces import Interface
from seg_cli.events import Event
from seg_cli.net.world import World
from seg_cli.policy.facts import Found, Lookup, TlsFacts
from seg_cli.smtp.handler import Ending, Envelope, Queued, Session
from seg_cli.smtp.profile import Say, ServerProfile
from seg_cli.smtp.replies import Reply
from seg_cli.smtp.server import serve_connection
from seg_cli.terms import Icid, Mid, Rid

RELAY_GROUP, RELAY_ACTION = "RELAYLIST", "RELAY"
BLOCKED_GROUP, BLOCKED_ACTION = "BLOCKED_LIST", "REJECT"
POLICY, TABLE = "DEFAULT", "outbound"
SCORE = "rfc1918"
MALFORMED = Reply.parse("553 #5.1.3 malformed recipient address")
REFUSED = Reply.parse("554 #5.7.1 Access denied")


class Intake(Protocol):
    """Where accepted messages go."""

    async def next_icid(self) -> Icid: ...
    async def next_mid(self) -> Mid: ...
    async def accept(self, mid: Mid, envelope: Envelope, content: bytes) -> None:
        """Returns once the message is on the disk: only then is its 250 sent."""


ReverseLookup = Callable[[str], Awaitable[Lookup[tuple[str, ...]]]]


@dataclass(frozen=True, slots=True)
class Listener:
    """What every inbound connection shares."""

    world: World
    interface: Interface
    intake: Intake
    reverse: ReverseLookup
    emit: Callable[[Event], None]

    async def serve(self, sock: socket.socket) -> None:
        """Hold one inbound conversation, from its ICID to its close."""
        icid = await self.intake.next_icid()
        address = self.world.whence(*sock.getpeername()[:2])
        await self._announce(icid, address)
        inbound = Inbound(self, icid, may_relay(address))
        profile = ServerProfile(self.interface.hostname)
        ending = await serve_connection(sock, profile, inbound)
        if ending is not Ending.QUIT:
            self.emit(e.InjectionLost(icid))
        self.emit(e.InjectionClosed(icid))

    async def _announce(self, icid: Icid, address: str) -> None:
        match await self.reverse(address):
            case Found((name, *_)):
                host, verified = name, True
            case _:
                host, verified = "unknown", False
        interface = self.interface
        self.emit(
            e.InjectionOpened(icid, interface.name, interface.address, address, host, verified)
        )
        relay = may_relay(address)
        action = RELAY_ACTION if relay else BLOCKED_ACTION
        group = RELAY_GROUP if relay else BLOCKED_GROUP
        self.emit(e.SenderGroupMatched(icid, action, group, address, SCORE))


def may_relay(address: str) -> bool:
    """Whether this address is on our side: loopback or private."""
    return ipaddress.ip_address(address).is_private


@dataclass(slots=True)
class Inbound:
    """The decisions on one inbound connection."""

    listener: Listener
    icid: Icid
    relay: bool

    async def secured(self, session: Session, facts: TlsFacts) -> None:
        """TLS is not offered here yet."""

    async def sender(self, _: Session, __: str) -> Say | None:
        return None if self.relay else REFUSED

    async def recipient(self, _: Session, recipient: str) -> Say | None:
        name, at, domain = recipient.rpartition("@")
        return None if name and at and domain else MALFORMED

    async def message(self, _: Session, envelope: Envelope, data: bytes) -> Queued | Say:
        mid = await self.listener.intake.next_mid()
        self._tell(mid, envelope, data)
        await self.listener.intake.accept(mid, envelope, data)
        self.listener.emit(e.MessageQueued(mid))
        return Queued(str(mid))

    def _tell(self, mid: Mid, envelope: Envelope, data: bytes) -> None:
        emit, icid = self.listener.emit, self.icid
        emit(e.MessageStarted(mid, icid))
        emit(e.SenderGiven(mid, icid, envelope.sender))
        for number, recipient in enumerate(envelope.recipients):
            emit(e.RecipientGiven(mid, icid, Rid(number), recipient))
        message_id, subject = read_headers(data)
        if message_id:
            emit(e.MessageIdRead(mid, message_id))
        if subject:
            emit(e.SubjectRead(mid, subject))
        emit(e.MessageReady(mid, len(data), envelope.sender))
        emit(e.MailPolicyMatched(mid, POLICY, TABLE))


def read_headers(message: bytes) -> tuple[str, str]:
    """Message-ID and Subject as they stand in the header; empty where there is none."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(message)
    return str(headers.get("Message-ID", "")).strip(), str(headers.get("Subject", ""))

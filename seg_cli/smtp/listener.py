"""The listener: the appliance's way in. It speaks SMTP and hands accepted messages to the queue.

Sender groups are fixed: RELAYLIST for loopback and the lab's own addresses, else BLOCKED.
"""

import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Protocol

from seg_cli import events as e
from seg_cli.config.interfaces import Interface
from seg_cli.errors import NotRecorded
from seg_cli.events import Event
from seg_cli.net.world import World
from seg_cli.policy.facts import Found, Lookup, TlsFacts
from seg_cli.smtp.handler import Ending, Envelope, Queued, Session
from seg_cli.smtp.listening import Limit
from seg_cli.smtp.profile import Say, ServerProfile, TlsOffer
from seg_cli.smtp.replies import Reply
from seg_cli.smtp.server import serve_connection
from seg_cli.standards.identifiers import is_host_name
from seg_cli.terms import Icid, Mid, Rid

POLICY, TABLE = "DEFAULT", "outbound"
MALFORMED = Reply.parse("553 #5.1.3 malformed recipient address")
MALFORMED_SENDER = Reply.parse("553 #5.1.7 malformed sender address")
REASON = (
    "Your access to this mail system has been rejected due to the sending MTA's poor reputation. "
    "If you believe that this failure is in error, please contact the intended recipient via "
    "alternate means."
)
REFUSED = Reply(554, ("{hostname}", REASON))
"""What the product says to those whom it rejects, as remembered."""

QUEUE_FULL = Reply.parse("452 #4.3.1 queue full")
"""The code is the product's, its text reconstructed."""

TURNED_AWAY = Reply.parse("421 #4.3.1 queue full")
"""The same to those who cannot even be given a number: a greeting that ends the connection."""

LIMIT = Limit(300, b"421 #4.4.5 Too many connections to this listener\r\n")
"""The product's default, as remembered."""

LOST = {Ending.LOST, Ending.TLS_FAILED}
LONGEST_LOCAL_PART = 64
"""RFC 5321 s4.5.3.1.1."""


@dataclass(frozen=True, slots=True)
class SenderGroup:
    """What becomes of the connections of a group, and the reputation that is told of them."""

    name: str
    action: str
    score: str


RELAYED = SenderGroup("RELAYLIST", "RELAY", "rfc1918")
BLOCKED = SenderGroup("BLOCKED_LIST", "REJECT", "not enabled")


class Intake(Protocol):
    """Where accepted messages go. Raises NotRecorded when the disk takes nothing."""

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
    tls: TlsOffer | None
    emit: Callable[[Event], None]

    async def serve(self, sock: socket.socket) -> None:
        """Hold one inbound conversation, from its ICID to its close."""
        try:
            icid = await self.intake.next_icid()
        except NotRecorded:
            profile = replace(self.profile, greeting=TURNED_AWAY)
            await serve_connection(sock, profile, Inbound(self, Icid(0)))  # it is asked nothing
            return
        address = self.world.whence(*sock.getpeername()[:2])
        await self._announce(icid, address)
        profile = self.profile if may_relay(address) else replace(self.profile, greeting=REFUSED)
        ending = await serve_connection(sock, profile, Inbound(self, icid))
        if ending in LOST:
            self.emit(e.InjectionLost(icid))
        self.emit(e.InjectionClosed(icid))

    @property
    def profile(self) -> ServerProfile:
        """What is said to those who may relay."""
        patience = self.world.patience
        return ServerProfile(
            self.interface.hostname,
            tls=self.tls,
            idle=patience.command,
            handshake=patience.handshake,
        )

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
        group = RELAYED if may_relay(address) else BLOCKED
        self.emit(e.SenderGroupMatched(icid, group.action, group.name, address, group.score))


def may_relay(address: str) -> bool:
    """Whether this address is on our side: loopback or private."""
    return ipaddress.ip_address(address).is_private


@dataclass(slots=True)
class Inbound:
    """The decisions on one inbound connection."""

    listener: Listener
    icid: Icid

    async def secured(self, _: Session, facts: TlsFacts) -> None:
        if facts.refusal is None:
            event: Event = e.InjectionTls(self.icid, facts.protocol, facts.cipher)
        else:
            event = e.InjectionTlsFailed(self.icid, facts.detail or facts.refusal.value)
        self.listener.emit(event)

    async def sender(self, _: Session, sender: str) -> Say | None:
        return None if not sender or is_mailbox(sender) else MALFORMED_SENDER

    async def recipient(self, _: Session, recipient: str) -> Say | None:
        return None if is_mailbox(recipient) else MALFORMED

    async def message(self, _: Session, envelope: Envelope, data: bytes) -> Queued | Say:
        try:
            mid = await self.listener.intake.next_mid()
        except NotRecorded:
            return QUEUE_FULL
        self._tell(mid, envelope, data)
        try:
            await self.listener.intake.accept(mid, envelope, data)
        except NotRecorded:
            self.listener.emit(e.MessageAborted(mid, "Queue full"))
            self.listener.emit(e.AbortedMessageFinished(mid))
            return QUEUE_FULL
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


def is_mailbox(address: str) -> bool:
    """Whether it is a name at a domain, in ASCII: SMTPUTF8 is not offered (RFC 5321 s4.1.2)."""
    name, _, domain = address.rpartition("@")
    return address.isascii() and 0 < len(name) <= LONGEST_LOCAL_PART and is_host_name(domain)


def read_headers(message: bytes) -> tuple[str, str]:
    """Message-ID and Subject as they stand in the header; empty where there is none."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(message)
    return str(headers.get("Message-ID", "")).strip(), str(headers.get("Subject", ""))

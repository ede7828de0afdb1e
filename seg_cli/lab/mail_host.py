"""The lab's mail hosts: SMTP servers that take every message and remember it."""

import socket
from dataclasses import dataclass

from seg_cli.lab.journal import Journal, Received
from seg_cli.lab.spec import MailHost
from seg_cli.lab.tls import EachDay
from seg_cli.policy.facts import TlsFacts
from seg_cli.smtp.handler import Envelope, Queued, Session
from seg_cli.smtp.profile import Say, ServerProfile, TlsOffer
from seg_cli.smtp.replies import Reply
from seg_cli.smtp.server import serve_connection


@dataclass(frozen=True, slots=True)
class MailServer:
    """The SMTP of one mail host; without an offer it does not announce STARTTLS."""

    host: MailHost
    journal: Journal
    offer: EachDay[TlsOffer] | None

    async def serve(self, sock: socket.socket) -> None:
        """One connection."""
        await serve_connection(sock, self.profile(), Mailbox(self.host.name, self.journal))

    def profile(self) -> ServerProfile:
        """What the host says, in the words of Postfix."""
        return ServerProfile(
            self.host.name,
            tls=self.offer.get() if self.offer else None,
            extensions=("PIPELINING", "SIZE {max_size}", "8BITMIME"),
            greeting=Reply.parse("220 {hostname} ESMTP"),
            starttls=Reply.parse("220 2.0.0 Ready to start TLS"),
            sender_ok=Reply.parse("250 2.1.0 Ok"),
            recipient_ok=Reply.parse("250 2.1.5 Ok"),
            go_ahead=Reply.parse("354 End data with <CR><LF>.<CR><LF>"),
            queued=Reply.parse("250 2.0.0 Ok: queued as {id}"),
            bye=Reply.parse("221 2.0.0 Bye"),
        )


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Takes whatever comes for one host."""

    host: str
    journal: Journal

    async def secured(self, session: Session, facts: TlsFacts) -> None:
        """What was negotiated is told with each message."""

    async def sender(self, _: Session, __: str) -> Say | None:
        return None

    async def recipient(self, _: Session, __: str) -> Say | None:
        return None

    async def message(self, session: Session, envelope: Envelope, data: bytes) -> Queued | Say:
        tls = session.tls or TlsFacts()
        received = Received(
            host=self.host,
            sni=session.sni,
            protocol=tls.protocol,
            cipher=tls.cipher,
            sender=envelope.sender,
            recipients=envelope.recipients,
            message=data,
        )
        self.journal.received.append(received)
        return Queued(f"4XC{len(self.journal.received):07}")

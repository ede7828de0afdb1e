"""The lab's mail hosts: SMTP servers that take messages and remember them, or do what breaks."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from seg_cli.lab.journal import Journal, Received
from seg_cli.lab.spec import ClientCertificate, MailHost, Starttls
from seg_cli.lab.tls import ServerTls, TlsSetup
from seg_cli.policy.facts import TlsFacts
from seg_cli.smtp.handler import Envelope, Queued, Session
from seg_cli.smtp.profile import Say, Scripted, ServerProfile, Then
from seg_cli.smtp.replies import Reply
from seg_cli.smtp.server import serve_connection
from seg_cli.standards.pkix import check_dates

READY = b"220 2.0.0 Ready to start TLS\r\n"

STARTTLS: Mapping[Starttls, Say] = MappingProxyType(
    {
        Starttls.NORMAL: Reply.parse("220 2.0.0 Ready to start TLS"),
        Starttls.REFUSES: Reply.parse("454 4.7.0 TLS not available due to local problem"),
        Starttls.INJECTS: Scripted(READY + b"250 2.0.0 injected\r\n"),
        Starttls.CUTS: Scripted(READY, Then.CLOSE_AT_NEXT),
    }
)

UNKNOWN = Reply.parse("550 5.1.1 <{address}>: Recipient address rejected: User unknown")


@dataclass(frozen=True, slots=True)
class MailServer:
    """The SMTP of one mail host, which `host` tells as it is at the moment."""

    host: Callable[[], MailHost]
    journal: Journal
    tls: TlsSetup

    async def serve(self, sock: socket.socket) -> None:
        """One connection."""
        host = self.host()
        await serve_connection(sock, self.profile(host), Mailbox(host, self.journal, self.tls.now))

    def profile(self, host: MailHost) -> ServerProfile:
        """What the host says, in the words of Postfix; without TLS versions no STARTTLS."""
        tls = ServerTls(host.certificate, host.tls, host.client_certificate)
        return ServerProfile(
            host.name,
            tls=self.tls.offer(tls) if host.tls else None,
            extensions=("PIPELINING", "SIZE {max_size}", "8BITMIME"),
            greeting=Reply.parse("220 {hostname} ESMTP"),
            starttls=STARTTLS[host.starttls],
            sender_ok=Reply.parse("250 2.1.0 Ok"),
            recipient_ok=Reply.parse(host.recipients or "250 2.1.5 Ok"),
            go_ahead=Reply.parse("354 End data with <CR><LF>.<CR><LF>"),
            queued=Reply.parse("250 2.0.0 Ok: queued as {id}"),
            bye=Reply.parse("221 2.0.0 Bye"),
        )


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Takes for one host what its profile does not refuse."""

    host: MailHost
    journal: Journal
    now: Callable[[], datetime]

    async def secured(self, _: Session, facts: TlsFacts) -> Say | None:
        """What was negotiated is told with each message; a client's certificate is dated here,
        for OpenSSL goes by the machine's clock."""
        if self.host.client_certificate is not ClientCertificate.DEMANDED or facts.refusal:
            return None
        problem = check_dates(facts.chain, self.now())
        return None if problem is None else Reply.parse(f"421 4.7.0 client {problem}")

    async def sender(self, _: Session, __: str) -> Say | None:
        return None

    async def recipient(self, _: Session, recipient: str) -> Say | None:
        return UNKNOWN if recipient.rpartition("@")[0].lower() in self.host.unknown else None

    async def message(self, session: Session, envelope: Envelope, data: bytes) -> Queued | Say:
        tls = session.tls or TlsFacts()
        received = Received(
            host=self.host.name,
            sni=session.sni,
            protocol=tls.protocol,
            cipher=tls.cipher,
            sender=envelope.sender,
            recipients=envelope.recipients,
            message=data,
        )
        self.journal.received.append(received)
        return Queued(f"4XC{len(self.journal.received):07}")

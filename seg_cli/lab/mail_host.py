"""The lab's mail hosts: SMTP servers that take every message and remember it."""

from dataclasses import dataclass

from seg_cli.lab.journal import Journal, Received
from seg_cli.lab.spec import MailHost
from seg_cli.policy.facts import TlsFacts
from seg_cli.smtp.handler import Envelope, Queued, Session
from seg_cli.smtp.profile import Say, ServerProfile, TlsOffer
from seg_cli.smtp.replies import Reply

QUEUED = Reply.parse("250 2.0.0 Ok: queued as {id}")


def profile_of(host: MailHost, tls: TlsOffer | None) -> ServerProfile:
    """What the host says."""
    return ServerProfile(
        host.name,
        tls=tls,
        greeting=Reply.parse(f"220 {host.name} ESMTP"),
        sender_ok=Reply.parse("250 2.1.0 Ok"),
        recipient_ok=Reply.parse("250 2.1.5 Ok"),
        queued=QUEUED,
        bye=Reply.parse("221 2.0.0 Bye"),
    )


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Takes mail for one host."""

    host: MailHost
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

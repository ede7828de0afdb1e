"""The client: one connection to one mail host, from its greeting to QUIT (RFC 5321, RFC 3207).

The order is the caller's: `greet`, `ehlo`, perhaps `start_tls` and `ehlo` again, `send` as often
as there is mail, `quit`. What the network does wrong comes back as `Failed`; after that, and
after a 421, the connection is not `usable`, and `close` is all that is left to do.
"""

import socket
import ssl
from dataclasses import dataclass, replace

from seg_cli.net.starttls import established, handshake_failure
from seg_cli.net.world import Patience
from seg_cli.policy.facts import Failed, TlsFacts
from seg_cli.smtp.conversation import Conversation
from seg_cli.smtp.replies import Reply
from seg_cli.smtp.transaction import EnvelopeReplies, Transaction, is_positive
from seg_cli.smtp.transparency import FINAL_DOT, dot_stuff
from seg_cli.smtp.wire import Wire
from seg_cli.terms import Reason


@dataclass(frozen=True, slots=True)
class Hello:
    """The answer to EHLO, or to HELO after a refused EHLO; keywords are upper-case."""

    reply: Reply
    keywords: frozenset[str] = frozenset()

    def offers(self, keyword: str) -> bool:
        """Whether the extension was announced, as a whole word (RFC 5321 s4.1.1.1)."""
        return keyword.upper() in self.keywords


class SmtpClient:
    """One connection; make it with `over`, close it with `quit` or `close`."""

    def __init__(self, wire: Wire, patience: Patience) -> None:
        self._peer = Conversation(wire, patience)
        self._hello: Hello | None = None

    @classmethod
    def over(cls, sock: socket.socket, patience: Patience) -> "SmtpClient":
        """A client over a connected socket, which it owns from now on."""
        return cls(Wire(sock), patience)

    @property
    def usable(self) -> bool:
        """Whether another command makes sense."""
        return self._peer.failed is None

    @property
    def secured(self) -> bool:
        """Whether TLS is on."""
        return self._peer.wire.ssl_object is not None

    def offers(self, keyword: str) -> bool:
        """Whether the host announced the extension in its last answer to EHLO."""
        return self._hello is not None and self._hello.offers(keyword)

    # Greeting

    async def greet(self) -> Reply | Failed:
        """The greeting; whatever is not 2yz means: `quit`, next host (TLS-07)."""
        return await self._peer.next_reply(self._peer.patience.greeting)

    async def ehlo(self, name: str) -> Hello | Failed:
        """Introduce ourselves; a reply that is not 2yz means: `quit`, next host.

        A host that knows no EHLO is greeted by HELO and offers nothing (TLS-06), but not inside
        TLS: a host that has just said STARTTLS to EHLO knows it.
        """
        reply = await self.command(f"EHLO {name}")
        if isinstance(reply, Reply) and reply.is_permanent and not self.secured:
            reply = await self.command(f"HELO {name}")
            keywords: frozenset[str] = frozenset()
        elif isinstance(reply, Reply) and reply.is_positive:
            keywords = parse_keywords(reply)
        else:
            keywords = frozenset()
        if isinstance(reply, Failed):
            return reply
        self._hello = Hello(reply, keywords)
        return self._hello

    # TLS

    async def start_tls(self, context: ssl.SSLContext, server_hostname: str) -> TlsFacts:
        """STARTTLS and the handshake; `server_hostname` goes into SNI.

        Refused before the 220 the connection stays `usable` in clear text unless it broke; behind
        the 220 it never does. After success say EHLO again: all that was learned is forgotten
        (TLS-02), and a second STARTTLS counts as not offered.
        """
        if self.secured or not self.offers("STARTTLS"):
            return TlsFacts(Reason.STARTTLS_NOT_SUPPORTED, behind_220=False)
        reply = await self.command("STARTTLS")
        if isinstance(reply, Failed):
            return TlsFacts(reply.reason, behind_220=False, lost=True, detail=reply.detail)
        if reply.code != 220:
            lost = not self.usable  # a 421 ends the connection
            return TlsFacts(Reason.STARTTLS_REFUSED, behind_220=False, lost=lost, detail=str(reply))
        if self._peer.pending:  # RFC 3207 s4.2: nothing may follow
            self._peer.give_up(Failed(Reason.STARTTLS_INJECTION))
            return TlsFacts(Reason.STARTTLS_INJECTION)
        return await self._shake_hands(context, server_hostname)

    async def _shake_hands(self, context: ssl.SSLContext, server_hostname: str) -> TlsFacts:
        self._hello = None
        self._peer.forget()
        wire, deadline = self._peer.wire, self._peer.deadline(self._peer.patience.handshake)
        try:
            await wire.start_tls(context, server_hostname=server_hostname, deadline=deadline)
        except (OSError, EOFError) as error:
            reason, detail = handshake_failure(error)
            self._peer.give_up(Failed(reason, detail=detail))
            return TlsFacts(reason, detail=detail)
        assert wire.ssl_object is not None
        return established(wire.ssl_object)

    # Mail

    async def send(self, sender: str, recipients: tuple[str, ...], message: bytes) -> Transaction:
        """Send one message to the host's share of its recipients; see `Transaction`.

        Line ends and leading dots are put right here (RFC 5321 s4.5.2). A CR, LF or NUL in an
        address raises ValueError: such an address never should have been accepted.
        """
        mail, rcpt = f"MAIL FROM:<{sender}>", [f"RCPT TO:<{address}>" for address in recipients]
        if self.offers("PIPELINING"):
            envelope = await self._pipeline(mail, rcpt)
        else:
            envelope = await self._step_by_step(mail, rcpt)
        if not envelope.accepted:
            await self._forget(envelope)
            return envelope.refused(len(recipients))
        if self._peer.pending:  # whatever it answers, it is not the message
            lost = Failed(Reason.PROTOCOL_ERROR, detail="a reply before the message")
            return Transaction.answered(envelope.rcpt, self._peer.give_up(lost))
        failed = await self._peer.write_whole(dot_stuff(message) + FINAL_DOT)
        if failed is not None:
            return Transaction.answered(envelope.rcpt, failed)
        return Transaction.answered(envelope.rcpt, await self._peer.expect(2), dot_sent=True)

    async def _pipeline(self, mail: str, rcpt: list[str]) -> EnvelopeReplies:
        """All commands in one write; each reply is read and judged for itself (RFC 2920 s3.1)."""
        self._peer.write(mail, *rcpt, "DATA")
        return EnvelopeReplies(
            mail=await self._peer.expect(2),
            rcpt=tuple([await self._peer.expect(2) for _ in rcpt]),
            data=await self._peer.expect(3),
        )

    async def _step_by_step(self, mail: str, rcpt: list[str]) -> EnvelopeReplies:
        """One command after the other, and none that has no point any more."""
        replies = EnvelopeReplies(await self._peer.ask(mail, 2))
        if is_positive(replies.mail):
            replies = replace(replies, rcpt=tuple([await self._peer.ask(to, 2) for to in rcpt]))
        if any(map(is_positive, replies.rcpt)):
            replies = replace(replies, data=await self._peer.ask("DATA", 3))
        return replies

    async def _forget(self, envelope: EnvelopeReplies) -> None:
        """Undo an envelope without a message, so that the next one finds a clean table.

        A host that wants the message of an envelope it refused gets an empty one, which goes to
        nobody (RFC 2920 s3.1).
        """
        if envelope.wants_message:
            await self._peer.ask(".", 2)
        elif is_positive(envelope.mail):
            await self.command("RSET")

    # Commands

    async def command(self, line: str) -> Reply | Failed:
        """Any one command and its reply; what ended the connection, if it is not `usable`."""
        self._peer.write(line)
        return await self._peer.next_reply(self._peer.patience.reply)

    async def quit(self) -> None:
        """Say goodbye if anybody listens, inside TLS where TLS is on (TLS-09), and close."""
        if self.usable:
            await self.command("QUIT")
        self.close()

    def close(self) -> None:
        """Close without a word."""
        self._peer.close()


def parse_keywords(reply: Reply) -> frozenset[str]:
    """The extensions of an EHLO reply: the first word of each line but the first (TLS-01)."""
    return frozenset(words[0].upper() for line in reply.lines[1:] if (words := line.split()))

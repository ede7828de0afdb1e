"""The client: one connection to one mail host, from its greeting to QUIT (RFC 5321, RFC 3207).

The order is the caller's: `greet`, `ehlo`, perhaps `start_tls` and `ehlo` again, `send` as often
as there is mail, `quit`. What the network does wrong comes back as `Failed`; after that, and
after a 421, the connection is not `usable`, and `close` is all that is left to do.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final, TypeVar

from seg_cli.net.failures import network_failure
from seg_cli.net.starttls import established, handshake_failure
from seg_cli.net.world import Patience
from seg_cli.policy.facts import Failed, TlsFacts
from seg_cli.smtp.replies import ProtocolError, Reply, ReplyParser
from seg_cli.smtp.transaction import Transaction
from seg_cli.smtp.transparency import FINAL_DOT, dot_stuff
from seg_cli.smtp.wire import Wire
from seg_cli.terms import Reason

T = TypeVar("T")

FORBIDDEN: Final = frozenset("\r\n\0")


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
        self._wire = wire
        self._patience = patience
        self._parser = ReplyParser()
        self._hello: Hello | None = None
        self._failed: Failed | None = None

    @classmethod
    async def over(cls, sock: socket.socket, patience: Patience) -> "SmtpClient":
        """A client over a connected socket, which it owns from now on."""
        return cls(await Wire.over(sock), patience)

    @property
    def usable(self) -> bool:
        """Whether another command makes sense."""
        return self._failed is None

    @property
    def secured(self) -> bool:
        """Whether TLS is on."""
        return self._wire.ssl_object is not None

    # Greeting

    async def greet(self) -> Reply | Failed:
        """The greeting; whatever is not 2yz means: `quit`, next host (TLS-07)."""
        return await self._attempt(self._reply(self._patience.greeting))

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
        if self.secured or self._hello is None or not self._hello.offers("STARTTLS"):
            return TlsFacts(Reason.STARTTLS_NOT_SUPPORTED, behind_220=False)
        reply = await self.command("STARTTLS")
        if isinstance(reply, Failed):
            return TlsFacts(reply.reason, behind_220=False, detail=reply.detail)
        if reply.code != 220:
            return TlsFacts(Reason.STARTTLS_REFUSED, behind_220=False, detail=str(reply))
        if self._parser.pending or self._wire.buffered:  # RFC 3207 s4.2: nothing may follow
            self._give_up(Failed(Reason.STARTTLS_INJECTION))
            return TlsFacts(Reason.STARTTLS_INJECTION)
        return await self._shake_hands(context, server_hostname)

    async def _shake_hands(self, context: ssl.SSLContext, server_hostname: str) -> TlsFacts:
        self._hello = None
        self._parser = ReplyParser()
        try:
            async with asyncio.timeout(self._patience.handshake):
                await self._wire.start_tls(context, server_hostname=server_hostname)
        except (OSError, EOFError) as error:
            reason, detail = handshake_failure(error)
            self._give_up(Failed(reason, detail=detail))
            return TlsFacts(reason, detail=detail)
        assert self._wire.ssl_object is not None
        return established(self._wire.ssl_object)

    # Mail

    async def send(self, sender: str, recipients: tuple[str, ...], message: bytes) -> Transaction:
        """Send one message to the host's share of its recipients; see `Transaction`.

        Line ends and leading dots are put right here (RFC 5321 s4.5.2). A CR, LF or NUL in an
        address raises ValueError: such an address never should have been accepted.
        """
        mail = await self._expect(f"MAIL FROM:<{sender}>", 2)
        if isinstance(mail, Failed) or not mail.is_positive:
            return Transaction(tuple(mail for _ in recipients))
        rcpt = tuple([await self._expect(f"RCPT TO:<{address}>", 2) for address in recipients])
        if not any(isinstance(answer, Reply) and answer.is_positive for answer in rcpt):
            await self.command("RSET")
            return Transaction(rcpt)
        return await self._send_data(rcpt, message)

    async def _send_data(self, rcpt: tuple[Reply | Failed, ...], message: bytes) -> Transaction:
        go_ahead = await self._expect("DATA", 3)
        if isinstance(go_ahead, Failed) or not go_ahead.is_intermediate:
            await self.command("RSET")
            return Transaction.answered(rcpt, go_ahead)
        sent = await self._attempt(self._write_message(message))
        if isinstance(sent, Failed):
            return Transaction.answered(rcpt, sent)
        final = self._understood(await self._attempt(self._reply(self._patience.reply)), 2)
        return Transaction.answered(rcpt, final, dot_sent=True)

    async def _expect(self, line: str, success: int) -> Reply | Failed:
        return self._understood(await self.command(line), success)

    def _understood(self, reply: Reply | Failed, success: int) -> Reply | Failed:
        """The reply if its first digit is `success` or a refusal. Anything else means the two
        ends no longer agree on where they are, and must never pass for a delivery."""
        if isinstance(reply, Failed) or reply.code // 100 in {success, 4, 5}:
            return reply
        return self._give_up(Failed(Reason.PROTOCOL_ERROR, detail=f"unexpected reply {reply}"))

    async def _write_message(self, message: bytes) -> None:
        """Returns once the final dot is with the operating system."""
        self._wire.write(dot_stuff(message) + FINAL_DOT)
        async with asyncio.timeout(self._patience.reply):
            await self._wire.flush()

    # Commands

    async def command(self, line: str) -> Reply | Failed:
        """Any one command and its reply; what ended the connection, if it is not `usable`."""
        if not FORBIDDEN.isdisjoint(line):
            raise ValueError(f"not one line: {line!r}")
        if self._failed is not None:
            return self._failed
        self._wire.write(line.encode("utf-8", "surrogateescape") + b"\r\n")
        return await self._attempt(self._reply(self._patience.reply))

    async def quit(self) -> None:
        """Say goodbye if anybody listens, inside TLS where TLS is on (TLS-09), and close."""
        if self.usable:
            await self.command("QUIT")
        await self.close()

    async def close(self) -> None:
        """Close without a word; waits a bounded time for the peer."""
        self._failed = self._failed or Failed(Reason.DISCONNECTED, detail="closed")
        await self._wire.close()

    async def _reply(self, patience: float) -> Reply:
        async with asyncio.timeout(patience):
            while (reply := self._parser.next_reply()) is None:
                self._parser.feed(await self._wire.read_some())
        if reply.code == 421:  # the host is closing the channel (RFC 5321 s3.8)
            self._failed = Failed(Reason.DISCONNECTED, detail=str(reply))
        return reply

    async def _attempt(self, work: Awaitable[T]) -> T | Failed:
        """The one place where what broke becomes a value."""
        try:
            return await work
        except ProtocolError as error:
            return self._give_up(Failed(Reason.PROTOCOL_ERROR, detail=str(error)))
        except ssl.SSLError as error:
            reason, detail = handshake_failure(error)
            return self._give_up(Failed(reason, detail=detail))
        except (OSError, EOFError) as error:
            return self._give_up(network_failure(error))

    def _give_up(self, failed: Failed) -> Failed:
        self._failed = failed
        self._wire.abort()
        return failed


def parse_keywords(reply: Reply) -> frozenset[str]:
    """The extensions of an EHLO reply: the first word of each line but the first (TLS-01)."""
    return frozenset(words[0].upper() for line in reply.lines[1:] if (words := line.split()))

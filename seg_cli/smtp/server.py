"""An SMTP server: one coroutine per connection, a table of replies, a handler that decides.

The appliance's listener and every mail host of the lab are this server; they differ in their
`ServerProfile` and their `Handler`. Sockets that listen are in listening.py.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final

from seg_cli.net.starttls import established, handshake_failure
from seg_cli.policy.facts import TlsFacts
from seg_cli.smtp.exchange import Ended, Exchange
from seg_cli.smtp.handler import Ending, Envelope, Handler, Queued, Session
from seg_cli.smtp.paths import parse_path
from seg_cli.smtp.profile import Say, ServerProfile, TlsOffer
from seg_cli.smtp.replies import Reply
from seg_cli.smtp.wire import Wire


async def serve_connection(sock: socket.socket, profile: ServerProfile, handler: Handler) -> Ending:
    """Hold one conversation on an accepted socket, which is closed in the end.

    Nothing the peer does raises; what the handler raises does, once the socket is closed.
    """
    try:
        host, port = sock.getpeername()[:2]
        wire = Wire(sock)
    except OSError:  # gone before it was looked at
        sock.close()
        return Ending.LOST
    try:
        exchange = Exchange(wire, profile)
        return await _Conversation(exchange, profile, handler, Session((host, port))).run()
    except (OSError, EOFError):
        return Ending.LOST
    finally:
        await wire.close()


@dataclass(slots=True)
class _Conversation:
    """What stands between two commands."""

    exchange: Exchange
    profile: ServerProfile
    handler: Handler
    session: Session
    sender: str | None = None
    recipients: list[str] = field(default_factory=list)
    bad_commands: int = 0

    async def run(self) -> Ending:
        try:
            await self.exchange.say(self.profile.greeting)
            if not _goes_on(self.profile.greeting, 220):
                return Ending.CLOSED_BY_SERVER
            while True:
                await self.obey(await self.exchange.command())
        except Ended as ended:
            return ended.ending

    async def obey(self, line: str | None) -> None:
        if line is None:
            await self.refuse(self.profile.line_too_long)
            return
        verb, _, argument = line.strip().partition(" ")
        act = VERBS.get(verb.upper())
        if act is None:
            await self.refuse(self.profile.unknown_command)
        else:
            await act(self, argument.strip())

    async def refuse(self, say: Say) -> None:
        """Answer a bad command; one too many ends the connection."""
        self.bad_commands += 1
        too_many = self.bad_commands > self.profile.max_bad_commands
        await self.exchange.say(self.profile.too_many_bad if too_many else say)

    # Greeting

    async def helo(self, name: str) -> None:
        self.greet(name)
        await self.exchange.say(self.profile.helo)

    async def ehlo(self, name: str) -> None:
        self.greet(name)
        say = self.profile.ehlo
        if isinstance(say, Reply) and say.is_positive:
            say = Reply(say.code, say.lines + self.announced())
        await self.exchange.say(say, {"max_size": str(self.profile.max_size)})

    def announced(self) -> tuple[str, ...]:
        offers_tls = self.profile.tls is not None and self.session.tls is None
        return self.profile.extensions + (("STARTTLS",) if offers_tls else ())

    def greet(self, name: str) -> None:
        self.session = replace(self.session, hello=name)
        self.forget_message()

    # TLS

    async def starttls(self, argument: str) -> None:
        offer = self.profile.tls
        if offer is None or self.session.tls is not None:
            await self.refuse(self.profile.unknown_command)
        elif argument:
            await self.refuse(self.profile.syntax_error)
        elif self.exchange.wire.buffered:  # it must be the last of a group (RFC 3207 s4.2)
            await self.refuse(self.profile.pipelined_starttls)
        else:
            await self.exchange.say(self.profile.starttls)
            if _goes_on(self.profile.starttls, 220):
                await self.shake_hands(offer)

    async def shake_hands(self, offer: TlsOffer) -> None:
        """Begin TLS and forget all that was said before it (RFC 3207 s4.2)."""
        wire = self.exchange.wire
        try:
            async with asyncio.timeout(self.profile.handshake):
                await wire.accept_tls(offer.context)
        except (OSError, EOFError) as error:
            reason, detail = handshake_failure(error)
            await self.handler.secured(self.session, TlsFacts(reason, detail=detail))
            raise Ended(Ending.TLS_FAILED) from None
        assert wire.ssl_object is not None
        facts = established(wire.ssl_object)
        sni = offer.name_asked_by(wire.ssl_object)
        self.session = Session(self.session.peer, tls=facts, sni=sni)
        self.forget_message()
        refusal = await self.handler.secured(self.session, facts)
        if refusal is not None:
            await self.exchange.say(refusal)
            raise Ended(Ending.CLOSED_BY_SERVER)

    # The message

    async def mail(self, argument: str) -> None:
        path = parse_path("FROM:", argument)
        if path is None:
            await self.refuse(self.profile.syntax_error)
        elif self.sender is not None:
            await self.refuse(self.profile.sender_already_given)
        elif path.size > self.profile.max_size:
            await self.exchange.say(self.profile.too_large)
        else:
            say = await self.handler.sender(self.session, path.address) or self.profile.sender_ok
            if _goes_on(say, 250):
                self.sender = path.address
            await self.exchange.say(say, {"address": path.address})

    async def rcpt(self, argument: str) -> None:
        path = parse_path("TO:", argument)
        if path is None or not path.address:
            await self.refuse(self.profile.syntax_error)
        elif self.sender is None:
            await self.refuse(self.profile.no_sender)
        elif len(self.recipients) >= self.profile.max_recipients:
            await self.exchange.say(self.profile.too_many_recipients)
        else:
            address = path.address
            say = await self.handler.recipient(self.session, address) or self.profile.recipient_ok
            if _goes_on(say, 250):
                self.recipients.append(address)
            await self.exchange.say(say, {"address": address})

    async def data(self, _: str) -> None:
        if self.sender is None:
            await self.refuse(self.profile.no_sender)
        elif not self.recipients:
            await self.refuse(self.profile.no_recipient)
        else:
            await self.exchange.say(self.profile.go_ahead)
            if _goes_on(self.profile.go_ahead, 354):
                await self.take_message(Envelope(self.sender, tuple(self.recipients)))

    async def take_message(self, envelope: Envelope) -> None:
        data = await self.exchange.message()
        self.forget_message()
        if not isinstance(data, bytes):
            await self.exchange.say(data)
            return
        match await self.handler.message(self.session, envelope, data):
            case Queued(id):
                await self.exchange.say(self.profile.queued, {"id": id})
            case said:
                await self.exchange.say(said)

    def forget_message(self) -> None:
        self.sender = None
        self.recipients = []

    # The rest

    async def rset(self, _: str) -> None:
        self.forget_message()
        await self.exchange.say(self.profile.reset)

    async def noop(self, _: str) -> None:
        await self.exchange.say(self.profile.noop)

    async def vrfy(self, _: str) -> None:
        await self.exchange.say(self.profile.vrfy)

    async def help(self, _: str) -> None:
        await self.exchange.say(self.profile.help)

    async def quit(self, _: str) -> None:
        await self.exchange.say(self.profile.bye)
        raise Ended(Ending.QUIT)


VERBS: Final[dict[str, Callable[[_Conversation, str], Awaitable[None]]]] = {
    "HELO": _Conversation.helo,
    "EHLO": _Conversation.ehlo,
    "STARTTLS": _Conversation.starttls,
    "MAIL": _Conversation.mail,
    "RCPT": _Conversation.rcpt,
    "DATA": _Conversation.data,
    "RSET": _Conversation.rset,
    "NOOP": _Conversation.noop,
    "VRFY": _Conversation.vrfy,
    "HELP": _Conversation.help,
    "QUIT": _Conversation.quit,
}


def _goes_on(say: Say, code: int) -> bool:
    """Whether the conversation goes on as after `code`; a scripted answer stands for it."""
    return not isinstance(say, Reply) or say.code == code

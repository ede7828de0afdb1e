"""What an SMTP server says: the table in which the appliance's listener and a lab host differ.

Replies are templates; the fields they may use stand beside each entry. A `Scripted` entry does
what no honest server does: it sends any bytes, then goes on, hangs or cuts the connection.
"""
# A Reply is frozen, so every profile may share the default one.
# ruff: noqa: RUF009

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from weakref import WeakKeyDictionary

from seg_cli.smtp.replies import Reply


class Then(Enum):
    """What follows a scripted answer."""

    GO_ON = auto()
    CLOSE = auto()
    RESET = auto()
    HANG = auto()
    CLOSE_AT_NEXT = auto()
    """Close at whatever the client sends next."""


@dataclass(frozen=True, slots=True)
class Scripted:
    """Bytes as they are, and what the server does after them.

    After STARTTLS, GO_ON means: shake hands, as behind an honest 220.
    """

    data: bytes = b""
    then: Then = Then.GO_ON


Say = Reply | Scripted


class TlsOffer:
    """TLS as a server: its context, other contexts by the name asked for, and who asked for what.

    Owns the `sni_callback` of the context; offer one context once.
    """

    def __init__(
        self, context: ssl.SSLContext, by_name: Mapping[str, ssl.SSLContext] | None = None
    ) -> None:
        self.context = context
        self._by_name = dict(by_name or {})
        self._asked: WeakKeyDictionary[ssl.SSLObject, str] = WeakKeyDictionary()
        context.sni_callback = self._name_asked

    def name_asked_by(self, ssl_object: ssl.SSLObject) -> str:
        """The name in the client's SNI; empty if it sent none."""
        return self._asked.get(ssl_object, "")

    def _name_asked(
        self, ssl_object: ssl.SSLSocket | ssl.SSLObject, name: str | None, _: ssl.SSLContext
    ) -> None:
        if name is None or not isinstance(ssl_object, ssl.SSLObject):
            return
        self._asked[ssl_object] = name
        if (other := self._by_name.get(name.lower())) is not None:
            ssl_object.context = other


@dataclass(frozen=True, slots=True)
class ServerProfile:
    """One server: its name, its replies, its limits, and TLS if it offers it.

    Every template may use {hostname}; further fields are noted at the entry. STARTTLS is
    announced when `tls` is given. `idle` and `handshake` are real seconds: how long it waits for a
    command or a message (RFC 5321 s4.5.3.2.7 says five minutes), and for the handshake.
    """

    hostname: str
    tls: TlsOffer | None = None
    extensions: tuple[str, ...] = ("8BITMIME", "SIZE {max_size}")  # {max_size}
    max_size: int = 10 * 1024 * 1024
    max_recipients: int = 1000  # RFC 5321 s4.5.3.1.8 asks for 100 at least
    max_bad_commands: int = 5
    idle: float = 300.0
    handshake: float = 30.0

    greeting: Say = Reply.parse("220 {hostname} ESMTP")
    helo: Say = Reply.parse("250 {hostname}")
    ehlo: Say = Reply.parse("250 {hostname}")  # its line is followed by `extensions`
    starttls: Say = Reply.parse("220 Go ahead with TLS")
    sender_ok: Say = Reply.parse("250 sender <{address}> ok")  # {address}
    recipient_ok: Say = Reply.parse("250 recipient <{address}> ok")  # {address}
    go_ahead: Say = Reply.parse("354 go ahead")
    queued: Say = Reply.parse("250 ok: Message {id} accepted")  # {id}
    reset: Say = Reply.parse("250 reset")
    noop: Say = Reply.parse("250 ok")
    vrfy: Say = Reply.parse("252 cannot verify, will accept")
    help: Say = Reply.parse("214 ehlo helo mail rcpt data rset noop vrfy help quit")
    bye: Say = Reply.parse("221 {hostname}")

    unknown_command: Say = Reply.parse("500 #5.5.1 command not recognized")
    syntax_error: Say = Reply.parse("501 #5.5.2 syntax error")
    no_sender: Say = Reply.parse("503 #5.5.1 MAIL first")
    no_recipient: Say = Reply.parse("503 #5.5.1 RCPT first")
    sender_already_given: Say = Reply.parse("503 #5.5.1 sender already given")
    line_too_long: Say = Reply.parse("500 #5.5.0 line too long")
    too_many_recipients: Say = Reply.parse("452 #4.5.3 too many recipients")
    pipelined_starttls: Say = Reply.parse("503 #5.5.1 nothing may follow STARTTLS")
    bare_line_end: Say = Reply.parse("554 #5.6.0 bare CR or LF in message")
    too_large: Say = Reply.parse("552 #5.3.4 message size exceeds limit")
    too_many_bad: Say = Reply.parse("421 Exceeded bad SMTP command limit, disconnecting")
    timeout: Say = Reply.parse("421 {hostname} timeout waiting for input, closing connection")

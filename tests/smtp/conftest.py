"""A mail host on loopback for every test that needs one, and clients for it."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from seg_cli.net.world import LAB_PATIENCE, Patience
from seg_cli.policy.facts import TlsFacts
from seg_cli.smtp.client import SmtpClient
from seg_cli.smtp.handler import Ending, Envelope, Queued, Session
from seg_cli.smtp.listening import Listening, Serve
from seg_cli.smtp.profile import Say, ServerProfile
from seg_cli.smtp.server import serve_connection
from tests.smtp.certificates import server_context

IMPATIENT = Patience(connect=0.1, greeting=0.1, reply=0.1, handshake=0.1)
"""For tests in which a time-out is the point."""


class MailHost:
    """A handler that accepts everything but what `answers` names, and remembers all."""

    def __init__(self, profile: ServerProfile, answers: dict[str, Say]) -> None:
        self.profile = profile
        self.answers = answers
        self.sessions: list[Session] = []
        self.handshakes: list[TlsFacts] = []
        self.messages: list[tuple[Envelope, bytes]] = []
        self.endings: asyncio.Queue[Ending] = asyncio.Queue()
        self.address = ("", 0)

    async def serve(self, sock: socket.socket) -> None:
        self.endings.put_nowait(await serve_connection(sock, self.profile, self))

    async def ending(self) -> Ending:
        """How the next connection to end ended."""
        async with asyncio.timeout(5):
            return await self.endings.get()

    async def secured(self, session: Session, facts: TlsFacts) -> None:
        self.sessions.append(session)
        self.handshakes.append(facts)

    async def sender(self, session: Session, sender: str) -> Say | None:
        self.sessions.append(session)
        return self.answers.get(sender)

    async def recipient(self, _session: Session, recipient: str) -> Say | None:
        return self.answers.get(recipient)

    async def message(self, _session: Session, envelope: Envelope, data: bytes) -> Queued | Say:
        self.messages.append((envelope, data))
        return self.answers.get("message", Queued(str(len(self.messages))))

    async def dial(self, patience: Patience = LAB_PATIENCE) -> SmtpClient:
        """A client that has not yet read the greeting."""
        return SmtpClient.over(connected(self.address), patience)

    async def greeted(self, patience: Patience = LAB_PATIENCE) -> SmtpClient:
        """A client behind greeting and EHLO."""
        client = await self.dial(patience)
        await client.greet()
        await client.ehlo("client.example")
        return client


def connected(address: tuple[str, int]) -> socket.socket:
    sock = socket.create_connection(address)
    sock.setblocking(False)
    return sock


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[tuple[str, int]]:
    """A peer that does whatever `serve` does with a connection; it may not meet a bug."""
    bugs: list[BaseException] = []
    peer = Listening("test", serve, lambda _, bug: bugs.append(bug))
    try:
        yield peer.start()
    finally:
        await peer.stop()
    assert bugs == []


HostFactory = Callable[..., Awaitable[MailHost]]


@pytest.fixture
async def mail_host() -> AsyncIterator[HostFactory]:
    """Starts mail hosts; all are stopped, and none may have met a bug."""
    async with AsyncExitStack() as started:

        async def start(
            profile: ServerProfile | None = None, answers: dict[str, Say] | None = None
        ) -> MailHost:
            empty: dict[str, Say] = {}
            host = MailHost(
                profile or ServerProfile("mx.example.com"), empty if answers is None else answers
            )
            host.address = await started.enter_async_context(listening(host.serve))
            return host

        yield start


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    return server_context(tmp_path)

"""Peers on loopback that end with the test."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.net.name_server import Datagrams, NameServerPeer, Script, bind_pair

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
ServeNames = Callable[..., Awaitable[NameServerPeer]]


class Listening:
    """TCP services on loopback. Each connection is a task of ours: asyncio's own would print
    an exception when it is cancelled at the end."""

    def __init__(self) -> None:
        self._servers: list[asyncio.Server] = []
        self._conversations: set[asyncio.Future[None]] = set()

    async def open(self, serve: Serve, context: ssl.SSLContext | None = None) -> int:
        """The port of a new service."""
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        await self.open_at(sock, serve, context)
        port: int = sock.getsockname()[1]
        return port

    async def open_at(
        self, sock: socket.socket, serve: Serve, context: ssl.SSLContext | None = None
    ) -> None:
        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            conversation = asyncio.ensure_future(serve(reader, writer))
            self._conversations.add(conversation)
            conversation.add_done_callback(self._conversations.discard)

        self._servers.append(await asyncio.start_server(begin, sock=sock, ssl=context))

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        for conversation in self._conversations:
            conversation.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)


@pytest.fixture
async def listening() -> AsyncIterator[Listening]:
    services = Listening()
    yield services
    await services.close()


async def open_name_server(listening: Listening, peer: NameServerPeer) -> asyncio.DatagramTransport:
    """Let a peer answer on a port of its own, until this and `listening` are closed."""
    udp, tcp = bind_pair()
    peer.port = udp.getsockname()[1]
    loop = asyncio.get_running_loop()
    datagrams, _ = await loop.create_datagram_endpoint(lambda: Datagrams(peer), sock=udp)
    await listening.open_at(tcp, peer.answer_tcp)
    return datagrams


@pytest.fixture
async def serve_names(listening: Listening) -> AsyncIterator[ServeNames]:
    """Starts name servers that follow the scripts for UDP and TCP."""
    transports: list[asyncio.DatagramTransport] = []

    async def serve(script: Script, over_tcp: Script | None = None) -> NameServerPeer:
        peer = NameServerPeer(script, over_tcp or {})
        transports.append(await open_name_server(listening, peer))
        return peer

    yield serve
    for transport in transports:
        transport.close()

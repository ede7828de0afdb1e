"""Peers on loopback that end with the test."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from tests.net.name_server import Datagrams, NameServerPeer, Script, bind_pair

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
ServeNames = Callable[..., Awaitable[NameServerPeer]]


@pytest.fixture
async def serve_names() -> AsyncIterator[ServeNames]:
    """Starts name servers that follow the scripts for UDP and TCP."""
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:

        async def serve(script: Script, over_tcp: Script | None = None) -> NameServerPeer:
            udp, tcp = bind_pair()
            peer = NameServerPeer(script, over_tcp or {}, port=udp.getsockname()[1])
            datagrams, _ = await loop.create_datagram_endpoint(lambda: Datagrams(peer), sock=udp)
            stack.callback(datagrams.close)
            await stack.enter_async_context(await asyncio.start_server(peer.answer_tcp, sock=tcp))
            return peer

        yield serve


class Listening:
    """Opens TCP services on loopback ports of their own, all closed with the test."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    async def open(self, serve: Serve, context: ssl.SSLContext | None = None) -> int:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        await self._stack.enter_async_context(server)
        port: int = server.sockets[0].getsockname()[1]
        return port


@pytest.fixture
async def listening() -> AsyncIterator[Listening]:
    async with AsyncExitStack() as stack:
        yield Listening(stack)

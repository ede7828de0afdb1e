"""Peers on loopback that end with the test."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from tests.net.name_server import Datagrams, NameServerPeer, Script, bind_pair

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

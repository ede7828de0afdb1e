"""The lab's HTTP proxy: CONNECT (RFC 9110 s9.3.6), and bytes both ways."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass

from seg_cli.lab.addresses import Socket
from seg_cli.lab.http import Response, read_request
from seg_cli.lab.journal import Journal, Tunnel
from seg_cli.lab.streams import Streams, clear_text, connected

CHUNK = 65_536

Locate = Callable[[str, int], Socket | None]
"""The socket behind a name and port, looked up by the proxy itself; None for an unknown name."""


@dataclass(frozen=True, slots=True)
class ConnectProxy:
    """A proxy that opens a tunnel to any host of the lab."""

    locate: Locate
    journal: Journal

    async def serve(self, sock: socket.socket) -> None:
        """One CONNECT, then the tunnel until both sides have ended it or one has broken it."""
        async with clear_text(sock) as near:
            request = await read_request(near.reader)
            host, _, port = request.target.rpartition(":")
            if request.method != "CONNECT":
                near.writer.write(Response(405).whole)
            elif not host or not (port.isascii() and port.isdigit()):
                near.writer.write(Response(400).whole)
            else:
                await self._connect(near, Tunnel(host, int(port)))

    async def _connect(self, near: Streams, tunnel: Tunnel) -> None:
        self.journal.tunnels.append(tunnel)
        target = self.locate(tunnel.host, tunnel.port)
        if target is None:
            near.writer.write(Response(502).whole)
            return
        try:
            async with connected(*target) as far:
                near.writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await _relay(near, far)
        except ConnectionRefusedError:
            near.writer.write(Response(502).whole)


async def _relay(near: Streams, far: Streams) -> None:
    ways = [
        asyncio.ensure_future(_copy(near.reader, far.writer)),
        asyncio.ensure_future(_copy(far.reader, near.writer)),
    ]
    try:
        await asyncio.gather(*ways)
    finally:
        for way in ways:
            way.cancel()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()
    writer.write_eof()

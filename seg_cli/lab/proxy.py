"""The lab's HTTP proxy: CONNECT, and bytes both ways."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from seg_cli.lab.journal import Journal, Tunnel
from seg_cli.lab.policy_host import read_headers

CHUNK = 65_536

Dial = Callable[[str, int], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]
"""Resolves a name of the lab and connects to it; raises OSError."""


@dataclass(frozen=True, slots=True)
class ConnectProxy:
    """A proxy that opens a tunnel to any host of the lab."""

    dial: Dial
    journal: Journal

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One CONNECT, then the tunnel until either side ends it."""
        try:
            request = (await reader.readline()).decode("latin-1").split()
            await read_headers(reader)
            method, target, *_ = request
            host, _, port = target.rpartition(":")
            number = int(port)
        except (OSError, ValueError):
            return
        if method != "CONNECT":
            writer.write(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
            return
        self.journal.tunnels.append(Tunnel(host, number))
        try:
            far_reader, far_writer = await self.dial(host, number)
        except OSError:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))
        finally:
            far_writer.close()


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Everything from one side to the other."""
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        return

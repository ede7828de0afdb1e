"""The running servers of a lab: started one by one on loopback, stopped together."""

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress

from seg_cli.lab.addresses import LOOPBACK, Socket
from seg_cli.lab.nameserver import NameServer
from seg_cli.lab.sockets import udp_socket
from seg_cli.smtp.listening import Listening

Serve = Callable[[socket.socket], Awaitable[None]]
"""Holds one conversation on an accepted socket; OSError and EOFError say that the peer ended it."""


class Servers:
    """What runs; belongs to the loop that it is used in."""

    def __init__(self) -> None:
        self._listening: list[Listening] = []
        self._datagrams: list[asyncio.DatagramTransport] = []

    def tcp(self, serve: Serve, port: int = 0) -> Socket:
        """Serve each connection in a task of its own; returns the socket that listens."""

        async def serve_quietly(sock: socket.socket) -> None:
            with suppress(OSError, EOFError):  # what a client does is no bug of the lab
                await serve(sock)

        listening = Listening("lab", serve_quietly, _report)
        own = listening.start(LOOPBACK, port)
        self._listening.append(listening)
        return own

    async def resolver(self, resolver: NameServer) -> Socket:
        """UDP and TCP on one port: its other half may be taken, so try until both are free."""
        while True:
            with ExitStack() as stack:
                udp = udp_socket(stack)
                own: Socket = udp.getsockname()
                try:
                    self.tcp(resolver.serve, own[1])
                except OSError as refusal:
                    if refusal.errno != errno.EADDRINUSE:
                        raise
                    continue
                stack.pop_all()
            loop = asyncio.get_running_loop()
            transport, _ = await loop.create_datagram_endpoint(lambda: resolver, sock=udp)
            self._datagrams.append(transport)
            return own

    async def stop(self) -> None:
        """End every server and connection; takes as long as a peer may take to close."""
        for transport in self._datagrams:
            transport.abort()
        await asyncio.gather(*(listening.stop() for listening in self._listening))


def _report(name: str, bug: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler(
        {"message": f"a bug in {name}", "exception": bug}
    )

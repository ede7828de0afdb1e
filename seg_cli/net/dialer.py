"""The dialler: a TCP connection to one address of a mail host."""

import asyncio
import socket

from seg_cli.net.failures import network_failure
from seg_cli.net.world import World
from seg_cli.policy.facts import Failed


async def dial(world: World, address: str, port: int) -> socket.socket | Failed:
    """A connected, non-blocking socket, which the caller owns and closes.

    `address` is an IPv4 or IPv6 literal as DNS gave it; `world.where` says what is really dialled.
    Failed (TIMED_OUT after `world.patience.connect`, REFUSED, UNREACHABLE) means: next host.
    """
    host, real_port = world.where(address, port)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return await _connected(family, (host, real_port), world.patience.connect)
    except OSError as error:
        return network_failure(error)


async def _connected(
    family: socket.AddressFamily, where: tuple[str, int], patience: float
) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        async with asyncio.timeout(patience):
            await asyncio.get_running_loop().sock_connect(sock, where)
    except BaseException:
        sock.close()
        raise
    return sock

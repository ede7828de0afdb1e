"""The dialler: a TCP connection to one address of a mail host."""

import asyncio
import errno
import os
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
        problem = sock.connect_ex(where)
        if problem == errno.EINPROGRESS:
            await _writable(sock, patience)
            problem = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        _check(problem)
    except BaseException:
        sock.close()
        raise
    return sock


def _check(problem: int) -> None:
    if problem:
        raise OSError(problem, os.strerror(problem))


async def _writable(sock: socket.socket, patience: float) -> None:
    """Wait until the connection is made or refused; TimeoutError after so many seconds.

    `loop.sock_connect` under `asyncio.timeout` does the same with more steps.
    """
    loop = asyncio.get_running_loop()
    done, fd = loop.create_future(), sock.fileno()
    loop.add_writer(fd, _settle, done, None)
    timer = loop.call_later(patience, _settle, done, TimeoutError())
    try:
        await done
    finally:
        timer.cancel()
        loop.remove_writer(fd)


def _settle(done: "asyncio.Future[None]", error: Exception | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)

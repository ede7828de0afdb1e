"""Servers of the lab that meet a taken port, and bugs of their own."""

import asyncio
import errno
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from seg_cli.lab.ca import CertificateAuthority
from seg_cli.lab.journal import Journal
from seg_cli.lab.nameserver import NameServer
from seg_cli.lab.servers import Serve, Servers
from seg_cli.lab.spec import LabSpec
from seg_cli.lab.zones import Zones
from tests.lab.conftest import NOW


class Crowded(Servers):
    """Where the first TCP port of a pair is always taken by somebody else."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[int] = []
        self.first_error = OSError(errno.EADDRINUSE, "taken")

    def tcp(self, serve: Serve, port: int = 0) -> tuple[str, int]:
        if not self.refused:
            self.refused.append(port)
            raise self.first_error
        return super().tcp(serve, port)


@pytest.fixture
def resolver(tmp_path: Path) -> NameServer:
    authority = CertificateAuthority(tmp_path, lambda: NOW)
    return NameServer("10.10.5.61", lambda: Zones(LabSpec("empty"), authority), Journal())


async def test_a_resolver_tries_until_both_halves_of_a_port_are_free(resolver: NameServer) -> None:
    servers = Crowded()
    _, port = await servers.resolver(resolver)
    assert servers.refused
    with socket.create_connection(("127.0.0.1", port)):
        await servers.stop()


async def test_any_other_error_ends_the_bring_up(resolver: NameServer) -> None:
    servers = Crowded()
    servers.first_error = PermissionError(errno.EACCES, "forbidden")
    with pytest.raises(PermissionError):
        await servers.resolver(resolver)
    await servers.stop()


def listen_to_bugs(into: list[object]) -> Callable[[asyncio.AbstractEventLoop, object], None]:
    return lambda _, context: into.append(context)


async def test_a_bug_ends_its_connection_and_is_told_to_the_loop() -> None:
    async def serve(_: socket.socket) -> None:
        raise ZeroDivisionError

    told: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(listen_to_bugs(told))
    servers = Servers()
    address = servers.tcp(serve)
    with socket.create_connection(address) as peer:
        peer.setblocking(False)
        assert await loop.sock_recv(peer, 1) == b""
    await servers.stop()
    assert "ZeroDivisionError" in str(told)

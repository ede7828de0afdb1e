"""Starting and stopping a listening socket."""

import asyncio
import socket
import ssl

import pytest

from seg_cli.net.starttls import client_context
from seg_cli.smtp.listening import Limit, Listening
from seg_cli.smtp.profile import ServerProfile, TlsOffer
from tests.smtp.conftest import HostFactory, MailHost, connected


async def test_stopping_ends_open_connections_at_once(tls: ssl.SSLContext) -> None:
    host = MailHost(ServerProfile("mx.example.com", tls=TlsOffer(tls)), {})
    listening = Listening("test", host.serve, lambda *_: None)
    host.address = listening.start()
    plain, secured = await host.greeted(), await host.greeted()
    assert (await secured.start_tls(client_context(), "mx.example.com")).refusal is None
    await secured.ehlo("client.example")
    assert listening.connections == 2
    async with asyncio.timeout(5):
        await listening.stop()
    assert listening.connections == 0
    with pytest.raises(ConnectionRefusedError):
        connected(host.address)
    plain.close()
    secured.close()


async def test_a_bug_ends_its_own_connection_only(mail_host: HostFactory) -> None:
    bugs: list[str] = []

    async def serve(sock: socket.socket) -> None:
        with sock:
            raise ZeroDivisionError

    listening = Listening("test", serve, lambda name, bug: bugs.append(f"{name} {bug!r}"))
    address = listening.start()
    for _ in range(2):
        with connected(address) as sock:
            assert await asyncio.get_running_loop().sock_recv(sock, 1) == b""
    await listening.stop()
    assert len(bugs) == 2
    assert bugs[0].startswith("test 127.0.0.1:")
    assert bugs[0].endswith("ZeroDivisionError()")


async def test_a_connection_that_nobody_served_yet_is_closed() -> None:
    served: list[socket.socket] = []

    async def serve(sock: socket.socket) -> None:
        served.append(sock)

    listening = Listening("test", serve, lambda *_: None)
    with connected(listening.start()) as peer:
        assert listening._sock is not None
        listening._accept(listening._sock)
        assert listening.connections == 1
        await listening.stop()
        assert served == []
        assert await asyncio.get_running_loop().sock_recv(peer, 1) == b""


async def test_ipv6() -> None:
    listening = Listening("test", MailHost(ServerProfile("mx"), {}).serve, lambda *_: None)
    try:
        host, _ = listening.start("::1")
    except OSError:
        pytest.skip("no IPv6 on this machine")
    assert host == "::1"
    await listening.stop()


async def test_one_connection_too_many_is_refused() -> None:
    host = MailHost(ServerProfile("mx.example.com"), {})
    limit = Limit(1, b"421 too many\r\n")
    listening = Listening("test", host.serve, lambda *_: None, limit)
    host.address = listening.start()
    first = await host.greeted()
    with connected(host.address) as sock:
        async with asyncio.timeout(5):
            loop = asyncio.get_running_loop()
            assert await loop.sock_recv(sock, 100) == b"421 too many\r\n"
            assert await loop.sock_recv(sock, 100) == b""
    await first.quit()
    await host.ending()
    second = await host.greeted()
    await second.quit()
    await listening.stop()

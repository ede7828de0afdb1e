"""Dialling: every way a connection can fail to come about is a value."""

import errno
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from seg_cli.net.chooser import SecretChooser
from seg_cli.net.clock import SteppedClock
from seg_cli.net.dialer import dial
from seg_cli.net.failures import network_failure
from seg_cli.net.world import Patience, World
from seg_cli.policy.facts import Failed
from seg_cli.terms import Reason

MX = "192.0.2.25"


def world_leading_to(address: tuple[str, int], connect: float = 1.0) -> World:
    return World(
        clock=SteppedClock(datetime(2024, 9, 26, tzinfo=UTC)),
        patience=Patience(connect=connect),
        chooser=SecretChooser(),
        system_roots=(),
        where=lambda _host, _port: address,
        whence=lambda host, _port: host,
    )


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        yield listener


async def test_where_decides_what_is_dialled(listener: socket.socket) -> None:
    found = await dial(world_leading_to(listener.getsockname()), MX, 25)
    assert isinstance(found, socket.socket)
    with found:
        assert found.getpeername() == listener.getsockname()
        assert found.gettimeout() == 0.0


async def test_ipv6() -> None:
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 on this machine")
    with listener:
        host, port = listener.getsockname()[:2]
        found = await dial(world_leading_to((host, port)), "2001:db8::25", 25)
        assert isinstance(found, socket.socket)
        found.close()


async def test_nobody_listens() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        failed = await dial(world_leading_to(bound.getsockname()), MX, 25)
    assert failed == Failed(Reason.REFUSED, detail="[Errno 111] Connection refused")


async def test_a_full_backlog_answers_nothing(listener: socket.socket) -> None:
    waiting = []
    for _ in range(2):
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(listener.getsockname())
        waiting.append(one)
    failed = await dial(world_leading_to(listener.getsockname(), connect=0.1), MX, 25)
    for one in waiting:
        one.close()
    assert failed == Failed(Reason.TIMED_OUT, detail="timeout")


@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        pytest.param(TimeoutError(), Reason.TIMED_OUT, "timeout", id="our own patience"),
        pytest.param(EOFError(), Reason.DISCONNECTED, "EOF", id="end of file"),
        pytest.param(ConnectionResetError(), Reason.DISCONNECTED, "EOF", id="asyncio's own word"),
        pytest.param(
            OSError(errno.ECONNRESET, "Connect call failed ('127.0.0.1', 40001)"),
            Reason.DISCONNECTED,
            "[Errno 104] Connection reset by peer",
            id="socket addresses stay out of the words",
        ),
        pytest.param(
            OSError(errno.ENETUNREACH, ""),
            Reason.UNREACHABLE,
            "[Errno 101] Network is unreachable",
            id="no route",
        ),
        pytest.param(
            OSError(errno.ETIMEDOUT, ""),
            Reason.TIMED_OUT,
            "[Errno 110] Connection timed out",
            id="the system's patience",
        ),
    ],
)
def test_failures_in_words(error: OSError | EOFError, reason: Reason, detail: str) -> None:
    assert network_failure(error) == Failed(reason, temporary=True, detail=detail)

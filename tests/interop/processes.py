"""Foreign programs as processes on loopback, each ended by who started it."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

PATH = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"
"""Debian keeps servers in sbin, which the path of a plain user leaves out."""

PEERS = Path(__file__).parents[2] / ".venv-interop" / "bin"
"""Programs of PyPI have an environment of their own (requirements-interop.lock)."""

PATIENCE = 20.0
"""Real seconds that a program may take to be ready, or to end."""


_FIRST, _COUNT = 20_000, 12_000
_PORTS = iter([_FIRST + (os.getpid() * 31 + number) % _COUNT for number in range(_COUNT)])
"""Below those that the system gives to clients (ip_local_port_range); each is tried once."""


ROOT = "root's rights"
"""Postfix is started by root only."""


def is_there(need: str) -> bool:
    """Whether a tool can have what it needs."""
    return os.geteuid() == 0 if need == ROOT else program(need) is not None


@cache
def program(name: str) -> str | None:
    """Where a program is, None if it is not installed."""
    return shutil.which(name, path=f"{PEERS}:{PATH}")


def command(name: str, *words: object) -> list[str]:
    """A command line; the program must be there."""
    path = program(name)
    assert path is not None
    return [path, *map(str, words)]


def output_of(name: str, *words: object) -> str:
    """What a program that must succeed prints."""
    done = subprocess.run(command(name, *words), check=True, capture_output=True, text=True)
    return done.stdout


def output_in(directory: Path, name: str, *words: object) -> str:
    """The same of a program that works in a directory."""
    done = subprocess.run(
        command(name, *words), check=True, capture_output=True, text=True, cwd=directory
    )
    return done.stdout


def free_port() -> int:
    """A port of loopback that nothing has, over TCP and UDP, at the moment, and that no client
    gets by chance before the server that it is meant for."""
    for port in _PORTS:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("no port is free")


@contextmanager
def server(words: Sequence[str], port: int) -> Iterator[None]:
    """A server that stays in the foreground, from the moment its TCP port answers."""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        try:
            wait_for(child, port)
            yield
        finally:
            child.terminate()
            child.communicate(timeout=PATIENCE)


def wait_for(child: "subprocess.Popen[bytes]", port: int) -> None:
    """Until something listens at the port; what the program said, if it ended before."""
    for _ in range(int(PATIENCE * 20)):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            try:
                said, _ = child.communicate(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            raise RuntimeError(f"{child.args!r} ended: {said.decode()}") from None
        else:
            return
    raise RuntimeError(f"{child.args!r} does not listen.")

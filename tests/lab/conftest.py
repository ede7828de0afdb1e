"""Labs for tests, and the foreign clients that look at them from outside."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from seg_cli.lab.internet import Lab
from seg_cli.lab.reading import load_spec, parse_spec

NOTE = "tech-note-222782"
NOW = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME: OpenSSL judges by the machine's clock, the lab is in 2024."""

DEADLINE = 5.0
"""Real seconds that no honest step of these tests comes near."""


class OpenLab(Protocol):
    """Opens the lab of the tech note, with tables laid over it."""

    def __call__(self, **over: object) -> Lab: ...


@pytest.fixture
def open_lab(tmp_path: Path) -> Iterator[OpenLab]:
    with ExitStack() as stack:

        def enter(**over: object) -> Lab:
            spec = parse_spec({"like": NOTE, **over}) if over else load_spec(NOTE)
            return stack.enter_context(Lab(spec, tmp_path / "lab", lambda: NOW))

        yield enter


@pytest.fixture
def lab(open_lab: OpenLab) -> Lab:
    return open_lab()


@pytest.fixture(autouse=True)
def nothing_goes_wrong_unseen(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A bug in a server of the lab ends only its connection: the loop tells it to the log."""
    yield
    assert [record.getMessage() for record in caplog.records] == []


def trusting(lab: Lab) -> ssl.SSLContext:
    """A client that trusts the lab's root and nobody else, and checks names."""
    context = ssl.create_default_context(cadata=root_of(lab))
    context.verify_flags |= NO_CHECK_TIME
    return context


def root_of(lab: Lab) -> bytes:
    return lab._authority.root_der


def dial(lab: Lab, address: str, port: int, patience: float = DEADLINE) -> socket.socket:
    return socket.create_connection(lab.where(address, port), timeout=patience)

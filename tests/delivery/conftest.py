"""A journal on a fresh disk, and a second look at what it left there."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from seg_cli.delivery.journal import Journal
from tests.smtp.certificates import server_context

Reopen = Callable[[], Journal]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite3"


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    """What a mail host offers."""
    return server_context(tmp_path)


@pytest.fixture
def journal(state: Path) -> Iterator[Journal]:
    journal = Journal(state)
    yield journal
    journal.close()


@pytest.fixture
def reopen(state: Path) -> Iterator[Reopen]:
    """Opens the same file once more, as the next start after a kill does."""
    with ExitStack() as opened:

        def open_again() -> Journal:
            again = Journal(state)
            opened.callback(again.close)
            return again

        yield open_again

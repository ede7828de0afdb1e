"""An appliance directory, and configurations to change it by."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seg_cli.config.store import ConfigStore
from seg_cli.config.tree import Config

NOW = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)


def greeting(hostname: str) -> str:
    return f"Welcome\n{hostname}> "


def opened(directory: Path) -> ConfigStore:
    return ConfigStore.open(directory, lambda: Config(hostname="mail.lab.example"), NOW, greeting)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "store" / "mail.lab.example"


@pytest.fixture
def store(directory: Path) -> Iterator[ConfigStore]:
    with opened(directory) as store:
        yield store

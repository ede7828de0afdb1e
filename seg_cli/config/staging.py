"""What one login has changed and not committed yet."""

from typing import Protocol

from seg_cli.config.changes import overlay
from seg_cli.config.tree import Config
from seg_cli.config.versions import ConfigVersion


class Committed(Protocol):
    """Where commits go; `current` is the latest."""

    @property
    def current(self) -> ConfigVersion: ...


class StagedConfig:
    """One login's configuration: the commit it began from, and what it is now.

    The base moves only when told: a dialogue that reads, asks and stages must not put what it
    read over what another login committed meanwhile.
    """

    def __init__(self, committed: Committed) -> None:
        self._committed = committed
        self.clear()

    @property
    def config(self) -> Config:
        """The configuration as this login sees it."""
        return self._config

    @property
    def base(self) -> ConfigVersion:
        """The commit that the changes are counted from."""
        return self._base

    @property
    def changed(self) -> bool:
        """Whether there is anything to commit."""
        return self._config != self._base.config

    def stage(self, config: Config) -> None:
        """Make this the login's configuration, until it is committed or cleared."""
        self._config = config

    def clear(self) -> None:
        """Forget all changes and begin from the latest commit."""
        self._base = self._committed.current
        self._config = self._base.config

    def follow(self) -> None:
        """Begin from the latest commit if nothing is changed; for the moment before a command."""
        if not self.changed:
            self.clear()

    def put_over(self) -> None:
        """Keep this login's changes and take the rest from the latest commit.

        This is the answer to a CommitConflict when the operator's own change is to stay.
        """
        latest = self._committed.current
        self._config = overlay(self._base.config, self._config, latest.config)
        self._base = latest

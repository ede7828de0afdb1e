"""Whether commits may be kept for rollback, and how many are (`rollbackconfig`)."""

from dataclasses import dataclass

MOST_KEPT = 10
"""The commits that `rollbackconfig` lists at most."""


@dataclass(frozen=True, slots=True)
class RollbackSettings:
    """While it is not enabled, `commit` does not ask and nothing can be rolled back."""

    enabled: bool = True

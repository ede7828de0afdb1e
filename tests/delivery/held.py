"""A step that keeps the journal's thread busy, so that what is written meanwhile waits together."""

import sqlite3
import threading
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Held:
    """Begins, and ends when it is released."""

    begun: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def apply(self, _: sqlite3.Connection) -> None:
        self.begun.set()
        self.released.wait(5)

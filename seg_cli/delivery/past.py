"""What a waiting recipient has been through, as far as a later attempt must know it."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from seg_cli.terms import NO_DCID, Dcid, Mid, Rid

SCHEMA = """
CREATE TABLE IF NOT EXISTS past (
    mid INTEGER NOT NULL, rid INTEGER NOT NULL,
    dcid INTEGER NOT NULL, warnings INTEGER NOT NULL, warned_at TEXT, PRIMARY KEY (mid, rid),
    FOREIGN KEY (mid, rid) REFERENCES recipient ON DELETE CASCADE
);
"""


@dataclass(frozen=True, slots=True)
class Past:
    """The last connection that was made (0 for none), the delay warnings sent, and when the last
    one was."""

    dcid: Dcid = NO_DCID
    warnings: int = 0
    warned_at: datetime | None = None


NOTHING_YET = Past()


@dataclass(frozen=True, slots=True)
class Remembered:
    """The step that makes the past of recipients durable, as long as they wait."""

    mid: Mid
    rids: tuple[Rid, ...]
    past: Past

    def apply(self, db: sqlite3.Connection) -> None:
        past = self.past
        warned_at = past.warned_at and past.warned_at.isoformat()
        db.executemany(
            "INSERT OR REPLACE INTO past SELECT ?1, ?2, ?3, ?4, ?5 "
            "WHERE EXISTS (SELECT 1 FROM recipient WHERE mid = ?1 AND rid = ?2)",
            [(self.mid, rid, past.dcid, past.warnings, warned_at) for rid in self.rids],
        )


def read_pasts(db: sqlite3.Connection) -> dict[tuple[Mid, Rid], Past]:
    """The past of every recipient that has one."""
    pasts: dict[tuple[Mid, Rid], Past] = {}
    for mid, rid, dcid, warnings, warned_at in db.execute("SELECT * FROM past"):
        at = None if warned_at is None else datetime.fromisoformat(warned_at)
        pasts[Mid(mid), Rid(rid)] = Past(Dcid(dcid), warnings, at)
    return pasts

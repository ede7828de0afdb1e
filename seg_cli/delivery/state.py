"""The file of the journal: its tables, and what keeps a step from being recorded there."""

import sqlite3
from pathlib import Path
from typing import Final

from seg_cli.delivery import past
from seg_cli.errors import NotRecorded

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    mid INTEGER PRIMARY KEY, sender TEXT NOT NULL, content BLOB NOT NULL, queued_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS recipient (
    mid INTEGER NOT NULL REFERENCES message ON DELETE CASCADE, rid INTEGER NOT NULL,
    address TEXT NOT NULL, retries INTEGER NOT NULL, due TEXT NOT NULL, PRIMARY KEY (mid, rid)
);
CREATE TABLE IF NOT EXISTS policy (
    domain TEXT PRIMARY KEY, id TEXT NOT NULL, mode TEXT NOT NULL, mx TEXT NOT NULL,
    max_age INTEGER NOT NULL, fetched_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS policy_use (domain TEXT PRIMARY KEY, day TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS policy_failure (
    domain TEXT PRIMARY KEY, id TEXT NOT NULL, reason TEXT NOT NULL, cause TEXT NOT NULL,
    at TEXT NOT NULL, times INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""

REFUSED: Final = (sqlite3.Error, ValueError, OverflowError, MemoryError)
"""What a step raises: the disk's refusal, or text or a number that no database can hold."""

MACHINE: Final = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
"""The primary codes that say that the file cannot be written, whatever the step."""


def open_state(path: Path) -> sqlite3.Connection:
    """The database, made at the first start; raises sqlite3.Error and OSError."""
    db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    try:
        path.chmod(0o600)
        db.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
            + SCHEMA
            + past.SCHEMA
        )
    except BaseException:
        db.close()
        raise
    return db


def refusal_of(error: Exception, path: Path) -> Exception:
    """NotRecorded if the machine refuses to write the file; a bug stays as it is."""
    if isinstance(error, MemoryError):
        return NotRecorded(f'"{path}" could not be written: out of memory.')
    # Extended codes say more in their upper bytes; an error of the module itself has none.
    code = getattr(error, "sqlite_errorcode", None)
    if code is None or code & 0xFF not in MACHINE:
        return error
    return NotRecorded(f'"{path}" could not be written: {error}.')

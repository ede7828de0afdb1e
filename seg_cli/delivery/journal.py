"""The journal: every durable step of the queue, in `state.sqlite3`.

A step is a value; `await journal.write(step)` returns once it is on the disk. Steps that wait
together share one transaction. Record first, then log: the listener's 250 and the log's
`Message done` come after their step.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from seg_cli.delivery import past
from seg_cli.delivery.past import NOTHING_YET, Past
from seg_cli.delivery.queue import Parcel, QueuedMessage, Recipient
from seg_cli.delivery.state import REFUSED, open_state, refusal_of
from seg_cli.errors import BadFile, NotRecorded
from seg_cli.terms import Mid, Rid


class Step(Protocol):
    """One durable change."""

    def apply(self, db: sqlite3.Connection) -> None: ...


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message is ours; only after this step may its 250 be sent."""

    message: QueuedMessage

    def apply(self, db: sqlite3.Connection) -> None:
        message = self.message
        queued_at = message.queued_at.isoformat()
        db.execute(
            "INSERT INTO message VALUES (?, ?, ?, ?)",
            (message.mid, message.sender, message.content, queued_at),
        )
        db.executemany(
            "INSERT INTO recipient VALUES (?, ?, ?, 0, ?)",
            [(message.mid, to.rid, to.address, queued_at) for to in message.recipients],
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """These recipients are delivered or bounced; the message goes with its last one."""

    mid: Mid
    rids: tuple[Rid, ...]

    def apply(self, db: sqlite3.Connection) -> None:
        db.executemany(
            "DELETE FROM recipient WHERE mid = ? AND rid = ?", [(self.mid, r) for r in self.rids]
        )
        db.execute(
            "DELETE FROM message WHERE mid = ?1 AND NOT EXISTS "
            "(SELECT 1 FROM recipient WHERE recipient.mid = ?1)",
            (self.mid,),
        )


@dataclass(frozen=True, slots=True)
class Postponed:
    """These recipients wait until `due`, after so many attempts."""

    mid: Mid
    rids: tuple[Rid, ...]
    retries: int
    due: datetime

    def apply(self, db: sqlite3.Connection) -> None:
        db.executemany(
            "UPDATE recipient SET retries = ?, due = ? WHERE mid = ? AND rid = ?",
            [(self.retries, self.due.isoformat(), self.mid, rid) for rid in self.rids],
        )


@dataclass(frozen=True, slots=True)
class Together:
    """Several steps as one: after a kill there are all of them, or none."""

    steps: tuple[Step, ...]

    def apply(self, db: sqlite3.Connection) -> None:
        for step in self.steps:
            step.apply(db)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number to go on from at the next start."""

    name: str
    value: int

    def apply(self, db: sqlite3.Connection) -> None:
        db.execute("INSERT OR REPLACE INTO counter VALUES (?, ?)", (self.name, self.value))


@dataclass(frozen=True, slots=True)
class _Waiting:
    step: Step
    done: asyncio.Future[None]


def _nobody_hears(_sentence: str) -> None:
    """Where whoever writes is told anyway."""


class Journal:
    """The one writer of `state.sqlite3`; its thread starts with the first step.

    Raises BadFile where the file cannot be used: damaged, not readable, on a full disk. `tell`
    gets a sentence when the disk begins to refuse steps: once, until it takes one again.
    """

    def __init__(self, path: Path, tell: Callable[[str], object] = _nobody_hears) -> None:
        self._path = path
        self._say = tell
        self._refusing = False
        self._steps: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        try:
            self._db = open_state(path)
        except (sqlite3.Error, OSError) as error:
            raise BadFile(f'"{path}" cannot be used: {error}.') from error

    # Reading, at the start

    def parcels(self) -> list[Parcel]:
        """All that waits, as the last run left it: by message, domain, due time and past."""
        parcels: list[Parcel] = []
        pasts = past.read_pasts(self._db)
        for message, rows in self._messages():
            groups: dict[tuple[str, int, str, Past], list[Recipient]] = {}
            for to, (retries, due) in zip(message.recipients, rows, strict=True):
                before = pasts.get((message.mid, to.rid), NOTHING_YET)
                groups.setdefault((to.domain, retries, due, before), []).append(to)
            parcels += [
                Parcel(message, domain, tuple(to), retries, datetime.fromisoformat(due), before)
                for (domain, retries, due, before), to in groups.items()
            ]
        return parcels

    def _messages(self) -> Iterator[tuple[QueuedMessage, list[tuple[int, str]]]]:
        for mid, sender, content, queued_at in self._db.execute(
            "SELECT mid, sender, content, queued_at FROM message ORDER BY mid"
        ).fetchall():
            rows = self._db.execute(
                "SELECT rid, address, retries, due FROM recipient WHERE mid = ? ORDER BY rid",
                (mid,),
            ).fetchall()
            to = tuple(Recipient(Rid(rid), address) for rid, address, _, _ in rows)
            at = datetime.fromisoformat(queued_at)
            yield QueuedMessage(Mid(mid), sender, to, content, at), [row[2:] for row in rows]

    def counter(self, name: str) -> int | None:
        """A number the last run left, or None."""
        row = self._db.execute("SELECT value FROM counter WHERE name = ?", (name,)).fetchone()
        return None if row is None else int(row[0])

    def rows(self, table: str) -> list[tuple[object, ...]]:
        """Every row of a table, for the part of the engine that keeps it."""
        return self._db.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - our own names

    # Writing

    async def write(self, step: Step) -> None:
        """Make the step durable; raises NotRecorded when the disk does not take it.

        A step that no database can hold is a bug, and raises one of REFUSED; so does one beside it.
        """
        self._loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = self._loop.create_future()
        self._steps.put(_Waiting(step, done))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
            self._thread.start()
        await done  # whoever gives up waiting does not stop the step

    def _run(self) -> None:
        while (first := self._steps.get()) is not None:
            waiting = [first]
            ending = False
            while not self._steps.empty():
                following = self._steps.get()
                if following is None:
                    ending = True
                    break
                waiting.append(following)
            self._commit(waiting)
            if ending:
                return

    def _commit(self, waiting: list[_Waiting]) -> None:
        """One transaction for all that wait; a step that fails fails them all, and says so."""
        failure: Exception | None = None
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for one in waiting:
                one.step.apply(self._db)
            self._db.execute("COMMIT")
        except REFUSED as error:
            failure = refusal_of(error, self._path)
            self._roll_back()
        assert self._loop is not None
        with suppress(RuntimeError):  # the loop has ended, and with it all who waited
            self._loop.call_soon_threadsafe(self._answer, waiting, failure)

    def _answer(self, waiting: list[_Waiting], failure: Exception | None) -> None:
        """On the loop: tell those who wait how their steps went."""
        if isinstance(failure, NotRecorded) and not self._refusing:
            self._say(str(failure))
        self._refusing = isinstance(failure, NotRecorded)
        for one in waiting:
            if one.done.done():
                continue
            if failure is None:
                one.done.set_result(None)
            else:
                one.done.set_exception(failure)

    def _roll_back(self) -> None:
        """Undo what was begun; a file that is closed or gone has nothing to undo."""
        with suppress(sqlite3.Error):
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def close(self) -> None:
        """Write what waits, and close the file."""
        if self._thread is not None:
            self._steps.put(None)
            self._thread.join()
            self._thread = None
        self._db.close()

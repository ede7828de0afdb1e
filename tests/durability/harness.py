"""The judge: gives the victim its orders, restarts it after its death, and compares.

Lost is a version that was said to be committed, or a message that was answered with 250, and is not
there after the restart; of a message that the sink refuses, the notice to its sender must be there.
A message, or notice, that the sink has twice is a repeat: inside the window if the sink had it when
the appliance died and the appliance had not recorded that, outside it otherwise.
"""

import re
import smtplib
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.durability.marks import mark_of, notice_of
from tests.durability.sink import Sink
from tests.durability.stages import REFUSED, STAGES, STS_DOMAIN

FINISHED = re.compile(r"Message finished MID (\d+) done")
SUBJECT = re.compile(r'MID (\d+) Subject "?(\S+?)"?$')
GENERATED = re.compile(r"MID (\d+) was generated for bounce of MID (\d+)$")


@dataclass(frozen=True, slots=True)
class Point:
    """Where to kill: the nth line that runs in the files of a stage."""

    stage: str
    line: int


@dataclass(slots=True)
class Outcome:
    """What one kill, or many, came to."""

    killed: int = 0
    in_window: int = 0
    accepted: int = 0
    committed: int = 0
    lost: list[str] = field(default_factory=list)
    repeated_outside: list[str] = field(default_factory=list)
    repeated_inside: int = 0

    def add(self, other: "Outcome") -> None:
        """Count another kill in."""
        self.killed += other.killed
        self.in_window += other.in_window
        self.accepted += other.accepted
        self.committed += other.committed
        self.lost += other.lost
        self.repeated_outside += other.repeated_outside
        self.repeated_inside += other.repeated_inside

    def lines(self) -> Iterator[str]:
        """What the command prints."""
        yield f"points: {self.killed}"
        yield f"accepted: {self.accepted} messages, {self.committed} versions"
        yield f"lost: {len(self.lost)} {self.lost or ''}".rstrip()
        outside = self.repeated_outside
        yield f"repeated outside the window: {len(outside)} {outside or ''}".rstrip()
        yield f"repeated inside the window: {self.repeated_inside} ({self.in_window} kills hit it)"


class Victim:
    """A running victim process."""

    def __init__(self, directory: Path, sink: Sink, point: Point | None = None) -> None:
        words = [str(directory), str(sink.port)]
        if point is not None:
            words += [point.stage, str(point.line)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.durability.victim", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def order(self, word: str) -> str | None:
        """What it says once it has done that; None if it died of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(f"{word}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return None
        return self._process.stdout.readline().strip() or None

    def end(self) -> bool:
        """Wait for its end; whether it was killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        status = self._process.wait(60)
        with closing(self._process.stdout), suppress(BrokenPipeError):
            self._process.stdin.close()
        return status < 0


@dataclass(slots=True)
class Ledger:
    """What the victim was heard to promise; `messages` are the marks of what is to arrive."""

    versions: list[int] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


def scenario(victim: Victim, ledger: Ledger) -> None:
    """Commits, mail with and without a policy or refused, a rollover, and again; to its death."""
    listening = victim.order("listen")
    if listening is None:
        return
    port = int(listening.split()[1])
    marks = count(len(ledger.messages))
    for order in ("commit", "mail", "rollover", "mail", "quiet", "commit", "mail", "quiet"):
        if order == "mail":
            inject(port, [f"m{next(marks)}" for _ in range(4)], ledger)
            continue
        done = victim.order(order)
        if done is None:
            return
        if order == "commit":
            ledger.versions.append(int(done.split()[1]))


def inject(port: int, marks: list[str], ledger: Ledger) -> None:
    """Messages over one connection; only what was answered with 250 is promised."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
            for mark in marks:
                to = recipient_of(mark)
                content = f"Subject: {mark}\r\n\r\nA message.\r\n"
                client.sendmail("from@bare.example", [to], content)
                ledger.messages.append(notice_of(mark) if to == REFUSED else mark)
    except (OSError, smtplib.SMTPException):
        return


def recipient_of(mark: str) -> str:
    """To whom a message goes: every second one under a policy, every fourth to who is refused."""
    number = int(mark[1:])
    if number % 4 == 0:
        return REFUSED
    return f"to@{STS_DOMAIN}" if number % 2 else "to@bare.example"


def kill_at(point: Point, directory: Path, sink: Sink) -> Outcome:
    """Run the scenario to the point, restart, and say what the death came to."""
    ledger = Ledger()
    taken_before = Counter(sink.taken)
    victim = Victim(directory, sink, point)
    scenario(victim, ledger)
    victim.order("close")
    outcome = Outcome(killed=int(victim.end()))
    taken = sink.taken - taken_before
    waiting = waiting_marks(directory)
    unrecorded = {mark for mark in waiting if taken[mark]}
    finished = finished_marks(directory)
    newest = restart(directory, sink)
    outcome.in_window = int(bool(unrecorded))
    outcome.accepted, outcome.committed = len(ledger.messages), len(ledger.versions)
    arrived = sink.taken - taken_before
    outcome.lost = [mark for mark in ledger.messages if not arrived[mark]]
    outcome.lost += [f"version {number}" for number in ledger.versions if number > newest]
    repeated = {mark for mark, times in arrived.items() if times > 1}
    outcome.repeated_inside = len(repeated & unrecorded)
    outcome.repeated_outside = sorted(
        (repeated - unrecorded) | {mark for mark in finished if arrived[mark] > 1}
    )
    sink.taken.clear()
    return outcome


def restart(directory: Path, sink: Sink) -> int:
    """Start it again and let it come to rest; the number of its newest version."""
    victim = Victim(directory, sink)
    assert victim.order("listen")
    assert victim.order("quiet")
    committed = victim.order("commit")
    assert committed is not None
    assert victim.order("close")
    victim.end()
    return int(committed.split()[1]) - 1


def waiting_marks(directory: Path) -> set[str]:
    """The marks of the messages that still wait, by the appliance's own record."""
    path = directory / "state.sqlite3"
    if not path.exists():
        return set()
    with closing(sqlite3.connect(path)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'message'").fetchone():
            return set()  # it died before it had made its tables
        rows = db.execute("SELECT content FROM message").fetchall()
    return {mark_of(content) for (content,) in rows}


def finished_marks(directory: Path) -> set[str]:
    """The marks of the messages whose last line is in the log."""
    marks: dict[str, str] = {}
    finished: set[str] = set()
    for path in sorted(directory.glob("log/*/*.@*")):
        for line in path.read_text().splitlines():
            if found := SUBJECT.search(line):
                marks[found[1]] = found[2]
            elif (found := GENERATED.search(line)) and found[2] in marks:
                marks[found[1]] = notice_of(marks[found[2]])
            elif found := FINISHED.search(line):
                finished.add(found[1])
    return {marks[mid] for mid in finished if mid in marks}


def lines_of_stages(directory: Path, sink: Sink) -> dict[str, int]:
    """How many lines a whole scenario runs in the files of each stage."""
    counts: dict[str, int] = {}
    for stage in STAGES:
        victim = Victim(directory / stage, sink, Point(stage, 0))
        scenario(victim, Ledger())
        closed = victim.order("close")
        assert closed is not None
        counts[stage] = int(closed.split()[-1])
        victim.end()
        sink.taken.clear()
    return counts


def points(counts: dict[str, int], each: int) -> Iterator[Point]:
    """So many points in each stage, spread evenly over its lines."""
    for stage, lines in counts.items():
        for number in range(each):
            yield Point(stage, 1 + number * lines // each)

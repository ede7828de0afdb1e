"""Log lines written a second, and a search of 100 MB: beside logging.FileHandler and GNU grep.

Lines are timed by the processor's clock, for both sides only compute; the search by the wall's.
"""

import logging
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from operator import ge, le
from pathlib import Path
from statistics import median

from seg_cli import events as e
from seg_cli.config.logs import LogSubscription
from seg_cli.events import Event
from seg_cli.logs.bus import Bus
from seg_cli.logs.mail_logs import MailLogs
from seg_cli.logs.subscriptions import LogFiles
from seg_cli.terms import Dcid, Mid, Rid

RUNS = 5
MESSAGES = 20_000
LINES_PER_MESSAGE = 4
SEARCHED = 100 * 1024 * 1024
START = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
WIDE = LogSubscription(max_size=1 << 30)

SEARCHES = (
    ("", "Message finished MID 1999. done", 2),
    ("", "MID 19998 RID .* Response", 2),
    ("", "Message finished MID 19998 done|MID 17 RID", 2),
    ("", "[0-9]{6}", 20),
    ("i", "message finished mid 1999. done", 4),
)
"""Flags, pattern, and the goal."""


def events() -> Iterator[Event]:
    """The last four lines of each of many messages."""
    for number in range(MESSAGES):
        mid, dcid, rids = Mid(number), Dcid(number), (Rid(0),)
        yield e.DeliveryStarted(dcid, mid, rids)
        yield e.RecipientsDelivered(dcid, mid, rids)
        yield e.ResponseReceived(mid, rids, "2.0.0 Ok: queued as 3jjSKc6HnKz4GTHJ")
        yield e.MessageFinished(mid)


def ours(directory: Path, happened: list[Event]) -> float:
    files = LogFiles(directory, "BENCH", lambda: START, sys.stderr.write)
    files.adopt((WIDE,), UTC)
    bus = Bus(lambda: START)
    bus.subscribe(MailLogs(files).write)
    started = time.process_time()
    for event in happened:
        bus.emit(event)
    files.close()
    return time.process_time() - started


def peer(directory: Path, _: list[Event]) -> float:
    """The same lines through the standard library, with the same stamp."""
    handler = logging.FileHandler(directory / "peer.log")
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s: %(message)s", "%a %b %d %H:%M:%S %Y")
    )
    logger = logging.getLogger("bench")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    started = time.process_time()
    for number in range(MESSAGES):
        logger.info("Delivery start DCID %d MID %d to RID %s", number, number, [0])
        logger.info("Message done DCID %d MID %d to RID %s ", number, number, [0])
        text = "2.0.0 Ok: queued as 3jjSKc6HnKz4GTHJ"
        logger.info("MID %d RID %s Response %r", number, [0], text)
        logger.info("Message finished MID %d done", number)
    handler.close()
    logger.removeHandler(handler)
    return time.process_time() - started


def written(directory: Path) -> tuple[float, float]:
    """Lines a second of processor time, ours and the peer's, in one turn."""
    happened = list(events())
    lines = MESSAGES * LINES_PER_MESSAGE
    rates = []
    for side in (ours, peer):
        place = directory / side.__name__
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        rates.append(lines / side(place, happened))
    return rates[0], rates[1]


def big_log(directory: Path) -> Path:
    """A log of 100 MB, as the writer writes it: many messages, each a second after the other."""
    moments = (START + timedelta(seconds=number // 40) for number in range(10**9))
    files = LogFiles(directory, "BENCH", lambda: START, sys.stderr.write)
    files.adopt((WIDE,), UTC)
    bus = Bus(lambda: next(moments))
    bus.subscribe(MailLogs(files).write)
    while files.path("mail_logs").stat().st_size < SEARCHED:
        for event in events():
            bus.emit(event)
    files.close()
    (path,) = (directory / "mail_logs").glob("*.c")
    return path


def timed(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.PIPE, check=False)  # grep stops early for /dev/null
    return time.perf_counter() - started


def search(flags: str, pattern: str, log: Path) -> Callable[[], tuple[float, float]]:
    """Seconds, ours and the peer's, in one turn: the search alone, without the start of either."""
    nothing = log.with_name("nothing")
    nothing.touch()
    program = (sys.executable, "-m", "seg_cli.logs.search", flags or "-", "0", "60", "1", pattern)
    grep = ("env", "LC_ALL=C", "grep", "-E", *(f"-{flag}" for flag in flags), pattern)

    def alone(*command: str) -> float:
        return timed(*command, str(log)) - timed(*command, str(nothing))

    return lambda: (alone(*program), alone(*grep))


def show(what: str, ratio: float, goal: float, sense: Callable[[float, float], bool]) -> None:
    sign = ">=" if sense is ge else "<="
    print(f"{what:56} {ratio:6.2f}   {sign} {goal}  {'met' if sense(ratio, goal) else 'NOT MET'}")


def main() -> None:
    print(f"{'':56}  ratio   goal")
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        rows = [written(directory) for _ in range(RUNS)]
        ratio = median(mine / peers for mine, peers in rows)
        show("F1 lines a second / logging.FileHandler", ratio, 6, ge)
        log = big_log(directory / "big")
        for flags, pattern, goal in SEARCHES:
            turn = search(flags, pattern, log)
            turns = [turn() for _ in range(RUNS)]
            ratio = median(mine / peers for mine, peers in turns)
            show(f"F2 {'-i ' if flags else ''}{pattern!r} / GNU grep", ratio, goal, le)


if __name__ == "__main__":
    main()

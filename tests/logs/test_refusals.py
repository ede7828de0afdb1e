"""A log that the machine does not let be written: the appliance goes on, and the log later."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seg_cli.config.logs import LogSubscription
from seg_cli.errors import UserError
from seg_cli.logs.log_file import KEPT
from seg_cli.logs.subscriptions import LogFiles
from seg_cli.terms import LogLevel
from tests.full_disk import full_disk

SERIAL = "420D4FEA709365BFB3E3-0AF2EE5E700E"
START = datetime(2024, 9, 26, 15, 20, 0, tzinfo=UTC)
HEADER_LINES, FOOTER_LINES = 3, 1


@dataclass
class Log:
    """One subscription, its directory, its time, and the sentences that were told."""

    files: LogFiles
    directory: Path
    told: list[str]
    at: list[datetime]

    def write(self, *lines: str) -> None:
        for file in self.files.taking(LogLevel.INFO):
            for line in lines:
                file.append(line)
        self.files.flush()

    @property
    def lines(self) -> list[str]:
        """What all files hold, without their headers and footers."""
        files = sorted(self.directory.glob("mail.@*"))
        whole = [line for path in files for line in path.read_text().splitlines()]
        return [line for line in whole if " Info: " not in line]

    def pass_time(self) -> None:
        self.at.append(self.at[-1] + timedelta(minutes=1))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    told: list[str] = []
    at = [START]
    with closing(LogFiles(tmp_path / "log", SERIAL, lambda: at[-1], told.append)) as files:
        files.adopt((LogSubscription(),), UTC)
        yield Log(files, tmp_path / "log" / "mail_logs", told, at)


def refused(log: Log, why: str) -> str:
    return f'"{log.directory}" could not be written: {why}; the lines of the log wait in memory.'


def test_lines_wait_for_room_and_none_is_torn_or_lost(log: Log) -> None:
    log.write("one")
    with full_disk(room=(log.directory / "mail.current").stat().st_size + 10):
        for line in ("two", "a line that is longer than the room there is", "four"):
            log.write(line)
        assert log.lines == ["one", "two"]
    log.write("five")
    assert log.lines == [
        "one",
        "two",
        "a line that is longer than the room there is",
        "four",
        "five",
    ]
    assert log.told == [refused(log, "File too large")]


def test_each_time_the_disk_fills_is_told(log: Log) -> None:
    for line in ("one", "two"):
        with full_disk():
            log.write(line)
            log.write(f"{line} again")
        log.write("room")
    assert log.told == [refused(log, "File too large")] * 2
    assert log.lines == ["one", "one again", "room", "two", "two again", "room"]


def test_a_log_that_cannot_begin_begins_later(log: Log) -> None:
    log.directory.parent.mkdir()
    log.directory.write_text("a file, not a folder")
    log.write("one")
    assert log.told == [refused(log, "File exists")]
    with pytest.raises(UserError, match="mail_logs"):
        log.files.paths("mail_logs")
    log.directory.unlink()
    log.write("two")
    assert log.lines == ["one", "two"]
    assert (
        log.files.path("mail_logs").read_text().startswith("Thu Sep 26 15:20:00 2024 Info: Begin")
    )


@pytest.mark.parametrize("away", ["removed", "moved"])
def test_a_log_whose_directory_was_taken_away_goes_on_in_a_new_one(log: Log, away: str) -> None:
    log.write("one")
    if away == "removed":
        shutil.rmtree(log.directory)
    else:
        log.directory.rename(log.directory.with_name("elsewhere"))
    log.write("two")
    assert log.lines == ["two"]
    (path,) = log.directory.glob("*.c")
    assert log.told == [f'"{path}" was taken away: the log goes on in a new file.']


def test_a_rollover_without_room_loses_no_line(log: Log) -> None:
    log.write("one")
    log.pass_time()
    with full_disk():
        log.write("two")
        with pytest.raises(UserError, match="could not be written"):
            log.files.roll_over("mail_logs")
        log.write("three")
    log.write("four")
    assert log.lines == ["one", "two", "three", "four"]
    assert log.told == [refused(log, "File too large")]


def test_what_is_more_than_memory_is_for_is_counted_and_told(log: Log) -> None:
    line = "x" * 9_999
    with full_disk():
        log.write(*[line] * (KEPT // 10_000 + 20))
    log.write("end")
    kept = log.lines.count(line)
    assert KEPT - 10_000 < kept * 10_000 <= KEPT
    assert log.told[1:] == [f'Lines of the log in "{log.directory}" that are lost: 20.']


def test_what_still_waits_at_the_end_is_told(log: Log) -> None:
    log.write("one")
    with full_disk():
        log.write("two", "three")
        log.files.close()
    assert log.lines == ["one"]
    assert log.told == [
        refused(log, "File too large"),
        f'Lines of the log in "{log.directory}" that are lost: 2.',
    ]


def test_a_new_configuration_is_followed_on_a_full_disk(log: Log) -> None:
    log.write("one")
    with full_disk():
        log.files.adopt((LogSubscription(filename="text"),), UTC)
        log.files.adopt((LogSubscription("other"),), UTC)
        log.files.adopt((LogSubscription(),), UTC)
    log.write("two")
    assert log.lines == ["one", "two"]


def test_followers_hear_what_cannot_be_written(log: Log) -> None:
    log.write("one")
    heard: list[str] = []
    log.files.follow("mail_logs", heard.append)
    with full_disk():
        log.write("two")
    assert heard == ["two"]

"""Log files: their names, their header, their level, and who follows them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import pytest

from seg_cli import events as e
from seg_cli.config.logs import LogSubscription
from seg_cli.logs.bus import Bus, Stamped
from seg_cli.logs.mail_logs import MailLogs
from seg_cli.logs.subscriptions import LogFiles
from seg_cli.product import VERSION
from seg_cli.terms import LogLevel, Mid

NOW = datetime(2024, 9, 26, 15, 20, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SERIAL = "420D4FEA709365BFB3E3-0AF2EE5E700E"

INFO = Stamped(NOW, e.MessageFinished(Mid(1)))
DEBUG = Stamped(NOW, e.DnsAsked("domain.com", "MX"))
INFO_LINE = "Thu Sep 26 15:20:00 2024 Info: Message finished MID 1 done"
DEBUG_LINE = "Thu Sep 26 15:20:00 2024 Debug: DNS query: Q(domain.com, 'MX')"


def refuse(sentence: str) -> NoReturn:
    raise AssertionError(sentence)


def at_level(level: LogLevel) -> LogSubscription:
    return replace(LogSubscription(), level=level)


def adopt(files: LogFiles, *subscriptions: LogSubscription, zone: str = "Etc/GMT") -> None:
    files.adopt(subscriptions or (LogSubscription(),), ZoneInfo(zone))


@pytest.fixture
def files(tmp_path: Path) -> Iterator[LogFiles]:
    with closing(LogFiles(tmp_path, SERIAL, lambda: NOW, refuse)) as files:
        yield files


def write(files: LogFiles, stamped: Stamped) -> None:
    MailLogs(files).write(stamped)


def lines(files: LogFiles) -> list[str]:
    """The lines behind the header."""
    return files.path("mail_logs").read_text("utf-8").splitlines()[3:]


def test_a_file_begins_with_its_header(files: LogFiles) -> None:
    adopt(files, zone="America/New_York")
    stamp = "Thu Sep 26 11:20:00 2024 Info: "
    assert files.path("mail_logs").read_text("utf-8").splitlines() == [
        f"{stamp}Begin Logfile",
        f"{stamp}Version: {VERSION} SN: {SERIAL}",
        f"{stamp}Time offset from UTC: -14400 seconds",
    ]


def test_the_live_file_and_its_link(files: LogFiles, tmp_path: Path) -> None:
    adopt(files)
    current = files.path("mail_logs")
    assert current == tmp_path / "mail_logs" / "mail.current"
    assert current.readlink() == Path("mail.@20240926T152000.c")
    assert current.stat().st_mode & 0o777 == 0o600
    assert current.parent.stat().st_mode & 0o777 == 0o700


@dataclass(slots=True)
class Now:
    """A clock that a test sets."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class Subscribed:
    """One subscription and the clock of its appliance."""

    files: LogFiles
    now: Now
    directory: Path

    def finish(self, *mids: int) -> None:
        for mid in mids:
            write(self.files, Stamped(self.now.at, e.MessageFinished(Mid(mid))))

    @property
    def names(self) -> list[str]:
        return sorted(path.name for path in self.directory.iterdir())

    def mids(self, name: str) -> list[int]:
        """The messages of one file, in order; the file is checked to be whole."""
        first, *_, last = lines = (self.directory / name).read_text("utf-8").splitlines()
        assert first.endswith(" Info: Begin Logfile")
        assert last.endswith(" Info: End Logfile") == name.endswith(".s")
        return [int(line.split()[9]) for line in lines if "finished" in line]


Subscribe = Callable[..., Subscribed]
"""An appliance that subscribes to mail_logs with these settings."""


@pytest.fixture
def subscribe(tmp_path: Path) -> Iterator[Subscribe]:
    with ExitStack() as ending:

        def subscribe(**settings: Any) -> Subscribed:
            now = Now()
            files = ending.enter_context(closing(LogFiles(tmp_path, SERIAL, now, refuse)))
            adopt(files, replace(LogSubscription(), **settings))
            return Subscribed(files, now, tmp_path / "mail_logs")

        yield subscribe


def test_a_rollover_saves_the_old_file_and_begins_a_new_one(subscribe: Subscribe) -> None:
    log = subscribe()
    log.finish(1)
    log.now.at += 90 * SECOND
    log.files.roll_over("mail_logs")
    log.finish(2)
    log.files.flush()
    assert log.names == ["mail.@20240926T152000.s", "mail.@20240926T152130.c", "mail.current"]
    assert (log.directory / "mail.current").readlink() == Path("mail.@20240926T152130.c")
    assert log.mids("mail.@20240926T152000.s") == [1]
    assert log.mids("mail.@20240926T152130.c") == [2]


def test_a_log_that_was_never_written_is_rolled_over_into_its_first_file(
    subscribe: Subscribe,
) -> None:
    log = subscribe()
    log.files.roll_over("mail_logs")
    assert log.names == ["mail.@20240926T152000.c", "mail.current"]
    with pytest.raises(KeyError):
        log.files.roll_over("text_logs")


@pytest.mark.parametrize("size", [1024, 70_000])
def test_a_file_is_full_with_the_line_that_brings_it_to_its_size(
    subscribe: Subscribe, size: int
) -> None:
    log = subscribe(max_size=size, max_files=1000)
    log.finish(*range(10_000, 12_500))
    log.files.close()
    *saved, _ = log.files.paths("mail_logs")
    assert saved
    footer = len("Thu Sep 26 15:20:00 2024 Info: End Logfile\n")
    for path in saved:
        content = path.read_bytes().splitlines(keepends=True)
        assert size <= path.stat().st_size - footer < size + len(content[-2])
    written = [mid for path in log.files.paths("mail_logs") for mid in all_mids(path)]
    assert written == list(range(10_000, 12_500))


def all_mids(path: Path) -> list[int]:
    return [int(line.split()[9]) for line in path.read_text().splitlines() if "finished" in line]


def test_the_oldest_files_are_deleted_above_the_number_to_keep(subscribe: Subscribe) -> None:
    log = subscribe(max_files=3)
    for mid in range(6):  # within one second: names go on, though those before them are free again
        log.finish(mid)
        log.files.roll_over("mail_logs")
    assert log.names == [
        "mail.@20240926T152004.s",
        "mail.@20240926T152005.s",
        "mail.@20240926T152006.c",
        "mail.current",
    ]
    assert [log.mids(name) for name in log.names[:2]] == [[4], [5]]


def test_a_new_number_of_files_holds_from_the_next_rollover(subscribe: Subscribe) -> None:
    log = subscribe()
    for _ in range(4):
        log.files.roll_over("mail_logs")
    adopt(log.files, LogSubscription(max_files=1))
    assert len(log.names) == 4 + 1
    log.files.roll_over("mail_logs")
    assert log.names == ["mail.@20240926T152004.c", "mail.current"]


def test_another_file_name_begins_another_file(subscribe: Subscribe) -> None:
    log = subscribe()
    log.finish(1)
    adopt(log.files, LogSubscription(filename="text"))
    log.finish(2)
    log.files.flush()
    assert log.files.path("mail_logs").name == "text.current"
    assert log.mids("text.@20240926T152000.c") == [2]
    assert log.mids("mail.@20240926T152000.s") == [1]


def test_a_deleted_subscription_takes_no_more_lines_and_leaves_its_files(
    subscribe: Subscribe,
) -> None:
    log = subscribe()
    log.finish(1)
    adopt(log.files, LogSubscription(name="text_logs"))
    log.finish(2)
    assert log.names == ["mail.@20240926T152000.s"]
    assert log.mids("mail.@20240926T152000.s") == [1]
    with pytest.raises(KeyError):
        log.files.path("mail_logs")


def test_followers_go_on_over_a_rollover(subscribe: Subscribe) -> None:
    log = subscribe()
    told: list[str] = []
    log.files.path("mail_logs")
    stop = log.files.follow("mail_logs", told.append)
    log.finish(1)
    log.files.roll_over("mail_logs")
    log.finish(2)
    stop()
    log.finish(3)
    said = [line.split(" Info: ")[1] for line in told]
    assert said == [
        "Message finished MID 1 done",
        "End Logfile",
        "Begin Logfile",
        f"Version: {VERSION} SN: {SERIAL}",
        "Time offset from UTC: 0 seconds",
        "Message finished MID 2 done",
    ]


def test_a_line_costs_no_write_of_its_own(subscribe: Subscribe) -> None:
    log = subscribe()
    path = log.files.path("mail_logs")
    sizes = set()
    for mid in range(1000):
        log.finish(mid)
        sizes.add(path.stat().st_size)
    assert len(sizes) <= 4


def test_files_of_one_second_take_the_next_free_ones(subscribe: Subscribe) -> None:
    for _ in range(3):
        log = subscribe()
        log.files.path("mail_logs")
        log.files.close()
    assert log.names == [
        "mail.@20240926T152000.s",
        "mail.@20240926T152001.s",
        "mail.@20240926T152002.c",
        "mail.current",
    ]


def test_all_files_of_a_log_are_listed_oldest_first(tmp_path: Path) -> None:
    for mid in range(3):
        files = LogFiles(tmp_path, SERIAL, lambda: NOW, refuse)
        adopt(files)
        write(files, Stamped(NOW, e.MessageFinished(Mid(mid))))
        paths = files.paths("mail_logs")
        files.close()
    last = [path.read_text("utf-8").splitlines()[3] for path in paths]
    assert [line.rpartition("MID ")[2] for line in last] == ["0 done", "1 done", "2 done"]


@pytest.mark.parametrize(
    ("level", "written"),
    [
        pytest.param(LogLevel.CRITICAL, [], id="Critical holds neither"),
        pytest.param(LogLevel.WARNING, [], id="Warning holds neither"),
        pytest.param(LogLevel.INFO, [INFO_LINE], id="Information leaves Debug out"),
        pytest.param(LogLevel.DEBUG, [INFO_LINE, DEBUG_LINE], id="Debug includes Information"),
        pytest.param(LogLevel.TRACE, [INFO_LINE, DEBUG_LINE], id="Trace includes both"),
    ],
)
def test_a_level_includes_all_less_detailed_ones(
    files: LogFiles, level: LogLevel, written: list[str]
) -> None:
    adopt(files, at_level(level))
    followed: list[str] = []
    files.follow("mail_logs", followed.append)
    for stamped in (INFO, DEBUG):
        write(files, stamped)
    assert lines(files) == followed == written


def test_a_commit_changes_level_and_zone_within_the_same_file(files: LogFiles) -> None:
    adopt(files)
    live = files.path("mail_logs").readlink()
    write(files, DEBUG)
    adopt(files, at_level(LogLevel.DEBUG), zone="Asia/Seoul")
    write(files, DEBUG)
    assert lines(files) == ["Fri Sep 27 00:20:00 2024 Debug: DNS query: Q(domain.com, 'MX')"]
    assert files.path("mail_logs").readlink() == live


def test_lines_are_in_the_file_once_it_is_flushed(files: LogFiles) -> None:
    adopt(files)
    path = files.path("mail_logs")
    write(files, INFO)
    assert INFO_LINE not in path.read_text("utf-8")
    files.flush()
    assert INFO_LINE in path.read_text("utf-8")


def test_each_subscription_has_a_directory_and_a_level_of_its_own(files: LogFiles) -> None:
    other = LogSubscription(name="debug_logs", filename="debug", level=LogLevel.DEBUG)
    adopt(files, LogSubscription(), other)
    write(files, DEBUG)
    assert lines(files) == []
    assert files.path("debug_logs").name == "debug.current"
    assert files.path("debug_logs").read_text("utf-8").splitlines()[3:] == [DEBUG_LINE]


def test_an_unknown_log_is_a_key_error(files: LogFiles) -> None:
    with pytest.raises(KeyError):
        files.path("text_logs")


def test_a_follower_gets_later_lines_until_it_ends(files: LogFiles) -> None:
    adopt(files)
    followed: list[str] = []
    write(files, INFO)
    unfollow = files.follow("mail_logs", followed.append)
    write(files, INFO)
    unfollow()
    write(files, INFO)
    assert followed == [INFO_LINE]


def test_a_follower_may_end_itself_while_it_is_told(files: LogFiles) -> None:
    adopt(files)
    told: list[str] = []

    def once(line: str) -> None:
        told.append(line)
        unfollow()

    unfollow = files.follow("mail_logs", once)
    files.follow("mail_logs", told.append)
    for _ in range(2):
        write(files, INFO)
    assert told == [INFO_LINE] * 3


def test_nothing_is_written_behind_the_end(files: LogFiles) -> None:
    adopt(files)
    write(files, INFO)
    files.close()
    write(files, INFO)
    assert lines(files) == [INFO_LINE, "Thu Sep 26 15:20:00 2024 Info: End Logfile"]


def test_a_log_that_is_neither_written_nor_read_has_no_file(
    files: LogFiles, tmp_path: Path
) -> None:
    adopt(files)
    files.flush()
    files.close()
    assert list(tmp_path.iterdir()) == []


def test_the_bus_stamps_each_event_and_hands_it_on_in_order() -> None:
    moments = iter((NOW, NOW + SECOND, NOW + 2 * SECOND))
    bus = Bus(lambda: next(moments))
    first: list[Stamped] = []
    second: list[Stamped] = []
    bus.subscribe(first.append)
    unsubscribe = bus.subscribe(second.append)
    for mid in (1, 2):
        bus.emit(e.MessageFinished(Mid(mid)))
    unsubscribe()
    bus.emit(e.MessageFinished(Mid(3)))
    assert first == [
        Stamped(NOW + number * SECOND, e.MessageFinished(Mid(number + 1))) for number in range(3)
    ]
    assert second == first[:2]

"""What every line of a log file begins with, the three lines that every file begins with, and the
one it ends with.
"""

from datetime import UTC, datetime, timedelta, tzinfo

from seg_cli.terms import LogLevel

LEVEL_WORDS = {
    LogLevel.CRITICAL: "Critical",
    LogLevel.WARNING: "Warning",
    LogLevel.INFO: "Info",
    LogLevel.DEBUG: "Debug",
    LogLevel.TRACE: "Trace",
}

HEADER = (
    "Begin Logfile",
    "Version: {version} SN: {serial}",
    "Time offset from UTC: {offset} seconds",
)
FOOTER = "End Logfile"


def ctime(at: datetime, zone: tzinfo) -> str:
    """A moment in the appliance's zone, in ctime form: `Thu Sep  5 15:23:39 2024`."""
    local = at.astimezone(zone)
    return f"{_DAYS[local.weekday()]} {_MONTHS[local.month - 1]} {local.day:2} {local:%H:%M:%S %Y}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def stamp(at: datetime, zone: tzinfo, level: LogLevel) -> str:
    """What a line begins with: `Thu Sep  5 15:23:39 2024 Info: `."""
    return f"{ctime(at, zone)} {LEVEL_WORDS[level]}: "


class Stamps:
    """What lines begin with, put together once for all lines of a second."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self._second = self._next = datetime.min.replace(tzinfo=UTC)
        self._starts: dict[LogLevel, str] = {}

    def start(self, at: datetime, level: LogLevel) -> str:
        """The same as `stamp`."""
        if not self._second <= at < self._next:
            self._second = at.replace(microsecond=0)
            self._next = self._second + timedelta(seconds=1)
            self._starts = {known: stamp(at, self.zone, known) for known in LEVEL_WORDS}
        return self._starts[level]


def header_lines(at: datetime, zone: tzinfo, version: str, serial: str) -> list[str]:
    """The three lines that open a log file (mail-logs s1): version, serial and zone offset."""
    offset = at.astimezone(zone).utcoffset()
    seconds = int(offset.total_seconds()) if offset else 0
    start = stamp(at, zone, LogLevel.INFO)
    return [start + line.format(version=version, serial=serial, offset=seconds) for line in HEADER]


def footer_line(at: datetime, zone: tzinfo) -> str:
    """The line that closes a log file."""
    return stamp(at, zone, LogLevel.INFO) + FOOTER

"""mail_logs: the wording of every line, in the order of a message's life, and its only formatter.

`sourced` wording stands word for word in a public text and is fixed; `derived` is put together
from sourced parts; `recalled` and `inferred` wording may be corrected here by a real capture.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from string import Formatter

from seg_cli import events
from seg_cli.events import Event
from seg_cli.logs.bus import Stamped
from seg_cli.printable import printable
from seg_cli.terms import DaneMode, LogLevel, Rid

LEVEL_WORDS = {
    LogLevel.CRITICAL: "Critical",
    LogLevel.WARNING: "Warning",
    LogLevel.INFO: "Info",
    LogLevel.DEBUG: "Debug",
    LogLevel.TRACE: "Trace",
}


class Status(StrEnum):
    """How sure a wording is."""

    SOURCED = "sourced"
    DERIVED = "derived"
    RECALLED = "recalled"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Wording:
    """One kind of line: its level, its text with the event's fields in braces, how sure it is.

    A field may be followed by the name of a form, `{rids!list}`; the forms are in FORMS.
    """

    level: LogLevel
    template: str
    status: Status


def info(template: str, status: Status = Status.SOURCED) -> Wording:
    return Wording(LogLevel.INFO, template, status)


def debug(template: str, status: Status = Status.SOURCED) -> Wording:
    return Wording(LogLevel.DEBUG, template, status)


def form_rids(rids: tuple[Rid, ...]) -> str:
    """Recipients as a Python list: `[0, 1]`."""
    return repr([int(rid) for rid in rids])


def form_reply(code: str, lines: tuple[str, ...]) -> str:
    """An SMTP reply as a Python tuple of its code and the list of its lines."""
    return repr((code, [printable(line) for line in lines]))


def form_encached(event: events.DnsEncached) -> str:
    """What was kept, as the log prints it: expiry as a Python 2 long, one tuple a record."""
    tuples = ", ".join(
        f"({event.expiry_ticks}L, 0, {event.security.value!r}, {record!r})"
        for record in event.records
    )
    return f"[{tuples}]"

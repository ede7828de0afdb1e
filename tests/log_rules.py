"""The rules across the lines of mail_logs as code (mail-logs.md s10), for every log a test writes.

`check(lines)` reads a whole log, one line each, and says which rule which line breaks. Each rule
is a function from the lines to its breaches; its docstring is the sentence that is broken. Lines
of a log that was cut off are no breach: what is missing at its end may follow.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from tests.log_lines import HEADER, Line, read

UNREAD = "s1 a line begins with its moment and level"

TLS_RESULT = re.compile(
    r"DCID \d+ (?:TLS success|TLS failed|TLS deferring|STARTTLS command not supported)"
)
OUTCOME = re.compile(r"(?:Message done|Bounced:|Double bounce:|Delayed:) ")
EXPIRED = re.compile(r"Bounced: .* - 5\.4\.7 - ")
"""An expired message names its last connection, which may be closed (s10.3)."""


Rule = Callable[[Sequence[Line]], Iterator[Line]]


def check(lines: Sequence[str]) -> list[str]:
    """The broken rules with the lines that break them, rule by rule; empty for a sound log."""
    unread = [f"{UNREAD}: {line}" for line in lines if read(line) is None]
    known = [line for line in map(read, lines) if line is not None]
    broken = ((rule, line) for rule in RULES for line in rule(known))
    return unread + [f"{rule.__doc__}: {line.whole}" for rule, line in broken]


def numbers_rise(lines: Sequence[Line]) -> Iterator[Line]:
    """s10.1 MIDs rise in the order of Start MID, DCIDs in that of New SMTP DCID"""
    for words in ("Start MID ", "New SMTP DCID "):
        numbered = [line for line in lines if line.begins(words)]
        for before, line in pairwise(numbered):
            if _first_number(line) <= _first_number(before):
                yield line


def _first_number(line: Line) -> int:
    return int(re.findall(r"\d+", line.text)[0])


def the_clock_never_runs_back(lines: Sequence[Line]) -> Iterator[Line]:
    """s10.2 the clock never runs back, except behind the header"""
    for before, line in pairwise(line for line in lines if not HEADER.match(line.text)):
        if line.at < before.at:
            yield line


def a_connection_is_opened_first(lines: Sequence[Line]) -> Iterator[Line]:
    """s10.3 a DCID other than 0 is used only after its New SMTP DCID"""
    opened: set[int] = set()
    for line in lines:
        if line.begins("New SMTP DCID ") and line.dcid:
            opened.add(line.dcid)
        elif line.dcid and line.dcid not in opened:
            yield line


@dataclass(slots=True)
class Course:
    """How far one connection has come."""

    tls: str = ""
    passed: bool = False
    ended: bool = False
    started: set[int] = field(default_factory=set)


def a_connection_takes_its_course(lines: Sequence[Line]) -> Iterator[Line]:
    """s10.4 New SMTP DCID, one TLS result, MTA-STS Successful, Delivery start, outcome: in order"""
    courses: dict[int, Course] = {}
    for line in lines:
        if line.begins("MTA-STS policy for the domain ") and line.text.endswith(" Successful."):
            waiting = [course for course in courses.values() if _may_pass(course)]
            if waiting:
                waiting[-1].passed = True
            else:
                yield line
        elif line.dcid and not _goes_on(courses.setdefault(line.dcid, Course()), line):
            yield line


def _may_pass(course: Course) -> bool:
    secured = "TLS success" in course.tls
    return secured and not (course.passed or course.started or course.ended)


def _goes_on(course: Course, line: Line) -> bool:
    """Whether the line may stand here; the course has then come that far."""
    if TLS_RESULT.match(line.text):
        fits = not (course.tls or course.started or course.ended)
        course.tls = line.text
    elif line.text.endswith("TLS was required but could not be successfully negotiated"):
        fits = "TLS success" not in course.tls and course.tls != "" and not course.started
        course.ended = True
    elif line.begins("Connection Error: ") or line.text.endswith(" close"):
        fits = True
        course.ended = True
    elif line.begins("Delivery start ") and line.mid is not None:
        fits = not course.ended
        course.started.add(line.mid)
    elif OUTCOME.match(line.text):
        may_fail = course.ended and not line.begins("Message done ")
        fits = line.mid in course.started or may_fail
    else:
        fits = True
    return fits


def a_message_ends_in_one_piece(lines: Sequence[Line]) -> Iterator[Line]:
    """s10.5 Message done, Response, Message finished follow each other"""
    addressed: dict[int | None, set[int]] = {}
    settled: dict[int | None, set[int]] = {}
    for line, following in pairwise((*lines, None)):
        assert line is not None
        if found := re.match(r"MID \d+ ICID \d+ RID (\d+) To: ", line.text):
            addressed.setdefault(line.mid, set()).add(int(found[1]))
        done = line.begins("Message done ")
        if done or line.begins("Bounced: ", "Double bounce: "):
            settled.setdefault(line.mid, set()).update(line.rids)
        if following is None:
            return
        if done != _is_response(following) or (done and _about(line) != _about(following)):
            yield following
        through = addressed.get(line.mid) == settled.get(line.mid, set())
        ends = line.begins("Bounced: ", "Double bounce: ") or _is_response(line)
        if ends and through and not _finishes(following, line.mid):
            yield following


def _is_response(line: Line) -> bool:
    return re.match(r"MID \d+ RID \S+.* Response ", line.text) is not None


def _about(line: Line) -> tuple[int | None, frozenset[int]]:
    return line.mid, line.rids


def _finishes(line: Line, mid: int | None) -> bool:
    return line.begins("Message finished ") and line.mid == mid


def finished_is_the_last_line(lines: Sequence[Line]) -> Iterator[Line]:
    """s10.5 finished comes once all tried recipients are settled; it is a MID's last line"""
    open_: dict[int | None, set[int]] = {}
    finished: set[int] = set()
    for line in lines:
        if line.mid in finished:
            yield line
        if line.begins("Delivery start ", "Delayed: "):
            open_.setdefault(line.mid, set()).update(line.rids)
        elif line.begins("Message done ", "Bounced: ", "Double bounce: ", "Deleted: "):
            open_.setdefault(line.mid, set()).difference_update(line.rids)
        elif line.begins("Message aborted "):
            open_.pop(line.mid, None)
        elif line.begins("Message finished ") and line.mid is not None:
            finished.add(line.mid)
            if open_.pop(line.mid, None):
                yield line


def a_connection_carries_one_message(lines: Sequence[Line]) -> Iterator[Line]:
    """s10.6 a DCID carries one message at a time, and nothing after its close"""
    carried: dict[int, set[int]] = {}
    carriers: dict[int | None, int] = {}
    closed: set[int] = set()
    for line in lines:
        dcid = carriers.get(line.mid) if line.begins("Double bounce: ") else line.dcid
        if dcid is None:
            continue
        if line.dcid in closed and not EXPIRED.match(line.text):
            yield line
        if line.begins("Delivery start "):
            if carried.get(dcid):
                yield line
            carried[dcid] = set(line.rids)
            carriers[line.mid] = dcid
        elif OUTCOME.match(line.text):
            carried.setdefault(dcid, set()).difference_update(line.rids)
        elif line.text == f"DCID {dcid} close":
            closed.add(dcid)


def a_bounce_names_one_recipient(lines: Sequence[Line]) -> Iterator[Line]:
    """s10.7 bounces are one line each RID"""
    for line in lines:
        if line.begins("Bounced: ", "Delayed: ") and not re.search(r" to RID \d+ - ", line.text):
            yield line


def generated_mail_has_no_connection(lines: Sequence[Line]) -> Iterator[Line]:
    """s10.8 generated mail has ICID 0, no New SMTP ICID, no Message-ID and no Subject"""
    generated: set[int | None] = set()
    for line in lines:
        if re.match(r"Start MID \d+ ICID 0$", line.text):
            generated.add(line.mid)
        header = re.match(r"MID \d+ (?:Message-ID|Subject) ", line.text)
        if re.match(r"(?:New SMTP )?ICID 0 ", line.text) or (header and line.mid in generated):
            yield line


def values_are_as_python_writes_them(lines: Sequence[Line]) -> Iterator[Line]:
    """s10.9 RID lists are Python lists, quoted values Python's repr()"""
    listed = re.compile(
        r"(?:Delivery start|Message done) DCID \d+ MID \d+ to RID (.+?)(?: \[\(.*\]| )?"
        r"|MID \d+ to RID (.+) pending till .*"
        r"|Possible Delivery: DCID: \d+ MID \d+ to (.+)"
        r"|MID \d+ RID (.+?) Response .*"
    )
    quoted = re.compile(r"MID \d+ (?:RID .+? Response|Message-ID) (.*)")
    for line in lines:
        lists = re.fullmatch(listed, line.text)
        values = re.fullmatch(quoted, line.text)
        written = chain(_groups(lists, list), _groups(values, str))
        if not all(_is_written(text, kind) for text, kind in written):
            yield line


def _groups(found: re.Match[str] | None, kind: type) -> Iterable[tuple[str, type]]:
    return ((text, kind) for text in found.groups() if text is not None) if found else ()


def _is_written(text: str, kind: type) -> bool:
    try:
        value = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return False
    return isinstance(value, kind) and repr(value) == text


RULES: tuple[Rule, ...] = (
    numbers_rise,
    the_clock_never_runs_back,
    a_connection_is_opened_first,
    a_connection_takes_its_course,
    a_message_ends_in_one_piece,
    finished_is_the_last_line,
    a_connection_carries_one_message,
    a_bounce_names_one_recipient,
    generated_mail_has_no_connection,
    values_are_as_python_writes_them,
)

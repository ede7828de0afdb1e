"""The outcome: what becomes of each recipient after the mail hosts have been tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from seg_cli.terms import Reason

NO_REPLY = "000"
"""The code of what no SMTP reply decided."""

HARD = {
    Reason.DNS_NXDOMAIN: ("5.1.2", "Bad destination host"),
    Reason.NULL_MX: ("5.1.10", "Domain does not accept mail"),
    Reason.GIVEN_UP: ("5.3.0", "Other mail system problem"),  # inferred
}
UNKNOWN_ADDRESS = "Unknown address error"
EXPIRED = ("5.4.7", "Delivery expired (message too old)")
NETWORK_PROBLEM = ("4.4.0", "Other network problem")
NOT_ACCEPTING = ("4.3.2", "Not accepting messages at this time")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A retry schedule (AOS-30): attempts after the first; the rest in seconds."""

    max_retries: int = 100
    max_queue_lifetime: int = 259_200
    initial_retry: int = 60
    max_retry_time: int = 3600

    def wait(self, retries: int) -> timedelta:
        """How long to wait after so many retries: twice as long each time, up to the longest."""
        doublings = min(retries, 32)
        return timedelta(seconds=min(self.initial_retry << doublings, self.max_retry_time))


@dataclass(frozen=True, slots=True)
class History:
    """What a recipient has been through: retries made before this attempt, and time queued."""

    retries: int
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """A mail host answered for the recipient: an SMTP reply, as code and lines."""

    code: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotReached:
    """No mail host answered for the recipient; `permanent` for an answer of the DNS."""

    reason: Reason
    detail: str
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A security rule kept the message from every mail host; the log has shown why."""

    reason: Reason


Result = Answered | NotReached | HeldBack


@dataclass(frozen=True, slots=True)
class Delivered:
    """The host took it; its reply, without the code."""

    text: str


@dataclass(frozen=True, slots=True)
class Bounced:
    """It never will arrive; `code` is 000 without an SMTP reply."""

    status: str
    cause: str
    code: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delayed:
    """It waits until `due`; `status` is empty where the log has shown the cause already."""

    due: datetime
    status: str = ""
    cause: str = ""
    code: str = ""
    lines: tuple[str, ...] = ()


Outcome = Delivered | Bounced | Delayed


def settle(result: Result, history: History, at: datetime, schedule: Schedule) -> Outcome:
    """What becomes of one recipient that met with this result now.

    What fails for now waits, until retries or age are used up, whichever is first (AOS-30): the
    last attempt is made at the very end of the message's time in the queue.
    """
    match result:
        case Answered(code, lines) if code // 100 == 2:
            return Delivered(" ".join(lines))
        case Answered(code, lines) if code // 100 == 5:
            return Bounced("5.1.0", UNKNOWN_ADDRESS, str(code), lines)
        case NotReached(reason, detail, permanent=True):
            status, cause = HARD.get(reason, HARD[Reason.DNS_NXDOMAIN])
            return Bounced(status, cause, NO_REPLY, (detail,))
    expiry = history.queued_at + timedelta(seconds=schedule.max_queue_lifetime)
    if history.retries >= schedule.max_retries or at >= expiry:
        status, cause = EXPIRED
        return Bounced(status, cause, *last_words(result))
    return delayed(result, min(at + schedule.wait(history.retries), expiry))


def delayed(result: Result, due: datetime) -> Delayed:
    """The recipient waits; what a security rule holds back has no line of its own."""
    match result:
        case Answered(421):
            return Delayed(due, *NOT_ACCEPTING, *last_words(result))
        case Answered():
            return Delayed(due, "4.1.0", UNKNOWN_ADDRESS, *last_words(result))
        case NotReached():
            return Delayed(due, *NETWORK_PROBLEM, *last_words(result))
        case HeldBack():
            return Delayed(due, "", "", *last_words(result))
        case _:
            assert_never(result)


def last_words(result: Result) -> tuple[str, tuple[str, ...]]:
    """The cause of the last failure: an SMTP code and its lines, or 000 and a few words."""
    match result:
        case Answered(code, lines):
            return str(code), lines
        case NotReached(_, detail):
            return NO_REPLY, (detail,)
        case HeldBack(reason):
            return NO_REPLY, (reason.value,)
        case _:
            assert_never(result)

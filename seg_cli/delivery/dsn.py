"""Delivery status notifications: a notice as a message (RFC 3464, RFC 6522). Pure.

Whatever strangers wrote, addresses and replies, is printable and on one line before it stands in
a header. All is ASCII, so every host can take it: text of other letters is encoded, and a message
that is not ASCII comes back as its header alone.
"""

import quopri
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime
from enum import StrEnum
from itertools import count

from seg_cli.delivery.queue import QueuedMessage
from seg_cli.policy.outcome import NO_REPLY
from seg_cli.printable import printable
from seg_cli.smtp.transparency import ANY_LINE_END
from seg_cli.terms import Mid

MAX_BOUNCE_COPY = 10_240
"""Octets: a longer message comes back as its header alone."""

LONGEST_LINE = 998
"""RFC 5322 s2.1.1."""

LONGEST_VALUE = 900
"""Characters of what strangers wrote; nothing is folded, so one line holds it."""

ON_ONE_LINE = compat32.clone(max_line_length=None)


class Action(StrEnum):
    """What was done (RFC 3464 s2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why one recipient does not have the message; `remote` is the host that said so, if any."""

    address: str
    status: str
    cause: str
    code: str
    lines: tuple[str, ...]
    remote: str = ""

    @property
    def diagnosis(self) -> str:
        """As bounces spell it: `5.1.0 - Unknown address error 550-'No such user'`."""
        said = repr(" ".join(self.lines))
        return f"{self.status} - {self.cause} {said if self.code == NO_REPLY else self._coded}"

    @property
    def _coded(self) -> str:
        return f"{self.code}-{' '.join(self.lines)!r}"


@dataclass(frozen=True, slots=True)
class Notice:
    """Who is told what about which message. Of what is delayed, `until` is when it expires."""

    action: Action
    to: str
    original: QueuedMessage
    troubles: tuple[Trouble, ...]
    dsn_format: bool = True
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """Who sends a notice, under which number, and when, in the appliance's own time zone."""

    hostname: str
    mid: Mid
    at: datetime


SUBJECTS = {
    Action.FAILED: "Delivery Status Notification (Failure)",
    Action.DELAYED: "Delivery Status Notification (Delay)",
}
OPENINGS = {
    Action.FAILED: "The following message to <{address}> was undeliverable.",
    Action.DELAYED: "The following message to <{address}> has not been delivered yet.",
}
REASON = "The reason for the problem:"


def compose(notice: Notice, issue: Issue) -> bytes:
    """The whole message, with CRLF line ends."""
    text = text_of(notice, issue)
    copy = copy_of(notice.original.content)
    kind = "report" if notice.dsn_format else "mixed"
    message = MIMEMultipart(kind, boundary=boundary_beside(text, copy, issue.mid))
    if notice.dsn_format:
        message.set_param("report-type", "delivery-status")
    message["Date"] = format_datetime(issue.at)
    message["From"] = f"Mail Delivery System <MAILER-DAEMON@{issue.hostname}>"
    message["To"] = f"<{on_one_line(notice.to)}>"
    message["Subject"] = SUBJECTS[notice.action]
    message["Message-ID"] = f"<{issue.at:%Y%m%d%H%M%S}.{issue.mid}@{issue.hostname}>"
    message["Auto-Submitted"] = "auto-replied"  # RFC 3834 s5
    message.attach(MIMEText(text))
    if notice.dsn_format:
        message.attach(status_part(notice, issue))
    message.attach(copy)
    return ANY_LINE_END.sub(b"\r\n", message.as_bytes(policy=ON_ONE_LINE))


def text_of(notice: Notice, issue: Issue) -> str:
    """What a person reads: a paragraph for each recipient."""
    lines: list[str] = []
    for trouble in notice.troubles:
        opening = OPENINGS[notice.action].format(address=printable(trouble.address)[:LONGEST_VALUE])
        lines += [opening, REASON, printable(trouble.diagnosis)[:LONGEST_VALUE], ""]
    if notice.until is not None:
        until = format_datetime(notice.until.astimezone(issue.at.tzinfo))
        lines += [
            "You do not need to send it again.",
            f"Delivery will be tried until {until}.",
            "",
        ]
    return "\n".join(lines)


# The report that programs read


def status_part(notice: Notice, issue: Issue) -> Message:
    """The fields of the message, then those of each recipient (RFC 3464 s2.1)."""
    part = Message()
    part["Content-Type"] = "message/delivery-status"
    arrived = notice.original.queued_at.astimezone(issue.at.tzinfo)
    part.attach(
        fields(
            {
                "Reporting-MTA": f"dns; {issue.hostname}",
                "Arrival-Date": format_datetime(arrived),
            }
        )
    )
    for trouble in notice.troubles:
        part.attach(fields(recipient_fields(trouble, notice, issue)))
    return part


def recipient_fields(trouble: Trouble, notice: Notice, issue: Issue) -> dict[str, str]:
    """One recipient (RFC 3464 s2.3), addressed as the sender did it."""
    address = typed_address(trouble.address)
    values = {
        "Original-Recipient": address,
        "Final-Recipient": address,
        "Action": notice.action.value,
        "Status": trouble.status,
        "Remote-MTA": f"dns; {trouble.remote}" if trouble.remote else "",
        "Diagnostic-Code": diagnostic_code(trouble),
        "Last-Attempt-Date": format_datetime(issue.at),
    }
    if notice.until is not None:
        values["Will-Retry-Until"] = format_datetime(notice.until.astimezone(issue.at.tzinfo))
    return {name: value for name, value in values.items() if value}


def typed_address(address: str) -> str:
    """An address with its type: letters beyond ASCII are spelt as RFC 6533 s3 says."""
    shown = printable(address)
    if shown.isascii():
        return f"rfc822; {shown}"
    spelt = (char if char.isascii() else f"\\x{{{ord(char):X}}}" for char in shown)
    return f"utf-8; {''.join(spelt)}"


def diagnostic_code(trouble: Trouble) -> str:
    """What the host said, or in a type of our own what kept us from reaching one."""
    said = " ".join(trouble.lines)
    return f"x-local; {said}" if trouble.code == NO_REPLY else f"smtp; {trouble.code} {said}"


def fields(values: dict[str, str]) -> Message:
    block = Message()
    for name, value in values.items():
        block[name] = on_one_line(value)
    return block


def on_one_line(text: str) -> str:
    """Text from outside as a header may hold it."""
    return printable(text).encode("ascii", "backslashreplace").decode("ascii")[:LONGEST_VALUE]


# The message it is about


def copy_of(content: bytes) -> Message:
    """The message as it came where every host can take it, else its header."""
    lines = ANY_LINE_END.sub(b"\n", content)
    part = Message()
    if len(content) <= MAX_BOUNCE_COPY and is_plain(lines):
        part["Content-Type"] = "message/rfc822"
        part.set_payload(lines.decode("ascii"))
        return part
    header = lines.partition(b"\n\n")[0] + b"\n"
    part["Content-Type"] = "text/rfc822-headers"
    if not is_plain(header):
        part["Content-Transfer-Encoding"] = "quoted-printable"
        header = quopri.encodestring(header)
    part.set_payload(header.decode("ascii"))
    return part


def is_plain(lines: bytes) -> bool:
    """Whether it may pass as 7bit (RFC 2045 s2.7)."""
    fits = all(len(line) <= LONGEST_LINE for line in lines.split(b"\n"))
    return fits and lines.isascii() and b"\0" not in lines


def boundary_beside(text: str, copy: Message, mid: Mid) -> str:
    """A boundary that occurs in neither part, whoever wrote them."""
    beside = text + str(copy.get_payload())
    candidates = (f"=_{mid}.{number}_=" for number in count())
    return next(candidate for candidate in candidates if candidate not in beside)

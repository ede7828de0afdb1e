"""Sending into the appliance's listener, as a mail host of the lab would."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from seg_cli.net.world import LAB_PATIENCE
from seg_cli.policy.facts import Failed
from seg_cli.smtp.client import SmtpClient
from seg_cli.smtp.replies import Reply

LINE = "The quick brown fox jumps over the lazy dog.\r\n"


@dataclass(frozen=True, slots=True)
class Parcel:
    """Messages to send: each to all recipients, `size` octets of body at least."""

    sender: str
    recipients: tuple[str, ...]
    count: int = 1
    size: int = 0


async def send_messages(
    sock: socket.socket, hostname: str, parcel: Parcel, at: datetime, serials: Iterator[int]
) -> list[str]:
    """The listener's last reply to each message, as it was received; each has a serial number."""
    client = SmtpClient.over(sock, LAB_PATIENCE)
    replies: list[str] = []
    try:
        greeting = await client.greet()
        hello = await client.ehlo(hostname)
        if isinstance(greeting, Failed) or isinstance(hello, Failed):
            return [said(greeting if isinstance(greeting, Failed) else hello)]
        if not greeting.is_positive:
            return [said(greeting)]
        for number in range(1, parcel.count + 1):
            content = compose(parcel, f"{next(serials)}@{hostname}", number, at)
            transaction = await client.send(parcel.sender, parcel.recipients, content)
            replies += list(dict.fromkeys(said(answer) for answer in transaction.answers))
    finally:
        await client.quit()
    return replies


def said(answer: object) -> str:
    """A reply as it was received, or what the network said instead."""
    match answer:
        case Reply():
            return str(answer)
        case Failed(reason, _, detail):
            return detail or reason.value
        case _:
            return str(answer)


def compose(parcel: Parcel, serial: str, number: int, at: datetime) -> bytes:
    """One message with the headers a mail program writes; with the time to the microsecond in
    front, the serial number of one run is unlike that of any other run."""
    headers = (
        f"From: <{parcel.sender}>",
        f"To: {', '.join(f'<{address}>' for address in parcel.recipients)}",
        f"Subject: Test message {number}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{at:%Y%m%d%H%M%S.%f}.{serial}>",
    )
    body = LINE * max(1, -(-parcel.size // len(LINE)))
    return ("\r\n".join(headers) + "\r\n\r\n" + body).encode()

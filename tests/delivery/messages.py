"""Tiny builders of what waits in the queue, so that a case fits one line."""

from datetime import UTC, datetime, timedelta

from seg_cli.delivery.queue import QueuedMessage, Recipient
from seg_cli.terms import Mid, Rid

NOW = datetime(2024, 9, 26, 15, 23, 39, tzinfo=UTC)
HOUR = timedelta(hours=1)


def message(mid: int, *to: str, at: datetime = NOW) -> QueuedMessage:
    recipients = tuple(Recipient(Rid(number), address) for number, address in enumerate(to))
    return QueuedMessage(Mid(mid), "me@here.example", recipients, b"hi", at)


MESSAGE = message(7, "a@one.example", "b@two.example", "c@One.example")

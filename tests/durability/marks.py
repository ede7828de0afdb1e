"""How the messages of a scenario are told apart: by the mark in their subject.

A notice bears the mark of the message it is about, for that comes back in it.
"""

import re

SUBJECT = re.compile(rb"^Subject: (\S+)", re.MULTILINE)


def mark_of(content: bytes) -> str:
    """The mark of a message, or of the notice about one."""
    *own, mark = (found.decode() for found in SUBJECT.findall(content))
    return notice_of(mark) if own else mark


def notice_of(mark: str) -> str:
    """The mark of the notice about a message."""
    return f"notice of {mark}"

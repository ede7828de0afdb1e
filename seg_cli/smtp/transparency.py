"""Mail data on the wire and off it: line ends and leading dots (RFC 5321 s4.5.2)."""

import re
from typing import Final

CRLF: Final = b"\r\n"
FINAL_DOT: Final = b".\r\n"
END_OF_DATA: Final = CRLF + FINAL_DOT

ANY_LINE_END: Final = re.compile(rb"\r\n|\r|\n")


def dot_stuff(message: bytes) -> bytes:
    """The message ready for the wire up to, not including, the final dot.

    Every line end becomes CRLF: a bare CR or LF beside a dot could end the message early at a
    lax receiver (SMTP smuggling).
    """
    lines = message if _has_crlf_only(message) else ANY_LINE_END.sub(CRLF, message)
    stuffed = lines.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed if not stuffed or stuffed.endswith(CRLF) else stuffed + CRLF


def _has_crlf_only(message: bytes) -> bool:
    """Whether every CR and every LF is part of a CRLF; counting is far quicker than matching."""
    pairs = message.count(CRLF)
    return message.count(b"\r") == pairs and message.count(b"\n") == pairs


def dot_unstuff(data: bytes) -> bytes:
    """The message from mail data whose final dot line was removed."""
    unstuffed = data.replace(b"\r\n.", b"\r\n")
    return unstuffed.removeprefix(b".")


def has_bare_line_end(data: bytes) -> bool:
    """Whether there is a CR or an LF outside CRLF, which RFC 5321 s2.3.8 forbids."""
    whole = data.count(CRLF)
    return data.count(b"\r") != whole or data.count(b"\n") != whole

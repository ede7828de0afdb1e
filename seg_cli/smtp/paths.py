"""What stands after MAIL and RCPT (RFC 5321 s4.1.1.2, RFC 1870)."""

import re
from dataclasses import dataclass
from typing import Final

PATH: Final = re.compile(r"\s*(?:<([^<>\x00-\x1f\x7f]*)>|([^<>\s\x00-\x1f\x7f]+))(?:\s+(.*))?")
SIZE: Final = re.compile(r"(?:^|\s)SIZE=([0-9]{1,20})(?:\s|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Path:
    """An address without its brackets, and the declared size, 0 if there was none."""

    address: str
    size: int = 0


def parse_path(keyword: str, argument: str) -> Path | None:
    """`FROM:<a@b> SIZE=1` as programs write it, `from: a@b` as people do; None if it is neither."""
    if not argument.upper().startswith(keyword):
        return None
    match = PATH.fullmatch(argument, len(keyword))
    if match is None:
        return None
    size = SIZE.search(match[3] or "")
    address = match[2] if match[1] is None else match[1]
    return Path(address.strip(), int(size[1]) if size else 0)

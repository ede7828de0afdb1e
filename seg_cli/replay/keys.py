"""What is typed: the text of an answer, with the names of its keys turned into what they do."""

import re

from seg_cli.errors import EndOfInput, Interrupted, UserError

TYPE = "<type>"
CTRL_C = "<Ctrl-C>"
CTRL_D = "<Ctrl-D>"
SPACE = "<Space>"

Typed = str | type[Interrupted] | type[EndOfInput]
"""A line, Ctrl-C or Ctrl-D."""

_NOT_YET = re.compile(r"<(?:Tab|Up|Idle [^>]*|secret:[^>]*)>")


class UnsupportedKey(UserError):
    """A key that exists in the format and cannot be replayed."""


def is_keyed(text: str) -> bool:
    """Whether a line of a transcript is typed where nothing asks."""
    return text in (CTRL_C, CTRL_D) or text.startswith(TYPE)


def typed(answer: str) -> Typed:
    """What an answer does; raises UnsupportedKey. Ctrl-C throws away what stands before it."""
    unsupported = _NOT_YET.search(answer)
    if unsupported is not None:
        raise UnsupportedKey(f"{unsupported.group()} cannot be replayed")
    if answer.endswith(CTRL_C):
        return Interrupted
    if answer == CTRL_D:
        return EndOfInput
    return answer.removeprefix(TYPE).replace(SPACE, " ")

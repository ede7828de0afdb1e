"""Text from outside made safe to show: the one way into logs and onto terminals.

SMTP replies, headers, banners and TXT records are written by strangers. Control characters and
escape sequences in them could forge a log line or drive the operator's terminal.
"""


def printable(outside: bytes | str) -> str:
    r"""The same text with each unprintable character spelt as an escape, such as `\x1b` or `\n`.

    Unprintable are control, format (also bidirectional overrides) and separator characters but
    the blank, and bytes that are not UTF-8. What is printable comes back unchanged, so applying
    it twice does no harm.
    """
    text = outside if isinstance(outside, str) else outside.decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def whole(typed: str) -> str:
    """The same text with each half of a surrogate pair replaced by U+FFFD.

    Python reads bytes that are no UTF-8 so (arguments, terminals); no such text can be written,
    sent or searched for.
    """
    if typed.isascii():
        return typed
    return typed.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")

"""Standard streams that cannot take a program down: closed ones, narrow ones, ones nobody reads."""

import os
import sys

BOTH_WAYS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


def prepare() -> None:
    """Put /dev/null in place of a closed stream; spell what a stream cannot hold."""
    for name, mode in BOTH_WAYS:
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115, PTH123 - for the whole life
    _tolerate(sys.stdin, "replace")
    _tolerate(sys.stdout, "backslashreplace")


def let_go() -> bool:
    """Write what is left; False if nobody reads it, which Python would complain of at its exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


def _tolerate(stream: object, errors: str) -> None:
    """Only what Python opened can be told; a test's stand-in cannot."""
    if (reconfigure := getattr(stream, "reconfigure", None)) is not None:
        reconfigure(errors=errors)

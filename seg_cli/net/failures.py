"""What the operating system says went wrong, turned into values once and for every door."""

import errno
import os
from typing import Final

from seg_cli.policy.facts import Failed
from seg_cli.terms import Reason

REASONS: Final = {
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.ECONNRESET: Reason.DISCONNECTED,
    errno.EPIPE: Reason.DISCONNECTED,
    errno.ECONNABORTED: Reason.DISCONNECTED,
    errno.ETIMEDOUT: Reason.TIMED_OUT,
}
"""Everything else is a network error (`UNREACHABLE`)."""


def network_failure(error: OSError | EOFError) -> Failed:
    """The failure as a value; always temporary, for the same host may answer in a minute.

    `detail` is worded as mail_logs has it: `timeout`, `EOF`, or
    `[Errno 104] Connection reset by peer`. The words come from the error number alone: asyncio's
    own text names the socket address, which in a lab is not the one the appliance knows.
    """
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, TimeoutError) and number is None:
        return Failed(Reason.TIMED_OUT, detail="timeout")
    if number is None:
        return Failed(Reason.DISCONNECTED, detail="EOF")
    reason = REASONS.get(number, Reason.UNREACHABLE)
    return Failed(reason, detail=f"[Errno {number}] {os.strerror(number)}")

"""How a program that holds an appliance open is ended from outside: SIGTERM, and SIGHUP when its
terminal is closed. The appliance is closed in good order, and the terminal gets its echo back.
"""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGHUP)
SIGNALLED = 128
"""An exit status is this and the number of the signal, as shells have it."""


def run_to_end(work: Coroutine[Any, Any, int | None]) -> int:
    """Run the work on a loop of its own, cancelled at the first of SIGNALS; its exit status.

    A second signal does what it does to any process. One that is ignored (nohup) stays ignored.
    """
    return asyncio.run(_run(work))


async def _run(work: Coroutine[Any, Any, int | None]) -> int:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    heeded = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    received: list[int] = []

    def end(number: int) -> None:
        received.append(number)
        for each in heeded:
            loop.remove_signal_handler(each)
        task.cancel()

    for number in heeded:
        loop.add_signal_handler(number, end, number)
    try:
        return await task or 0
    except asyncio.CancelledError:
        if not received:
            raise
        return SIGNALLED + received[0]

"""seg-cli on a terminal: the painted prompt takes keys before anything else is loaded.

While the operator types, a thread imports what a login needs (`load`); then the network comes up.
"""

import asyncio
import signal
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from seg_cli.fronts.paint import Paint
from seg_cli.fronts.terminal import TerminalTeletype
from seg_cli.programs.ending import run_to_end

if TYPE_CHECKING:  # imported in the thread
    from seg_cli.programs.opening import Opening, S, Site

CONSOLE = "seg_cli.programs.console"


def main(load: "Callable[[], Opening[S]]", paint: Paint) -> int:
    """Hold logins on the terminal until one ends the console, or a signal; the exit status."""
    return run_to_end(attend(load, paint))


async def attend(load: "Callable[[], Opening[S]]", paint: Paint) -> None:
    """Read the first command at once, and log in behind it."""
    front = TerminalTeletype(paint)
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, front.interrupt)
    async with front.reading_ahead(paint.prompt):
        opening = await asyncio.to_thread(load)
        program = await asyncio.to_thread(import_module, CONSOLE)
        await program.console(opening, front, "", partial(wake, opening.modules))


async def wake(modules: Iterable[str], station: "Site") -> None:
    """Bring the network up, so that what waits in the queue is delivered."""
    for module in modules:  # in a thread, for the event loop would not take keys meanwhile
        await asyncio.to_thread(import_module, module)
    await station.appliance.network()

"""seg-cli on a terminal: the painted prompt takes keys before anything else is loaded.

While the operator types, a thread imports what a login needs; then the network comes up.
"""

import asyncio
import signal
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from seg_cli.fronts.paint import Paint
from seg_cli.fronts.terminal import TerminalTeletype
from seg_cli.programs.ending import run_to_end

if TYPE_CHECKING:  # imported in the thread
    from seg_cli.lab.station import Station
    from seg_cli.programs.opening import Opening

Load = Callable[[], "Opening"]
"""Imports what it takes to open an appliance."""

CONSOLE = "seg_cli.programs.console"
NETWORK = ("seg_cli.delivery.on_demand", "seg_cli.lab.internet", "seg_cli.logs.mail_logs")


def main(load: Load, paint: Paint) -> int:
    """Hold logins on the terminal until one ends the console, or a signal; the exit status."""
    return run_to_end(attend(load, paint))


async def attend(load: Load, paint: Paint) -> None:
    """Read the first command at once, and log in behind it."""
    front = TerminalTeletype(paint)
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, front.interrupt)
    async with front.reading_ahead(paint.prompt):
        opening = await asyncio.to_thread(load)
        program = await asyncio.to_thread(import_module, CONSOLE)
        await program.console(opening, front, "", wake)


async def wake(station: "Station") -> None:
    """Bring the network up, so that what waits in the queue is delivered."""
    for module in NETWORK:  # in a thread, for the event loop would not take keys meanwhile
        await asyncio.to_thread(import_module, module)
    await station.appliance.network()

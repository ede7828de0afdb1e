"""seg-cli: the console of the appliance, for as many logins in a row as the operator wants."""

import asyncio
import signal

from seg_cli.fronts.plain import PlainTeletype
from seg_cli.programs.opening import Opening
from seg_cli.shell.greeting import BANNER, LAB_NOTICES
from seg_cli.shell.loop import login
from seg_cli.shell.session import Ending


def main(opening: Opening) -> int:
    """Hold logins until one ends the console; always 0."""
    asyncio.run(console(opening))
    return 0


async def console(opening: Opening) -> None:
    """Log in, and again after `lab restart` and `lab reset`."""
    teletype = PlainTeletype()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, teletype.interrupt)
    station = opening.station()
    try:
        while True:
            teletype.write(f"{BANNER}\n{LAB_NOTICES}\n")
            session = opening.session(station, teletype)
            match await login(session, opening.commands(station), opening.log_fault):
                case Ending.LOGGED_OUT:
                    return
                case Ending.RESTART:
                    await station.restart()
                case Ending.RESET:
                    await station.reset()
    finally:
        await station.close()

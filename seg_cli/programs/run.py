"""seg-cli run 'CMD; CMD': command lines without a terminal."""

import asyncio

from seg_cli.fronts.plain import PlainTeletype
from seg_cli.programs.opening import Opening
from seg_cli.shell.loop import run_lines


def main(opening: Opening, text: str) -> int:
    """Run the lines of the text; the status of the last one that ran."""
    return asyncio.run(run(opening, text))


async def run(opening: Opening, text: str) -> int:
    """Run the lines, wait until the engine is quiet, and close the appliance."""
    station, logins = opening.station(), opening.logins
    try:
        session = logins.session(station, PlainTeletype())
        status = await run_lines(session, logins.commands(station), text, logins.log_fault)
        await station.appliance.quiet()
    finally:
        await station.close()
    return int(status)

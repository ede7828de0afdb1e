"""seg-cli run 'CMD; CMD': command lines without a terminal.

Lines that wait for nothing run without an event loop: to load one takes longer than to run them.
"""
# ruff: noqa: PLC0415 - see above

from collections.abc import Coroutine
from typing import Any, TypeVar

from seg_cli.dialogue.teletype import Teletype
from seg_cli.programs.opening import Logins, Opening, S
from seg_cli.programs.telling import tell_troubles, tell_what_is_lost
from seg_cli.shell.loop import Status, commands_in, run_lines

T = TypeVar("T")


def main(opening: Opening[S], text: str) -> int:
    """Run the lines of the text; the status of the last one that ran."""
    station = opening.station()
    commands = opening.logins.commands(station)
    waits = any(command.waits for command in commands_in(text, commands))
    way = run_on_a_loop if waits else run_at_once
    return int(way(station, opening.logins, text))


def run_at_once(station: S, logins: Logins[S], text: str) -> Status:
    """Run lines that wait for nothing but answers on standard input."""
    from seg_cli.fronts.batch import BatchTeletype

    return finish(run(station, logins, text, BatchTeletype()))


def run_on_a_loop(station: S, logins: Logins[S], text: str) -> int:
    """Run lines of which one waits; Ctrl-C ends what runs, and the rest is left out."""
    import asyncio
    import signal

    from seg_cli.fronts.plain import PlainTeletype
    from seg_cli.programs.ending import run_to_end

    async def main() -> Status:
        front = PlainTeletype()
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, front.interrupt)
        return await run(station, logins, text, front)

    return run_to_end(main())


async def run(station: S, logins: Logins[S], text: str, front: Teletype) -> Status:
    """Run the lines, wait until the engine is quiet, and close the appliance."""
    try:
        session = logins.session(station, front)
        status = await run_lines(session, logins.commands(station), text, logins.log_fault)
        tell_what_is_lost(session)
        await station.appliance.quiet()
    finally:
        await station.close()
        tell_troubles(station.troubles)
    return status


def finish(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that waits for nothing; RuntimeError if it does wait."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("A command waits that is said not to.")

"""seg-cli: the console of the appliance, for as many logins in a row as the operator wants."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from seg_cli.dialogue.teletype import Teletype
from seg_cli.fronts.idle import IdleLimit
from seg_cli.programs.ending import run_to_end
from seg_cli.programs.opening import Logins, Opening, S, Site
from seg_cli.programs.telling import EXPIRED, tell, tell_troubles, tell_what_is_lost
from seg_cli.shell.loop import login
from seg_cli.shell.session import Ending, Session


class Front(Teletype, Protocol):
    """A Teletype that a person's Ctrl-C reaches as a signal."""

    def interrupt(self) -> None:
        """End what runs."""


def main(opening: Opening[S], front: Callable[[], Front]) -> int:
    """Hold logins until one ends the console, or a signal does; the exit status."""
    return run_to_end(console(opening, front(), opening.greeting, nothing))


async def nothing(_: Site) -> None:
    """What goes on beside a login from a pipe."""


async def console(
    opening: Opening[S],
    front: Front,
    first_greeting: str,
    beside: Callable[[S], Coroutine[Any, Any, None]],
) -> None:
    """Log in, and again after `lab restart` and `lab reset`.

    `first_greeting` is what is still to be printed: nothing, where it was painted already.
    `beside` goes on while a login is held; what it raises is told by whoever needs its outcome.
    """
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, front.interrupt)
    station = opening.station()
    greeting = first_greeting
    try:
        while True:
            front.write(greeting)
            session = opening.logins.session(station, IdleLimit(front))
            aside = asyncio.ensure_future(beside(station))
            try:
                ending = await hold_login(station, opening.logins, session)
            finally:
                aside.cancel()
                await asyncio.gather(aside, return_exceptions=True)
            if ending is Ending.EXPIRED:
                tell(EXPIRED)
            if ending is not Ending.RESET:
                tell_what_is_lost(session)
            if ending in {Ending.LOGGED_OUT, Ending.EXPIRED}:
                return
            greeting = opening.greeting
    finally:
        await station.close()
        tell_troubles(station.troubles)


async def hold_login(station: S, logins: Logins[S], session: Session) -> Ending:
    """One login to its end, and what the station does at such an end."""
    ending = await login(session, logins.commands(station), logins.log_fault)
    await station.go_on(ending)
    return ending

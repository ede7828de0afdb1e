"""What the words after `lab` do."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from seg_cli.dialogue.questions import YesNo
from seg_cli.errors import Invalid
from seg_cli.lab import breaking, browsing, certificates, explain, hosts, policies, questions
from seg_cli.lab.command import USAGE
from seg_cli.lab.sending import Parcel, send_messages
from seg_cli.lab.station import Station
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Ending, Session

SPAN = re.compile(r"(\d{1,6})([smhd])", re.ASCII)
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
RESET = "Do you want to put configuration, queue, caches, logs and lab back to the beginning?"
NO_TIMER = "Nothing is due: no message waits, and no connection is to be closed."
NUMBERS = {"count": (1, 10_000), "size": (0, 9_000_000)}

Verb = Callable[[Station, Session, tuple[str, ...]], Awaitable[None]]


async def run(station: Station, session: Session, arguments: Arguments) -> None:
    """Do what the second word says."""
    verb, *rest = arguments.words or ("help",)
    if verb not in VERBS:
        session.console.say("Usage:", *USAGE.split("\n"))
        return
    await VERBS[verb](station, session, tuple(rest))


async def send(station: Station, session: Session, words: tuple[str, ...]) -> None:
    """Speak SMTP to the listener from the lab's client, and print the listener's own replies."""
    parcel = parse_parcel(words, station.spec.client.hostname)
    network = await session.appliance.network()
    lab = await station.lab()
    client = station.spec.client
    with lab.socket_from(client.address) as sock:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, network.listener_address)
        now = station.plan.clock.now()
        replies = await send_messages(sock.dup(), client.hostname, parcel, now, station.serials)
        session.console.say(*replies)


def parse_parcel(words: tuple[str, ...], client: str) -> Parcel:
    """What to send; raises Invalid for a word that makes no sense."""
    given = {"from": f"user@{client}", "to": "user@domain.com", "count": "1", "size": "0"}
    for word in words:
        key, equals, value = word.partition("=")
        if key not in given or not equals or not value:
            raise Invalid(f"Invalid arguments when processing lab: {printable(word)}")
        given[key] = value
    numbers = {key: parse_number(key, given[key]) for key in NUMBERS}
    recipients = tuple(given["to"].split(","))
    if not all(map(is_address, (given["from"], *recipients))):
        raise Invalid("Invalid arguments when processing lab: an address is user@domain.com")
    return Parcel(given["from"], recipients, numbers["count"], numbers["size"])


def is_address(text: str) -> bool:
    """Whether the lab's client can send from or to this."""
    return "@" in text and text.isascii() and text.isprintable()


def parse_number(key: str, text: str) -> int:
    """A number within the limits of its key; raises Invalid."""
    low, high = NUMBERS[key]
    if not (text.isascii() and text.isdigit() and len(text) < 9 and low <= int(text) <= high):
        raise Invalid(f"Invalid arguments when processing lab: {key} is from {low} to {high}")
    return int(text)


async def advance(station: Station, session: Session, words: tuple[str, ...]) -> None:
    """Let time pass; what falls due on the way happens at its own time."""
    by = await span_to_next(station) if words == ("next",) else parse_span(words)
    if by is None:
        session.console.say(NO_TIMER)
        return
    await station.advance(by)
    session.console.say(f"It is now {session.appliance.date()}.")


async def span_to_next(station: Station) -> timedelta | None:
    """How far it is to what is due next: a retry, a refresh, the close of a connection."""
    due = await station.next_due()
    return None if due is None else max(timedelta(), due - station.plan.clock.now())


def parse_span(words: tuple[str, ...]) -> timedelta:
    """A span such as `15m`; raises Invalid."""
    match = SPAN.fullmatch(words[0]) if len(words) == 1 else None
    if match is None:
        raise Invalid(
            "Invalid arguments when processing lab: say how far, such as 90s, 15m, 2h or next"
        )
    return timedelta(**{UNITS[match[2]]: int(match[1])})


async def restart(_: Station, session: Session, __: tuple[str, ...]) -> None:
    """End this login; whoever holds it starts the appliance again and logs in anew."""
    session.leave(Ending.RESTART)


async def reset(_: Station, session: Session, __: tuple[str, ...]) -> None:
    """Ask once, then end this login; whoever holds it puts the station back."""
    if await session.console.ask(YesNo("reset", RESET, default=False)):
        session.leave(Ending.RESET)


VERBS: Mapping[str, Verb] = {
    "hosts": hosts.run,
    "browse": browsing.run,
    "certificates": certificates.run,
    "break": breaking.break_,
    "mend": breaking.mend_,
    "send": send,
    "policies": policies.run,
    "questions": questions.run,
    "explain": explain.run,
    "advance": advance,
    "restart": restart,
    "reset": reset,
}

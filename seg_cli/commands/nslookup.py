"""nslookup: one name through the appliance's own resolver, a line a record with its TTL."""

from typing import assert_never

from seg_cli.address_literals import is_address
from seg_cli.commands.query_types import QUERY_TYPE, TYPE_NAMES
from seg_cli.dialogue.entries import Host
from seg_cli.dialogue.hosts import HostForm, parse_host
from seg_cli.errors import Invalid
from seg_cli.policy.facts import Absent, Failed, Found
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session
from seg_cli.terms import Reason

NAME = frozenset({HostForm.HOSTNAME, HostForm.DNS_NAME, HostForm.ADDRESS})
QUESTION = "Please enter the host or IP address to resolve."
BAD_ARGUMENTS = "Invalid arguments when processing nslookup:"
FAILURES = {Reason.DNS_MALFORMED: "DNS Malformed Query Error"}
UNITS = ((86_400, "d"), (3600, "h"), (60, "m"))


async def run(session: Session, arguments: Arguments) -> None:
    """Ask for host and type unless the line names them; an address is reversed."""
    if arguments.words:
        name, rdtype = parse_line(arguments.words)
    else:
        name = await session.console.ask(Host("host", QUESTION, forms=NAME))
        rdtype = "PTR" if is_address(name) else await session.console.ask(QUERY_TYPE)
    session.console.say(*await result_lines(session, name, rdtype))


def parse_line(words: tuple[str, ...]) -> tuple[str, str]:
    """Host and type of a batch line; raises Invalid."""
    if len(words) > 2 or (len(words) == 2 and words[1].upper() not in TYPE_NAMES):
        raise Invalid(f"{BAD_ARGUMENTS} {printable(' '.join(words))}")
    try:
        name = parse_host(words[0], NAME)
    except Invalid:
        raise Invalid(f"{BAD_ARGUMENTS} {printable(words[0])}") from None
    default = "PTR" if is_address(name) else "A"
    return name, words[1].upper() if len(words) == 2 else default


async def result_lines(session: Session, name: str, rdtype: str) -> list[str]:
    """A line a record, or the one that says why there is none."""
    from seg_cli.commands.nslookup_answer import ask  # noqa: PLC0415 - loads the DNS library

    network = await session.appliance.network()
    match await ask(network.resolver, name, rdtype):
        case Found(records):
            return [f"{rdtype}={printable(data)} TTL={duration(ttl)}" for data, ttl in records]
        case Absent(reason):
            return [f"DNS Hard Error looking up {name} ({rdtype}): {reason.value}"]
        case Failed(reason):
            opening = FAILURES.get(reason, "Temporary query error")
            return [f"{opening} looking up {name} ({rdtype}): {reason.value}"]
        case never:
            assert_never(never)


def duration(seconds: int) -> str:
    """A time in the appliance's units: `30m`, `1h 30m`, `2d`, `45s`."""
    left = seconds
    parts = []
    for size, unit in UNITS:
        if left >= size:
            parts.append(f"{left // size}{unit}")
            left %= size
    if left or not parts:
        parts.append(f"{left}s")
    return " ".join(parts)

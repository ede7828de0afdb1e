"""tophosts: the 20 recipient hosts with the most of something.

tophosts active_rcpts | conn_out | deliv_recips | hard_bounced | soft_bounced
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from seg_cli.dialogue.questions import Choice, Item
from seg_cli.errors import Invalid
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

MOST = 20
SORT: Choice[str] = Choice(
    "sort",
    "Sort results by:\n",
    (
        Item("Active Recipients", "active_rcpts"),
        Item("Connections Out", "conn_out"),
        Item("Delivered Recipients", "deliv_recips"),
        Item("Hard Bounced Recipients", "hard_bounced"),
        Item("Soft Bounced Events", "soft_bounced"),
    ),
    default="active_rcpts",
)
LEGEND = "Hosts marked with '*' were down as of the last delivery attempt."
HEADINGS = (
    "                             Active  Conn.     Deliv.       Soft       Hard",
    "#   Recipient Host           Recip.    Out     Recip.    Bounced    Bounced",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One host; the fields are named as the words that sort by them."""

    host: str
    is_down: bool
    active_rcpts: int
    conn_out: int
    deliv_recips: int
    soft_bounced: int
    hard_bounced: int


async def run(session: Session, arguments: Arguments) -> None:
    """Print the table, sorted as named or chosen."""
    key = parse(arguments.words) if arguments.words else await session.console.ask(SORT)
    found = await rows(session)
    by_name = sorted(found, key=attrgetter("host"))
    top = sorted(by_name, key=attrgetter(key), reverse=True)[:MOST]
    status = f"Status as of:         {session.appliance.date()}"
    lines = [status, "", LEGEND, "", *HEADINGS, "", *table(top)]
    await session.console.page(lines)


def parse(words: Sequence[str]) -> str:
    """The word that sorts; raises Invalid."""
    known = {item.value for item in SORT.items}
    if len(words) == 1 and words[0].lower() in known:
        return words[0].lower()
    raise Invalid(f"Invalid arguments when processing tophosts: {printable(' '.join(words))}")


async def rows(session: Session) -> list[Row]:
    """What is known of every host."""
    from seg_cli.delivery.counters import HostState  # noqa: PLC0415 - loaded with the network

    network = await session.appliance.network()
    counters = network.counters
    active, connections = counters.active(), network.open_connections()
    known = {domain: counters.host(domain) for domain in counters.domains()}
    return [
        Row(
            host=domain,
            is_down=host.state is HostState.DOWN,
            active_rcpts=active[domain],
            conn_out=connections[domain],
            deliv_recips=host.delivered,
            soft_bounced=host.soft_bounced,
            hard_bounced=host.hard_bounced,
        )
        for domain, host in known.items()
    ]


def table(top: Sequence[Row]) -> list[str]:
    """The hosts in the order given, each with its rank."""
    return [
        f"{f'{rank}*' if row.is_down else rank:<4}{printable(row.host):<22}{row.active_rcpts:>8}"
        f"{row.conn_out:>7}{row.deliv_recips:>11}{row.soft_bounced:>11}{row.hard_bounced:>11}"
        for rank, row in enumerate(top, 1)
    ]

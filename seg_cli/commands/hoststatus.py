"""hoststatus: how mail to one recipient host fares: counters, gauges, next hops, the last error.

hoststatus HOST
"""

from seg_cli.dialogue.entries import Line
from seg_cli.errors import Invalid
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

QUESTION = Line("host", "Recipient host:")


async def run(session: Session, arguments: Arguments) -> None:
    """Print all that is known of the host that was named or asked for."""
    if len(arguments.words) > 1:
        line = printable(" ".join(arguments.words))
        raise Invalid(f"Invalid arguments when processing hoststatus: {line}")
    name = arguments.words[0] if arguments.words else await session.console.ask(QUESTION)
    domain = name.lower()

    from seg_cli.commands.hoststatus_view import HostView  # noqa: PLC0415 - with the network

    await session.console.page(HostView(session, await session.appliance.network(), domain).lines())

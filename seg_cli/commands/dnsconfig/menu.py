"""The dnsconfig command: its menu under the servers as they are, and the way to the stage."""

from dataclasses import replace

from seg_cli.commands.dnsconfig.operations import OPERATIONS
from seg_cli.config.dns import DnsSettings
from seg_cli.dialogue.questions import Operation
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session


async def run(session: Session, arguments: Arguments) -> None:
    """A batch line, or the menu until Enter leaves it; it returns after each operation."""
    if arguments.words:
        from seg_cli.commands.dnsconfig.batch import run_batch  # noqa: PLC0415 - seldom needed

        stage(session, await run_batch(session, arguments.words))
        return
    while operation := await session.console.ask(menu_for(session.staged.config.dns)):
        stage(session, await OPERATIONS[operation](session, session.console))


def stage(session: Session, settings: DnsSettings) -> None:
    session.staged.stage(replace(session.staged.config, dns=settings))


def menu_for(settings: DnsSettings) -> Operation:
    """The menu, with the operations that make sense for the servers there are."""
    existing = (("EDIT", "Edit a server."), ("DELETE", "Remove a server."))
    operations = (
        ("NEW", "Add a new server."),
        *(existing if settings.servers or settings.alternates else ()),
        ("SETUP", "Configure general settings."),
    )
    return Operation("operation", operations, state=state_of(settings))


def state_of(settings: DnsSettings) -> tuple[str, ...]:
    """The servers as numbered lists; DELETE and EDIT go by these numbers."""
    servers = ["Currently using the local DNS cache servers:"]
    servers += (
        f"{number}. Priority: {server.priority}  {server.address}"
        for number, server in enumerate(settings.servers, 1)
    )
    alternates = ["", "Alternate authoritative DNS servers:"]
    alternates += (
        f"{number}. {server.domain}: {server.host} ({server.address})"
        for number, server in enumerate(settings.alternates.values(), 1)
    )
    return (
        *(servers if settings.servers else ["No local DNS cache servers configured."]),
        *(alternates if settings.alternates else ()),
    )

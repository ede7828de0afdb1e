"""showrecipients: the messages in the queue, each with the recipients that still wait.

showrecipients host NAME | sender ADDRESS | all
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from seg_cli.commands.mail_choice import ask_mail, parse_mail
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

if TYPE_CHECKING:  # loaded with the network
    from seg_cli.delivery.queue import Parcel
    from seg_cli.terms import Mid

PLEASE_WAIT = "Showing messages, please wait."
HEADINGS = (
    "MID/      Bytes/   Sender/                       Subject",
    "[RID]     [Atmps]  Recipient",
)


async def run(session: Session, arguments: Arguments) -> None:
    """Show what was named or chosen."""
    if arguments.words:
        chosen = parse_mail("showrecipients", arguments.words)
    else:
        chosen = await ask_mail(session, "show")
    network = await session.appliance.network()
    session.console.say(PLEASE_WAIT)
    waiting = [parcel for parcel in network.engine.waiting if chosen.holds(parcel)]
    await session.console.page([*HEADINGS, *listing(waiting)])


def listing(waiting: Iterable["Parcel"]) -> list[str]:
    """The messages by number, a blank line between two."""
    by_message: dict[Mid, list[Parcel]] = {}
    for parcel in sorted(waiting, key=lambda parcel: (parcel.mid, parcel.rids)):
        by_message.setdefault(parcel.mid, []).append(parcel)
    lines: list[str] = []
    for parcels in by_message.values():
        lines += ["", *message_lines(parcels)] if lines else message_lines(parcels)
    return lines


def message_lines(parcels: list["Parcel"]) -> list[str]:
    """One message, and a line for each of its recipients."""
    from seg_cli.smtp.listener import read_headers  # noqa: PLC0415 - loaded with the network

    message = parcels[0].message
    _, subject = read_headers(message.content)
    sender = printable(message.sender)
    lines = [f"{message.mid:<9} {len(message.content):<8} {sender:<29} {printable(subject)}"]
    recipients = sorted(
        (recipient.rid, parcel.retries, recipient.address)
        for parcel in parcels
        for recipient in parcel.recipients
    )
    lines += [
        f"{f'[{rid}]':<9} {f'[{attempts}]':<8} {printable(address)}"
        for rid, attempts, address in recipients
    ]
    return [line.rstrip() for line in lines]

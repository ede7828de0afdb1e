"""dnsconfig on one line: `parent` stands for a local DNS cache server, `alt` for an alternate."""

from collections.abc import Awaitable, Callable, Mapping

from seg_cli.commands.batch_line import BatchLine
from seg_cli.commands.dnsconfig.alternates import add_alternates, without_alternate
from seg_cli.commands.dnsconfig.operations import staged
from seg_cli.commands.dnsconfig.servers import add_servers, without_server
from seg_cli.config.dns import DnsSettings
from seg_cli.dialogue.console import Console
from seg_cli.errors import Invalid
from seg_cli.printable import printable
from seg_cli.shell.session import Session

Add = Callable[[Console, DnsSettings], Awaitable[DnsSettings]]
Without = Callable[[DnsSettings, str], DnsSettings]


async def run_batch(session: Session, words: tuple[str, ...]) -> DnsSettings:
    """The settings as the line wants them, or UserError with nothing changed."""
    line = BatchLine("dnsconfig", words[2:])
    form = " ".join(words[:2]).lower()
    if form not in FORMS:
        line.refuse(printable(" ".join(words[:2])))
    return await FORMS[form](session, line)


async def parent_new(session: Session, line: BatchLine) -> DnsSettings:
    return await add(session, line, ("address", "priority"), add_servers)


async def parent_delete(session: Session, line: BatchLine) -> DnsSettings:
    return delete(session, line, "address", without_server)


async def alt_new(session: Session, line: BatchLine) -> DnsSettings:
    return await add(session, line, ("domain", "host", "address"), add_alternates)


async def alt_delete(session: Session, line: BatchLine) -> DnsSettings:
    return delete(session, line, "domain", without_alternate)


async def add(
    session: Session, line: BatchLine, keys: tuple[str, ...], perform: Add
) -> DnsSettings:
    """The words answer the questions of the dialogue, in its order."""
    for key in keys:
        line.take(key)
    sheet = line.sheet()
    settings = await perform(session.console.answered_by(sheet), staged(session))
    sheet.check_used()
    return settings


def delete(session: Session, line: BatchLine, key: str, without: Without) -> DnsSettings:
    """The one word that is left says which server goes."""
    word = line.take(key)
    line.sheet()
    try:
        return without(staged(session), word)
    except Invalid as refusal:
        line.refuse(f"{key}: {refusal}")


FORMS: Mapping[str, Callable[[Session, BatchLine], Awaitable[DnsSettings]]] = {
    "parent new": parent_new,
    "parent delete": parent_delete,
    "alt new": alt_new,
    "alt delete": alt_delete,
}

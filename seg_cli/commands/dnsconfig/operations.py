"""What each operation of dnsconfig asks. It returns the settings as they are to be: nothing is
staged before its last answer, in the dialogue as on a batch line.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from enum import Enum, auto

from seg_cli.commands.dnsconfig.alternates import add_alternates, delete_alternate, edit_alternate
from seg_cli.commands.dnsconfig.servers import add_servers, delete_server, edit_server
from seg_cli.commands.interface_choice import interface_text
from seg_cli.config.dns import DnsSettings
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Number
from seg_cli.dialogue.questions import Choice, Item
from seg_cli.shell.session import Session

NEW_KIND = "Do you want to add a secondary DNS server or an alternate domain server?"
EXISTING_KIND = "Do you want to {purpose} a local DNS cache server or an alternate domain server?"
SOURCE = """\
Do you want the Gateway to use the Internet's root DNS servers or would you like
it to use your own DNS servers?"""
NO_ROOT = (
    "The Internet's root DNS servers cannot be used here: "
    "this emulator resolves names through DNS cache servers only."
)
INTERFACE = "Choose the IP interface for DNS traffic."
PTR_TIMEOUT = "Enter the number of seconds to wait before timing out reverse DNS lookups."
MINIMUM_TTL = "Enter the minimum TTL in seconds for DNS cache."
ONE_YEAR = 31_536_000

Perform = Callable[[Session, Console], Awaitable[DnsSettings]]


class Kind(Enum):
    """The two kinds of servers."""

    LOCAL = auto()
    ALTERNATE = auto()


class Source(Enum):
    """Where the appliance's questions begin."""

    ROOT = auto()
    OWN = auto()


async def new(session: Session, console: Console) -> DnsSettings:
    items = (
        Item("Add a new local DNS cache server.", Kind.LOCAL),
        Item("Add a new alternate domain server.", Kind.ALTERNATE),
    )
    settings = staged(session)
    match await console.ask(Choice("kind", NEW_KIND, items)):
        case Kind.LOCAL:
            return await add_servers(console, settings)
        case Kind.ALTERNATE:
            return await add_alternates(console, settings)


async def edit(session: Session, console: Console) -> DnsSettings:
    settings = staged(session)
    match await ask_kind(console, settings, "edit"):
        case Kind.LOCAL:
            return await edit_server(console, settings)
        case Kind.ALTERNATE:
            return await edit_alternate(console, settings)


async def delete(session: Session, console: Console) -> DnsSettings:
    settings = staged(session)
    match await ask_kind(console, settings, "delete"):
        case Kind.LOCAL:
            return await delete_server(console, settings)
        case Kind.ALTERNATE:
            return await delete_alternate(console, settings)


async def ask_kind(console: Console, settings: DnsSettings, purpose: str) -> Kind:
    """The kind that is meant; nothing is asked where there are servers of one kind only."""
    if not settings.alternates:
        return Kind.LOCAL
    if not settings.servers:
        return Kind.ALTERNATE
    items = (
        Item("Local DNS cache server.", Kind.LOCAL),
        Item("Alternate domain server.", Kind.ALTERNATE),
    )
    return await console.ask(Choice("kind", EXISTING_KIND.format(purpose=purpose), items))


async def setup(session: Session, console: Console) -> DnsSettings:
    """General settings; own servers are asked for where there are none yet."""
    settings = staged(session)
    items = (
        Item("Use Internet root DNS servers", Source.ROOT),
        Item("Use own DNS cache servers", Source.OWN),
    )
    while await console.ask(Choice("source", SOURCE, items, default=Source.OWN)) is Source.ROOT:
        console.say(NO_ROOT)
    if not settings.servers:
        settings = await add_servers(console, settings)
    interface = await console.ask(interface_question(session, settings))
    timeout = await console.ask(
        Number("ptr_timeout", PTR_TIMEOUT, low=0, high=3600, default=settings.ptr_timeout)
    )
    ttl = await console.ask(
        Number("minimum_ttl", MINIMUM_TTL, low=0, high=ONE_YEAR, default=settings.minimum_ttl)
    )
    return replace(settings, interface=interface or None, ptr_timeout=timeout, minimum_ttl=ttl)


def interface_question(session: Session, settings: DnsSettings) -> Choice[str]:
    """The interfaces by name, and Auto, which is ""."""
    interfaces = session.staged.config.interfaces
    items = (Item("Auto", ""), *(Item(interface_text(each), each.name) for each in interfaces))
    return Choice("interface", INTERFACE, items, default=settings.interface or "")


def staged(session: Session) -> DnsSettings:
    """The settings as this login sees them."""
    return session.staged.config.dns


OPERATIONS: Mapping[str, Perform] = {
    "NEW": new,
    "EDIT": edit,
    "DELETE": delete,
    "SETUP": setup,
}

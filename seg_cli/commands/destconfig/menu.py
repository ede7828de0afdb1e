"""The destconfig command: its menu, and what each operation does to the staged table."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from seg_cli.commands.destconfig.chain import ask_entry
from seg_cli.commands.destconfig.default_row import ask_default_row
from seg_cli.commands.destconfig.display import detail_lines, list_lines
from seg_cli.config.bounce_profiles import BounceProfile
from seg_cli.config.destinations import DestinationControl, DestinationTable
from seg_cli.config.tree import Config
from seg_cli.dialogue.hosts import HostForm
from seg_cli.dialogue.questions import Host, Line, Operation
from seg_cli.errors import Invalid
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

DESTINATION = frozenset({HostForm.HOSTNAME, HostForm.PARTIAL, HostForm.ADDRESS})

DETAIL_QUESTION = (
    "Enter a domain to view, or enter DEFAULT to view details for the\n"
    "default, or enter ALL to view details for all:"
)


async def run(session: Session, _: Arguments) -> None:
    """Walk the menu until Enter leaves it; it returns after each operation."""
    while operation := await session.console.ask(menu_for(session.staged.config.destinations)):
        await OPERATIONS[operation](session)


def menu_for(table: DestinationTable) -> Operation:
    """The menu, with the operations that make sense for the table as it is."""
    existing = (
        ("EDIT", "Modify an entry."),
        ("DELETE", "Remove an entry."),
    )
    operations = (
        ("NEW", "Create a new entry."),
        *(existing if table.entries else ()),
        ("DEFAULT", "Change the default."),
        ("LIST", "Display a summary list of all entries."),
        ("DETAIL", "Display details for one destination or all entries."),
        *((("CLEAR", "Remove all entries."),) if table.entries else ()),
    )
    return Operation("operation", operations, state=(state_line(len(table.entries)),))


def state_line(entries: int) -> str:
    """How many entries there are; the default row does not count."""
    match entries:
        case 0:
            return "There are currently no entries configured."
        case 1:
            return "There is currently 1 entry configured."
        case _:
            return f"There are currently {entries} entries configured."


async def new(session: Session) -> None:
    table = session.staged.config.destinations
    question = Host("domain", "Enter the domain you wish to configure.", forms=DESTINATION)
    domain = await session.console.ask(question)
    if domain in table.entries:
        session.console.say(f'"{domain}" already exists.')
        return
    # A new entry begins with a concurrency limit of its own, so that its question defaults to Y.
    entry = DestinationControl(domain, concurrency=table.default.concurrency)
    await change_entry(session, entry)


async def edit(session: Session) -> None:
    if entry := await choose_entry(session, "edit"):
        await change_entry(session, entry)


async def change_entry(session: Session, entry: DestinationControl) -> None:
    """Ask about the entry and stage it, together with a bounce profile named for the first time."""
    config = session.staged.config
    entry = await ask_entry(session.console, entry, config)
    config = with_profile(config, entry.bounce_profile)
    session.staged.stage(replace(config, destinations=config.destinations.with_entry(entry)))


def with_profile(config: Config, name: str | None) -> Config:
    """The configuration with a bounce profile of this name; a new one gets default settings."""
    if name is None or name in config.bounce_profiles:
        return config
    profiles = MappingProxyType({**config.bounce_profiles, name: BounceProfile(name)})
    return replace(config, bounce_profiles=profiles)


async def delete(session: Session) -> None:
    if entry := await choose_entry(session, "delete"):
        stage_table(session, session.staged.config.destinations.without(entry.domain))


async def choose_entry(session: Session, purpose: str) -> DestinationControl | None:
    """The entry that was named, or None after saying that there is none of that name."""
    question = Host("domain", f"Enter the domain you wish to {purpose}.", forms=DESTINATION)
    domain = await session.console.ask(question)
    entry = session.staged.config.destinations.entries.get(domain)
    if entry is None:
        session.console.say(f'"{domain}" was not found in the destination control table.')
    return entry


async def default(session: Session) -> None:
    table = session.staged.config.destinations
    row = await ask_default_row(session.console, table.default)
    stage_table(session, replace(table, default=row))


async def list_entries(session: Session) -> None:
    await session.console.page(list_lines(session.staged.config.destinations))


async def detail(session: Session) -> None:
    table = session.staged.config.destinations
    question = Line("domain", DETAIL_QUESTION, check=lambda text: check_subject(text, table))
    subject = await session.console.ask(question)
    await session.console.page(detail_lines(subject, table))


def check_subject(text: str, table: DestinationTable) -> str:
    """DEFAULT, ALL or the domain of an entry; raises Invalid for anything else."""
    if text.upper() in {"DEFAULT", "ALL"}:
        return text.upper()
    if text.lower() not in table.entries:
        raise Invalid(f"No destination control table action for {printable(text)}.")
    return text.lower()


async def clear(session: Session) -> None:
    stage_table(session, session.staged.config.destinations.cleared())


def stage_table(session: Session, table: DestinationTable) -> None:
    session.staged.stage(replace(session.staged.config, destinations=table))


OPERATIONS: Mapping[str, Callable[[Session], Awaitable[None]]] = {
    "NEW": new,
    "EDIT": edit,
    "DELETE": delete,
    "DEFAULT": default,
    "LIST": list_entries,
    "DETAIL": detail,
    "CLEAR": clear,
}

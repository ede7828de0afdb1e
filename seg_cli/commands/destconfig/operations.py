"""What each operation of destconfig makes of the configuration.

An operation asks, and returns the configuration as it is to be: nothing is staged before its last
answer, in the dialogue as on a batch line. It may raise UserError, in place of any configuration,
when the table is full, a file is bad, or the disk refuses.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType

from seg_cli.commands.configuration_files import ask_import, export
from seg_cli.commands.destconfig.chain import ask_entry
from seg_cli.commands.destconfig.default_row import ask_default_row
from seg_cli.commands.destconfig.display import detail_lines, list_lines
from seg_cli.commands.destconfig.setup import ask_setup
from seg_cli.config.bounce_profiles import BounceProfile
from seg_cli.config.codec.ini_reader import from_ini
from seg_cli.config.codec.ini_writer import to_ini
from seg_cli.config.destinations import MOST_ENTRIES, DestinationControl, DestinationTable
from seg_cli.config.tree import Config
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Line
from seg_cli.dialogue.hosts import HostForm, parse_host
from seg_cli.errors import Invalid
from seg_cli.printable import printable
from seg_cli.shell.session import Session

DESTINATION = frozenset({HostForm.HOSTNAME, HostForm.PARTIAL, HostForm.ADDRESS})

DETAIL_QUESTION = (
    "Enter a domain to view, or enter DEFAULT to view details for the\n"
    "default, or enter ALL to view details for all:"
)
DEFAULT_ROW = "default"
"""What no domain may be called: it is the default row's name in files and on batch lines."""

Perform = Callable[[Session, Console], Awaitable[Config]]


async def setup(session: Session, console: Console) -> Config:
    config = session.staged.config
    table = config.destinations
    row = await ask_setup(console, table.default, config.certificates.names)
    return replace(config, destinations=replace(table, default=row))


async def new(session: Session, console: Console) -> Config:
    table = session.staged.config.destinations
    # A new entry begins with a concurrency limit of its own, so that its question defaults to Y.
    return await add(session, console, DestinationControl("", table.default.concurrency))


async def new_at_default(session: Session, console: Console) -> Config:
    """As `new`, but all that is not said stays at "Default": the form for a batch line."""
    return await add(session, console, DestinationControl(""))


async def add(session: Session, console: Console, template: DestinationControl) -> Config:
    """The configuration with an entry of the domain that is named, asked about from a template."""
    config = session.staged.config
    if len(config.destinations.entries) >= MOST_ENTRIES:
        raise Invalid(f"The table cannot hold more than {MOST_ENTRIES} entries.")
    question = Line(
        "domain",
        "Enter the domain you wish to configure.",
        check=lambda text: check_new(text, config.destinations),
    )
    domain = await console.ask(question)
    return await change_entry(console, config, replace(template, domain=domain))


def check_new(text: str, table: DestinationTable) -> str:
    """The domain, if there is no entry for it yet; raises Invalid."""
    domain = parse_host(text, DESTINATION)
    if domain in table.entries or domain == DEFAULT_ROW:
        raise Invalid(f'"{domain}" already exists.')
    return domain


async def edit(session: Session, console: Console) -> Config:
    config = session.staged.config
    return await change_entry(console, config, await choose_entry(console, config, "edit"))


async def change_entry(console: Console, config: Config, entry: DestinationControl) -> Config:
    """Ask about the entry; a bounce profile that is named for the first time comes with it."""
    entry = await ask_entry(console, entry, config)
    config = with_profile(config, entry.bounce_profile)
    return replace(config, destinations=config.destinations.with_entry(entry))


def with_profile(config: Config, name: str | None) -> Config:
    """The configuration with a bounce profile of this name; a new one gets default settings."""
    if name is None or name in config.bounce_profiles:
        return config
    profiles = MappingProxyType({**config.bounce_profiles, name: BounceProfile(name)})
    return replace(config, bounce_profiles=profiles)


async def delete(session: Session, console: Console) -> Config:
    config = session.staged.config
    entry = await choose_entry(console, config, "delete")
    return replace(config, destinations=config.destinations.without(entry.domain))


async def choose_entry(console: Console, config: Config, purpose: str) -> DestinationControl:
    """The entry that the operator names; a name without an entry is asked for again."""
    table = config.destinations
    question = Line(
        "domain",
        f"Enter the domain you wish to {purpose}.",
        check=lambda text: check_existing(text, table),
    )
    return table.entries[await console.ask(question)]


def check_existing(text: str, table: DestinationTable) -> str:
    """The domain, if there is an entry for it; raises Invalid."""
    domain = parse_host(text, DESTINATION)
    if domain not in table.entries:
        raise Invalid(f'"{domain}" was not found in the destination control table.')
    return domain


async def default(session: Session, console: Console) -> Config:
    config = session.staged.config
    row = await ask_default_row(console, config.destinations.default)
    return replace(config, destinations=replace(config.destinations, default=row))


async def list_entries(session: Session, console: Console) -> Config:
    await console.page(list_lines(session.staged.config.destinations))
    return session.staged.config


async def detail(session: Session, console: Console) -> Config:
    table = session.staged.config.destinations
    question = Line("domain", DETAIL_QUESTION, check=lambda text: check_subject(text, table))
    await console.page(detail_lines(await console.ask(question), table))
    return session.staged.config


def check_subject(text: str, table: DestinationTable) -> str:
    """DEFAULT, ALL or the domain of an entry; raises Invalid for anything else."""
    if text.upper() in {"DEFAULT", "ALL"}:
        return text.upper()
    with suppress(Invalid):
        if (domain := parse_host(text, DESTINATION)) in table.entries:
            return domain
    raise Invalid(f"No destination control table action for {printable(text)}.")


async def clear(session: Session, _: Console) -> Config:
    config = session.staged.config
    return replace(config, destinations=config.destinations.cleared())


async def import_table(session: Session, console: Console) -> Config:
    """The configuration with the table that a file holds in place of its own."""
    config = session.staged.config
    table = from_ini(await ask_import(console, session.appliance), config)
    count = len(table.entries)
    noun = "entry" if count == 1 else "entries"
    console.remark(f"{count} {noun} imported successfully.")
    return replace(config, destinations=table)


async def export_table(session: Session, console: Console) -> Config:
    table = session.staged.config.destinations
    await export(console, session.appliance, to_ini(table))
    return session.staged.config


OPERATIONS: Mapping[str, Perform] = {
    "SETUP": setup,
    "NEW": new,
    "EDIT": edit,
    "DELETE": delete,
    "DEFAULT": default,
    "LIST": list_entries,
    "DETAIL": detail,
    "CLEAR": clear,
    "IMPORT": import_table,
    "EXPORT": export_table,
}

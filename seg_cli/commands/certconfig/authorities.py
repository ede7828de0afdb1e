"""certconfig > CERTAUTHORITY: whose certificates are believed, the system's list and a custom one.

The spelling `authorties` is the product's.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from seg_cli.commands.certconfig.listing import authority_lines, describe
from seg_cli.commands.configuration_files import ask_import, export
from seg_cli.config.certificates import Certificates
from seg_cli.dialogue.questions import Choice, Item, Operation
from seg_cli.errors import Invalid
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session
from seg_cli.standards.authorities import check_additions
from seg_cli.standards.certificates import Certificate
from seg_cli.standards.identities import read_certificates

EXISTING = (
    ("EXPORT", "Export the list of custom certificate authorties"),
    ("DELETE", "Remove a certificate from the custom certificate authorty list"),
    ("PRINT", "Print the list of custom certificate authorties"),
)


async def run(session: Session, _: Arguments) -> None:
    """Walk the menu until Enter leaves it; it returns after each list."""
    while operation := await session.console.ask(menu_for(session.staged.config.certificates)):
        await LISTS[operation](session)


def menu_for(certificates: Certificates) -> Operation:
    return Operation(
        "list",
        (
            ("CUSTOM", "Manage Custom Certificate Authorities"),
            ("SYSTEM", "Manage System Certificate Authorities"),
        ),
        state=(
            "Certificate Authority Summary",
            f"Custom List: {state_of(on=certificates.custom_list)}",
            f"System List: {state_of(on=certificates.system_list)}",
        ),
    )


def state_of(*, on: bool) -> str:
    return "Enabled" if on else "Disabled"


# The custom list


async def custom(session: Session) -> None:
    while operation := await session.console.ask(custom_menu(session.staged.config.certificates)):
        await CUSTOM[operation](session)


def custom_menu(certificates: Certificates) -> Operation:
    """The menu of a list that is off has nothing but the switch."""
    switch = ("ENABLE", "Enable the custom certificate authorities list")
    operations: tuple[tuple[str, str], ...] = (switch,)
    if certificates.custom_list:
        operations = (
            ("DISABLE", "Disable the custom certificate authorities list"),
            ("IMPORT", "Import the list of custom certificate authorties"),
            *(EXISTING if certificates.custom_authorities else ()),
        )
    return Operation("custom", operations)


async def enable_custom(session: Session) -> None:
    stage(session, replace(session.staged.config.certificates, custom_list=True))


async def disable_custom(session: Session) -> None:
    stage(session, replace(session.staged.config.certificates, custom_list=False))


async def import_custom(session: Session) -> None:
    """Add the authorities of a PEM file; one that does not pass the checks adds none."""
    console, certificates = session.console, session.staged.config.certificates
    data = await ask_import(console, session.appliance)
    try:
        added = read_certificates(data.decode("utf-8", "replace"))
        there = [one for pem in certificates.custom_authorities for one in read_certificates(pem)]
        check_additions(added, there, session.appliance.clock.now())
    except Invalid as error:
        console.say(str(error))
        return
    pems = tuple(one.pem for one in added)
    merged = (*certificates.custom_authorities, *pems)
    stage(session, replace(certificates, custom_authorities=merged))
    imported = "1 certificate" if len(added) == 1 else f"{len(added)} certificates"
    console.say(f"{imported} imported successfully.")


async def export_custom(session: Session) -> None:
    await export_list(session, session.staged.config.certificates.custom_authorities)


async def delete_custom(session: Session) -> None:
    certificates = session.staged.config.certificates
    shown = [line.partition(" ")[2] for line in authority_lines(certificates.custom_authorities)]
    items = tuple(map(Item, shown, range(len(shown))))
    question = "Select the certificate you wish to remove:"
    chosen = await session.console.ask(Choice("authority", question, items))
    kept = tuple(
        pem for number, pem in enumerate(certificates.custom_authorities) if number != chosen
    )
    stage(session, replace(certificates, custom_authorities=kept))


async def print_custom(session: Session) -> None:
    authorities = session.staged.config.certificates.custom_authorities
    await session.console.page(authority_lines(authorities))


# The system's list


async def system(session: Session) -> None:
    while operation := await session.console.ask(system_menu(session.staged.config.certificates)):
        await SYSTEM[operation](session)


def system_menu(certificates: Certificates) -> Operation:
    switch = (
        ("DISABLE", "Disable the system certificate authorities list")
        if certificates.system_list
        else ("ENABLE", "Enable the system certificate authorities list")
    )
    operations = (
        switch,
        ("EXPORT", "Export the list of system certificate authorties"),
        ("PRINT", "Print the list of system certificate authorties"),
    )
    return Operation("system", operations)


async def enable_system(session: Session) -> None:
    stage(session, replace(session.staged.config.certificates, system_list=True))


async def disable_system(session: Session) -> None:
    stage(session, replace(session.staged.config.certificates, system_list=False))


async def export_system(session: Session) -> None:
    await export_list(session, tuple(one.pem for one in await system_authorities(session)))


async def print_system(session: Session) -> None:
    authorities = await system_authorities(session)
    lines = [f"{number}. {describe(one)}" for number, one in enumerate(authorities, 1)]
    await session.console.page(lines)


async def system_authorities(session: Session) -> list[Certificate]:
    """The roots that the appliance's surroundings have put into the system's list."""
    network = await session.appliance.network()
    read = map(Certificate.read, network.world.system_roots)
    return [one for one in read if isinstance(one, Certificate)]


async def export_list(session: Session, pems: tuple[str, ...]) -> None:
    """Write certificates into a file of the configuration folder."""
    data = "".join(f"{pem}\n" for pem in pems).encode()
    await export(session.console, session.appliance, data)


def stage(session: Session, certificates: Certificates) -> None:
    session.staged.stage(replace(session.staged.config, certificates=certificates))


Act = Callable[[Session], Awaitable[None]]

LISTS: Mapping[str, Act] = {"CUSTOM": custom, "SYSTEM": system}
CUSTOM: Mapping[str, Act] = {
    "ENABLE": enable_custom,
    "DISABLE": disable_custom,
    "IMPORT": import_custom,
    "EXPORT": export_custom,
    "DELETE": delete_custom,
    "PRINT": print_custom,
}
SYSTEM: Mapping[str, Act] = {
    "ENABLE": enable_system,
    "DISABLE": disable_system,
    "EXPORT": export_system,
    "PRINT": print_system,
}

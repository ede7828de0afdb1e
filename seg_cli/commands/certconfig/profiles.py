"""certconfig > CERTIFICATE: the certificate profiles, listed above a menu."""

from collections.abc import Awaitable, Callable, Mapping

from seg_cli.commands.certconfig.adding import import_profile, new_profile, paste_profile
from seg_cli.commands.certconfig.changing import (
    delete_profile,
    edit_profile,
    export_profile,
    print_services,
)
from seg_cli.commands.certconfig.listing import profile_lines
from seg_cli.dialogue.questions import Operation
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session


async def run(session: Session, _: Arguments) -> None:
    """Walk the menu until Enter leaves it; it returns after each operation."""
    while operation := await session.console.ask(menu_for(session)):
        await OPERATIONS[operation](session)


def menu_for(session: Session) -> Operation:
    """The menu, with the operations that make sense for the profiles as they are."""
    profiles = session.staged.config.certificates.profiles
    shown = (*(profiles[name] for name in sorted(profiles)), session.appliance.demo)
    existing = (("EDIT", "Update certificate or view the signing request"),)
    removable = (("DELETE", "Remove a certificate"),)
    operations = (
        ("IMPORT", "Import a certificate from a local PKCS#12 file"),
        ("PASTE", "Paste a certificate into the CLI"),
        ("NEW", "Create a self-signed certificate and CSR"),
        *(existing if profiles else ()),
        ("EXPORT", "Export a certificate"),
        *(removable if profiles else ()),
        ("PRINT", "View certificates assigned to services"),
    )
    return Operation(
        "operation", operations, state=profile_lines(shown, session.appliance.clock.now())
    )


OPERATIONS: Mapping[str, Callable[[Session], Awaitable[None]]] = {
    "IMPORT": import_profile,
    "PASTE": paste_profile,
    "NEW": new_profile,
    "EDIT": edit_profile,
    "EXPORT": export_profile,
    "DELETE": delete_profile,
    "PRINT": print_services,
}

"""The certconfig command: the menu above its two halves, which load cryptography when chosen."""

from collections.abc import Mapping

from seg_cli.dialogue.questions import Operation
from seg_cli.shell.command import Arguments, Run, imported
from seg_cli.shell.session import Session

MENU = Operation(
    "area",
    (
        ("CERTIFICATE", "Import, Create a request, Edit or Remove Certificate Profiles"),
        ("CERTAUTHORITY", "Manage System and Customized Authorities"),
    ),
)


async def run(session: Session, arguments: Arguments) -> None:
    """Walk the menu until Enter leaves it; it returns after each half."""
    while operation := await session.console.ask(MENU):
        await HALVES[operation](session, arguments)


HALVES: Mapping[str, Run] = {
    "CERTIFICATE": imported("seg_cli.commands.certconfig.profiles"),
    "CERTAUTHORITY": imported("seg_cli.commands.certconfig.authorities"),
}

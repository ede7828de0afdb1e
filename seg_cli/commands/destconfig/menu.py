"""The destconfig command: its menu, and the way from an operation to the staged configuration."""

from seg_cli.commands.destconfig.operations import OPERATIONS
from seg_cli.config.destinations import DestinationTable
from seg_cli.dialogue.questions import Operation
from seg_cli.errors import UserError
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session


async def run(session: Session, arguments: Arguments) -> None:
    """A batch line, or the menu until Enter leaves it; it returns after each operation."""
    if arguments.words:
        from seg_cli.commands.destconfig.batch import run_batch  # noqa: PLC0415 - seldom needed

        await run_batch(session, arguments.words)
        return
    while operation := await session.console.ask(menu_for(session.staged.config.destinations)):
        try:
            session.staged.stage(await OPERATIONS[operation](session, session.console))
        except UserError as refusal:
            session.console.say(str(refusal))


def menu_for(table: DestinationTable) -> Operation:
    """The menu, with the operations that make sense for the table as it is."""
    existing = (
        ("EDIT", "Modify an entry."),
        ("DELETE", "Remove an entry."),
    )
    operations = (
        ("SETUP", "Change global settings."),
        ("NEW", "Create a new entry."),
        *(existing if table.entries else ()),
        ("DEFAULT", "Change the default."),
        ("LIST", "Display a summary list of all entries."),
        ("DETAIL", "Display details for one destination or all entries."),
        *((("CLEAR", "Remove all entries."),) if table.entries else ()),
        ("IMPORT", "Import tables from a file."),
        ("EXPORT", "Export tables to a file."),
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

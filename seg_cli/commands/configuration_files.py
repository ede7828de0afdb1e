"""IMPORT and EXPORT of tables: the questions about a file of the configuration folder."""

from collections.abc import Callable
from dataclasses import dataclass, field

from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Line
from seg_cli.dialogue.questions import VALUE_MISSING, Question
from seg_cli.errors import BadFile, Invalid
from seg_cli.shell.appliance import Appliance

EXPORT = "Enter a name for the exported file:"
EXPORTED = "Export completed."


@dataclass(frozen=True, slots=True)
class FileToImport(Question[bytes]):
    """A file by its name; the answer is what it holds, so only one that can be read is taken."""

    hostname: str
    read: Callable[[str], bytes] = field(kw_only=True)

    def render(self) -> str:
        return f'Enter the name of the file on machine "{self.hostname}" to import:\n[]> '

    def parse(self, text: str) -> bytes:
        name = text.strip()
        if not name:
            raise Invalid(VALUE_MISSING)
        try:
            return self.read(name)
        except BadFile as error:
            raise Invalid(str(error)) from None


async def ask_import(console: Console, appliance: Appliance) -> bytes:
    """What the file that the operator names holds; a name without a file is asked for again."""
    return await console.ask(
        FileToImport("file", appliance.hostname, read=appliance.store.read_file)
    )


async def export(console: Console, appliance: Appliance, data: bytes) -> None:
    """Write a table to the file that the operator names, in place of any of that name."""
    name = await console.ask(
        Line("file", EXPORT, check=lambda name: appliance.store.configuration_path(name).name)
    )
    appliance.store.save_file(name, data)
    console.remark(EXPORTED)

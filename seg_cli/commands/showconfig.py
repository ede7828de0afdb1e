"""showconfig: the committed configuration as XML, on the screen.

showconfig            asks how passphrases are to be shown
showconfig 1|2|3      the same without the question
"""

from enum import Enum, auto

from seg_cli.commands.batch_line import BatchLine
from seg_cli.config.codec.secrets import Change, plain
from seg_cli.config.codec.xml_writer import ENCODING, to_xml
from seg_cli.config.passphrases import PassphraseCipher, mask
from seg_cli.config.versions import envelope
from seg_cli.dialogue.questions import Choice, Item
from seg_cli.printable import printable
from seg_cli.shell.appliance import Appliance
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session


class Passphrases(Enum):
    """How passphrases are shown."""

    MASKED = auto()
    ENCRYPTED = auto()
    PLAIN = auto()


OPTION = Choice(
    "passphrases",
    "Choose the passphrase option:",
    (
        Item(
            "Mask passphrases "
            "(Files with masked passphrases cannot be loaded using loadconfig command)",
            Passphrases.MASKED,
        ),
        Item("Encrypt passphrases", Passphrases.ENCRYPTED),
        Item("Plain passphrases", Passphrases.PLAIN),
    ),
    default=Passphrases.MASKED,
)


async def run(session: Session, arguments: Arguments) -> None:
    """What the appliance works by, without what this login has staged."""
    console = session.console
    if arguments.words:
        line = BatchLine("showconfig", arguments.words)
        line.take("passphrases")
        console = console.answered_by(line.sheet())
    protect = protection(await console.ask(OPTION), session.appliance)
    await console.page(lines_of(session.appliance, protect))


def protection(passphrases: Passphrases, appliance: Appliance) -> Change:
    """What is done to each passphrase."""
    match passphrases:
        case Passphrases.MASKED:
            return mask
        case Passphrases.ENCRYPTED:
            return PassphraseCipher(appliance.directory).encrypt
        case Passphrases.PLAIN:
            return plain


def lines_of(appliance: Appliance, protect: Change) -> list[str]:
    """The file, line by line."""
    now = appliance.clock.now().astimezone(appliance.config.zone)
    data = to_xml(appliance.config, envelope(appliance.serial, now), protect)
    return [printable(line) for line in data.decode(ENCODING).rstrip("\n").split("\n")]

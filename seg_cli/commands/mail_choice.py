"""Which mail in the queue a command means: all to a host, all from a sender, or all there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from seg_cli.dialogue.entries import Line
from seg_cli.dialogue.questions import Choice, Item, YesNo
from seg_cli.errors import Invalid
from seg_cli.printable import printable
from seg_cli.shell.session import Session

if TYPE_CHECKING:  # loaded with the network
    from seg_cli.delivery.queue import Parcel

NULL_SENDER = "<>"


class By(Enum):
    """What mail is chosen by; the value is its word on a batch line."""

    HOST = "host"
    SENDER = "sender"
    ALL = "all"


MENU = (
    Item("By recipient host.", By.HOST),
    Item("By Envelope From address.", By.SENDER),
    Item("All.", By.ALL),
)
CONFIRM = {
    By.HOST: 'Are you sure you want to {verb} all messages being delivered to "{value}"?',
    By.SENDER: (
        'Are you sure you want to {verb} all messages with the Envelope From address of "{value}"?'
    ),
    By.ALL: (
        "Are you sure you want to {verb} all messages in the delivery queue "
        "(all active recipients)?"
    ),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The mail that is meant; `value` is a host or an address, empty for all mail."""

    by: By
    value: str = ""

    def holds(self, parcel: "Parcel") -> bool:
        """Whether a parcel is among it."""
        match self.by:
            case By.HOST:
                return parcel.domain == self.value.lower()
            case By.SENDER:
                sender = parcel.message.sender or NULL_SENDER
                return sender.lower() == self.value.lower()
            case By.ALL:
                return True


async def ask_mail(session: Session, verb: str) -> Chosen:
    """The mail of the dialogue."""
    ask = session.console.ask
    heading = f"Please select how you would like to {verb} messages:"
    match await ask(Choice("by", heading, MENU, default=By.HOST)):
        case By.HOST:
            prompt = f"Please enter the hostname for the messages you wish to {verb}."
            return Chosen(By.HOST, await ask(Line("host", prompt)))
        case By.SENDER:
            prompt = f"Please enter the Envelope From address for the messages you wish to {verb}."
            return Chosen(By.SENDER, await ask(Line("sender", prompt)))
        case By.ALL:
            return Chosen(By.ALL)


async def is_confirmed(session: Session, verb: str, chosen: Chosen, gap: str = "") -> bool:
    """Whether the operator is sure; `gap` are blanks that the command puts behind its question."""
    question = CONFIRM[chosen.by].format(verb=verb, value=printable(chosen.value)) + gap
    return await session.console.ask(YesNo("sure", question, default=False))


def parse_mail(command: str, words: Sequence[str]) -> Chosen:
    """The mail of a batch line: `host NAME`, `sender ADDRESS` or `all`; raises Invalid."""
    match [words[0].lower(), *words[1:]]:
        case [By.HOST.value, name]:
            return Chosen(By.HOST, name)
        case [By.SENDER.value, address]:
            return Chosen(By.SENDER, address)
        case [By.ALL.value]:
            return Chosen(By.ALL)
    line = printable(" ".join(words))
    raise Invalid(f"Invalid arguments when processing {command}: {line}")

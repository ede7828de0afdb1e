"""From which interface `dig` and `telnet` look out: Auto, or one of the configured ones."""

from seg_cli.config.interfaces import Interface
from seg_cli.dialogue.questions import Choice, Item


def interface_question(heading: str, interfaces: tuple[Interface, ...]) -> Choice[str]:
    """The list of interfaces; the answer is an address, or "" for Auto."""
    items = tuple(
        Item(
            f"{interface.name} ({interface.address}/{interface.prefix_length}: "
            f"{interface.hostname})",
            interface.address,
        )
        for interface in interfaces
    )
    return Choice("interface", heading, (Item("Auto", ""), *items), default="")

"""The interface that `dig`, `telnet` and DNS traffic go out from: Auto, or a configured one."""

from seg_cli.config.interfaces import Interface
from seg_cli.dialogue.questions import Choice, Item


def interface_question(heading: str, interfaces: tuple[Interface, ...]) -> Choice[str]:
    """The list of interfaces; the answer is an address, or "" for Auto."""
    items = tuple(Item(interface_text(interface), interface.address) for interface in interfaces)
    return Choice("interface", heading, (Item("Auto", ""), *items), default="")


def interface_text(interface: Interface) -> str:
    """The interface as lists show it: `Management (192.168.42.42/24: mail3.example.com)`."""
    network = f"{interface.address}/{interface.prefix_length}"
    return f"{interface.name} ({network}: {interface.hostname})"

"""The chain of questions about the global settings: the certificate, and the alert."""

from dataclasses import replace

from seg_cli.config.certificates import DEMO
from seg_cli.config.destinations import DestinationSettings
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.questions import Choice, Item, Layout, YesNo

DEMO_NOTICE = (
    f'The "{DEMO}" certificate is currently configured. '
    f'You may use "{DEMO}", but this will not be secure.'
)


async def ask_setup(
    console: Console, row: DestinationSettings, certificates: tuple[str, ...]
) -> DestinationSettings:
    """The row with its global settings as answered; whoever has the Demo certificate is warned,
    and offered the first of the list."""
    current = row.certificate
    if current == DEMO:
        console.remark(DEMO_NOTICE)
        current = certificates[0]
    certificate = await console.ask(
        Choice(
            "certificate",
            "Please choose the certificate to apply:",
            tuple(Item(name, name) for name in certificates),
            default=current,
            layout=Layout.BELOW,
        )
    )
    alert = await console.ask(
        YesNo(
            "tls_alert",
            "Do you want to send an alert when a required TLS connection fails?",
            default=row.tls_alert,
        )
    )
    return replace(row, certificate=certificate, tls_alert=alert)

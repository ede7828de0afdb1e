"""version: what this appliance is."""

from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

LINES = """\
Current Version
===============
UDI: C100V V01 {serial}
Name: C100V
Product: Cisco C100V Secure Email Gateway Virtual Appliance
Model: C100V
Version: {version}
Serial #: {serial}"""


async def run(session: Session, _: Arguments) -> None:
    """Print model, version and serial number; what an emulator cannot measure is left out."""
    appliance = session.appliance
    text = LINES.format(version=appliance.version, serial=appliance.serial)
    session.console.say(*text.split("\n"))

"""version: what this appliance is."""

from seg_cli.product import MODEL, PRODUCT, VERSION
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

LINES = """\
Current Version
===============
UDI: {model} V01 {serial}
Name: {model}
Product: {product}
Model: {model}
Version: {version}
Serial #: {serial}"""


async def run(session: Session, _: Arguments) -> None:
    """Print model, version and serial number; what an emulator cannot measure is left out."""
    serial = session.appliance.serial
    text = LINES.format(model=MODEL, product=PRODUCT, version=VERSION, serial=serial)
    session.console.say(*text.split("\n"))

"""version and whoami."""

from tests.commands.conftest import Desk


async def test_version(desk: Desk) -> None:
    serial = desk.appliance.serial
    assert await desk.type("version") == (
        "Current Version\n"
        "===============\n"
        f"UDI: C100V V01 {serial}\n"
        "Name: C100V\n"
        "Product: Cisco C100V Secure Email Gateway Virtual Appliance\n"
        "Model: C100V\n"
        "Version: 16.0.3-025\n"
        f"Serial #: {serial}\n"
    )


async def test_whoami(desk: Desk) -> None:
    assert await desk.type("WhoAmI") == (
        "Username: admin\nFull Name: Administrator\nGroups: admin, operators, config, log, guest\n"
    )

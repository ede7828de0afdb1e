"""destconfig > DEFAULT: the row that decides where an entry does not."""

import pytest

from seg_cli.config.destinations import DestinationSettings
from seg_cli.terms import (
    DaneMode,
    IpSortPreference,
    LimitType,
    MtaStsSupport,
    TlsMode,
)
from tests.commands.conftest import Desk
from tests.commands.entries import FULL, stage
from tests.commands.scripts import answers, screen

DEFAULT = """\
Enter the default maximum concurrency limit.
[500]> 400

Enter the maximum number of messages to send per connection.
[50]> 40

Do you wish to specify a default recipient limit? [N]> y

Enter the number of minutes used to measure recipient limit.
[60]> 10

Enter number of recipients per 10 minutes.
[500]> <Enter>

Select how you want to apply the limits for each host:
1. One limit applies to the entire domain
2. Separate limit for each mail exchanger IP address
[1]> 2

Select how the limits will be enforced:
1. System Wide
2. Per Virtual Gateway(tm)
[1]> <Enter>

Do you want to use TLS support?
1. No
2. Preferred
3. Required
4. Preferred - Verify
5. Required - Verify
6. Required - Verify Hosted Domains
[2]> 3

You have chosen to enable TLS. Please use the 'certconfig' command to
ensure that there is a valid certificate configured.

Do you want to use DANE Support?
1. None
2. Opportunistic
3. Mandatory
[1]> 2

Do you want to use MTA STS Support?
1. Off
2. On
[1]> 2

MTA STS is not enforced for the domains that have SMTP Routes configured.

Warning: MTA STS support is not recommended in the Default entry. Before mail is
delivered, the DNS is asked for an MTA-STS record of every new destination domain.

Perform bounce verification address tagging? [N]> y

Select how you want to sort IP addresses within an MX preference:
1. Require IPv4
2. Prefer IPv4
3. Require IPv6
4. Prefer IPv6
[4]> 2

There are currently no entries configured.
"""


@pytest.mark.requirement("AOS-31")
async def test_default_asks_for_every_setting(desk: Desk) -> None:
    shown = await desk.type("destconfig", "default", *answers(DEFAULT), "")
    assert screen(DEFAULT) in shown
    assert desk.staged.destinations.default == DestinationSettings(
        concurrency=400,
        messages_per_connection=40,
        recipient_minutes=10,
        recipient_limit=500,
        limit_type=LimitType.MX_IP,
        tls=TlsMode.REQUIRED,
        dane=DaneMode.OPPORTUNISTIC,
        mta_sts=MtaStsSupport.ON,
        bounce_validation=True,
        ip_sort=IpSortPreference.PREFER_V4,
    )


async def test_default_by_enter_only_changes_nothing(desk: Desk) -> None:
    await desk.type("destconfig", "default", *[""] * 10, "")
    assert not desk.session.staged.changed


@pytest.mark.requirement("AOS-29")
async def test_tls_no_on_the_default_row(desk: Desk) -> None:
    shown = await desk.type("destconfig", "default", *[""] * 5, "1", "", "", "")
    assert "DANE" not in shown
    assert desk.staged.destinations.default.mta_sts is MtaStsSupport.OFF


async def test_clear_keeps_the_default_row(desk: Desk) -> None:
    await desk.type("destconfig", "default", "400", *[""] * 9, "")
    stage(desk, FULL)
    await desk.type("destconfig", "clear", "")
    assert desk.staged.destinations.default.concurrency == 400

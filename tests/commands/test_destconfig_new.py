"""destconfig > NEW: the dialogue, to the letter."""

import pytest

from seg_cli.config.destinations import DestinationControl
from seg_cli.terms import (
    DaneMode,
    IpSortPreference,
    LimitApply,
    LimitType,
    MtaStsSupport,
    TlsMode,
)
from tests.commands.conftest import Desk
from tests.commands.entries import staged_entry
from tests.commands.scripts import answers, screen

TECH_NOTE = """\
There are currently no entries configured.

Choose the operation you want to perform:
- SETUP - Change global settings.
- NEW - Create a new entry.
- DEFAULT - Change the default.
- LIST - Display a summary list of all entries.
- DETAIL - Display details for one destination or all entries.
- IMPORT - Import tables from a file.
- EXPORT - Export tables to a file.
[]> new

Enter the domain you wish to configure.
[]> domain.com

Do you wish to configure a concurrency limit for domain.com? [Y]> <Enter>

Enter the max concurrency limit for "domain.com".
[500]> <Enter>

Do you wish to apply a messages-per-connection limit to this domain? [N]> <Enter>

Do you wish to apply a recipient limit to this domain? [N]> <Enter>

Select how you want to apply the limits for domain.com:
1. One limit applies to the entire domain domain.com
2. Separate limit for each mail exchanger IP address
[1]> <Enter>

Select how the limits will be enforced:
1. System Wide
2. Per Virtual Gateway(tm)
[1]> <Enter>

Do you wish to apply a specific TLS setting for this domain? [N]> y

Do you want to use TLS support?
1. No
2. Preferred
3. Required
4. Preferred - Verify
5. Required - Verify
6. Required - Verify Hosted Domains
[2]> 2

You have chosen to enable TLS. Please use the 'certconfig' command to
ensure that there is a valid certificate configured.

Do you wish to configure DANE Support? [N]> <Enter>

Do you wish to configure MTA STS Support? [N]> y

Do you want to use MTA STS Support?
1. Off
2. On
[1]> 2

MTA STS is not enforced for the domains that have SMTP Routes configured.

Do you wish to apply a specific bounce verification address tagging
setting for this domain? [N]> <Enter>

Do you wish to apply a specific bounce profile to this domain? [N]> <Enter>

Do you wish to apply a specific IP sort preference to this domain? [N]> <Enter>

There is currently 1 entry configured.

Choose the operation you want to perform:
- SETUP - Change global settings.
- NEW - Create a new entry.
- EDIT - Modify an entry.
- DELETE - Remove an entry.
- DEFAULT - Change the default.
- LIST - Display a summary list of all entries.
- DETAIL - Display details for one destination or all entries.
- CLEAR - Remove all entries.
- IMPORT - Import tables from a file.
- EXPORT - Export tables to a file.
[]> <Enter>
"""

EVERYTHING = """\
Enter the domain you wish to configure.
[]> domain.com

Do you wish to configure a concurrency limit for domain.com? [Y]> y

Enter the max concurrency limit for "domain.com".
[500]> 20

Do you wish to apply a messages-per-connection limit to this domain? [N]> y

Enter the max number of messages per connection for "domain.com".
[50]> 5

Do you wish to apply a recipient limit to this domain? [N]> y

Enter the number of minutes used to measure the recipient limit.
[60]> 30

Enter the max number of recipients per 30 minutes for "domain.com".
[]> 100

Select how you want to apply the limits for domain.com:
1. One limit applies to the entire domain domain.com
2. Separate limit for each mail exchanger IP address
[1]> 2

Select how the limits will be enforced:
1. System Wide
2. Per Virtual Gateway(tm)
[1]> 2

Do you wish to apply a specific TLS setting for this domain? [N]> y

Do you want to use TLS support?
1. No
2. Preferred
3. Required
4. Preferred - Verify
5. Required - Verify
6. Required - Verify Hosted Domains
[2]> 6

You have chosen to enable TLS. Please use the 'certconfig' command to
ensure that there is a valid certificate configured.

Do you wish to configure DANE Support? [N]> y

Please choose a DANE option:
1. None
2. Opportunistic
3. Mandatory
[1]> 2

Do you wish to configure MTA STS Support? [N]> y

Do you want to use MTA STS Support?
1. Off
2. On
[1]> 1

Do you wish to apply a specific bounce verification address tagging
setting for this domain? [N]> y

Perform bounce verification address tagging? [N]> y

Do you wish to apply a specific bounce profile to this domain? [N]> y

Please choose a bounce profile to apply:
1. Default
2. New Profile
[1]> 2

Please enter the name of a profile to create:
[]> tight

Do you wish to apply a specific IP sort preference to this domain? [N]> y

Select how you want to sort IP addresses within an MX preference:
1. Require IPv4
2. Prefer IPv4
3. Require IPv6
4. Prefer IPv6
[4]> 2
"""


@pytest.mark.requirement("AOS-20")
@pytest.mark.requirement("AOS-28")
async def test_the_dialogue_of_the_tech_note(desk: Desk) -> None:
    assert await desk.type("destconfig", *answers(TECH_NOTE)) == screen(TECH_NOTE)
    entry = staged_entry(desk)
    assert (entry.tls, entry.dane, entry.mta_sts) == (TlsMode.PREFERRED, None, MtaStsSupport.ON)
    assert not desk.committed.destinations.entries


async def test_every_question_answered(desk: Desk) -> None:
    shown = await desk.type("destconfig", "new", *answers(EVERYTHING), "")
    assert screen(EVERYTHING) in shown
    assert staged_entry(desk) == DestinationControl(
        "domain.com",
        concurrency=20,
        messages_per_connection=5,
        recipient_minutes=30,
        recipient_limit=100,
        limit_type=LimitType.MX_IP,
        limit_apply=LimitApply.VIRTUAL_GATEWAY,
        tls=TlsMode.REQUIRED_VERIFY_HOSTED,
        dane=DaneMode.OPPORTUNISTIC,
        mta_sts=MtaStsSupport.OFF,
        bounce_validation=True,
        bounce_profile="tight",
        ip_sort=IpSortPreference.PREFER_V4,
    )
    assert "tight" in desk.staged.bounce_profiles

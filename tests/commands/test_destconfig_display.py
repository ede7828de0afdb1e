"""destconfig: LIST and DETAIL, to the letter."""

import pytest

from tests.commands.conftest import Desk
from tests.commands.entries import BARE, FULL, NO_TLS, stage

LIST = """\
               Rate                   Bounce        Bounce
Domain         Limiting  TLS          Verification  Profile
=============  ========  ===========  ============  =========
bare.example   Default   Default      Default       Default
clear.example  Default   Off          Default       Default
domain.com     On        Req(Verify)  On            Default
(Default)      On        On           Off           (Default)
"""

DETAIL_QUESTION = """\
Enter a domain to view, or enter DEFAULT to view details for the
default, or enter ALL to view details for all:
[]> """

DETAIL_FULL = """\
domain.com
    Maximum messages per connection: 5
    Rate Limiting:
        20 concurrent connections
        100 recipients per 30 minutes
        Limits applied to each mail exchanger IP address, for each virtual gateway
    TLS: Required - Verify
    DANE Support: Mandatory
    MTA STS Support: On
    Bounce Verification Tagging: On
    Bounce Profile: Default
    IP Sort Preference: Require IPv6
"""

DETAIL_BARE = """\
bare.example
    Maximum messages per connection: Default
    Rate Limiting: Default
    TLS: Default
    DANE Support: Default
    MTA STS Support: Default
    Bounce Verification Tagging: Default
    Bounce Profile: Default
    IP Sort Preference: Default
"""

DETAIL_NO_TLS = """\
clear.example
    Maximum messages per connection: Default
    Rate Limiting: Default
    TLS: Off
    Bounce Verification Tagging: Default
    Bounce Profile: Default
    IP Sort Preference: Default
"""

DETAIL_DEFAULT = """\
Default
    Maximum messages per connection: 50
    Rate Limiting:
        500 concurrent connections
        No recipient limit
        Limits applied to entire domain, across all virtual gateways
    TLS: Preferred
    DANE Support: None
    MTA STS Support: Off
    Bounce Verification Tagging: Off
    IP Sort Preference: Prefer IPv6
"""


async def test_list(desk: Desk) -> None:
    stage(desk, FULL, NO_TLS, BARE)
    assert f"[]> list\n\n{LIST}\nThere are" in await desk.type("destconfig", "list", "")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("domain.com", DETAIL_FULL),
        ("BARE.example", DETAIL_BARE),
        ("clear.example", DETAIL_NO_TLS),
        ("default", DETAIL_DEFAULT),
        ("all", "\n".join((DETAIL_BARE, DETAIL_NO_TLS, DETAIL_FULL, DETAIL_DEFAULT))),
    ],
)
async def test_detail(desk: Desk, subject: str, text: str) -> None:
    stage(desk, FULL, NO_TLS, BARE)
    shown = await desk.type("destconfig", "detail", subject, "")
    assert f"[]> detail\n\n{DETAIL_QUESTION}{subject}\n\n{text}\nThere are" in shown


async def test_detail_of_a_domain_without_an_entry(desk: Desk) -> None:
    shown = await desk.type("destconfig", "detail", "nope.example", "ALL", "")
    refusal = "No destination control table action for nope.example."
    assert f"\n{refusal}\n\n{DETAIL_QUESTION}ALL\n" in shown


async def test_a_recipient_limit_of_zero_is_none(desk: Desk) -> None:
    await desk.type("destconfig new free.example recipient_limit_minutes=60 recipient_limit=0")
    shown = await desk.type("destconfig", "detail", "free.example", "")
    assert "\n        No recipient limit\n" in shown

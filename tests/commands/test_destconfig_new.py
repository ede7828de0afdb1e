"""destconfig > NEW: the chain of questions, to the letter."""

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
from tests.commands.scripts import answers, screen

TECH_NOTE = """\
There are currently no entries configured.

Choose the operation you want to perform:
- NEW - Create a new entry.
- DEFAULT - Change the default.
- LIST - Display a summary list of all entries.
- DETAIL - Display details for one destination or all entries.
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
- NEW - Create a new entry.
- EDIT - Modify an entry.
- DELETE - Remove an entry.
- DEFAULT - Change the default.
- LIST - Display a summary list of all entries.
- DETAIL - Display details for one destination or all entries.
- CLEAR - Remove all entries.
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

BY_ENTER_ONLY = DestinationControl(
    "domain.com",
    concurrency=500,
    limit_type=LimitType.HOST,
    limit_apply=LimitApply.SYSTEM,
)
ENTERS = ("",) * 10


def entry_of(desk: Desk, domain: str = "domain.com") -> DestinationControl:
    return desk.staged.destinations.entries[domain]


@pytest.mark.requirement("AOS-20")
@pytest.mark.requirement("AOS-28")
async def test_the_dialogue_of_the_tech_note(desk: Desk) -> None:
    assert await desk.type("destconfig", *answers(TECH_NOTE)) == screen(TECH_NOTE)
    entry = entry_of(desk)
    assert (entry.tls, entry.dane, entry.mta_sts) == (TlsMode.PREFERRED, None, MtaStsSupport.ON)
    assert not desk.committed.destinations.entries


@pytest.mark.requirement("AOS-07")
async def test_enter_leaves_every_guarded_setting_at_default(desk: Desk) -> None:
    await desk.type("destconfig", "new", "domain.com", *ENTERS, "")
    entry = entry_of(desk)
    assert entry == BY_ENTER_ONLY
    default = desk.staged.destinations.default
    assert entry.effective(default) == default


async def test_every_question_answered(desk: Desk) -> None:
    shown = await desk.type("destconfig", "new", *answers(EVERYTHING), "")
    assert screen(EVERYTHING) in shown
    assert entry_of(desk) == DestinationControl(
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


@pytest.mark.requirement("AOS-29")
async def test_tls_no_asks_about_neither_dane_nor_mta_sts(desk: Desk) -> None:
    to_tls = ("new", "domain.com", *[""] * 6, "y", "1")
    shown = await desk.type("destconfig", *to_tls, "", "", "", "")
    assert "DANE" not in shown
    assert "MTA STS" not in shown
    assert "certconfig" not in shown
    assert entry_of(desk).tls is TlsMode.NO


@pytest.mark.requirement("AOS-29")
@pytest.mark.parametrize("tls", [mode for mode in TlsMode if mode is not TlsMode.NO])
async def test_every_other_tls_setting_asks_about_both(desk: Desk, tls: TlsMode) -> None:
    to_tls = ("new", "domain.com", *[""] * 6, "y", str(tls.value))
    shown = await desk.type("destconfig", *to_tls, "", "", *[""] * 3, "")
    assert "Do you wish to configure DANE Support? [N]> " in shown
    assert "Do you wish to configure MTA STS Support? [N]> " in shown
    assert entry_of(desk).tls is tls


@pytest.mark.requirement("AOS-28")
async def test_mta_sts_off_says_nothing_of_routes(desk: Desk) -> None:
    to_sts = ("new", "domain.com", *[""] * 6, "y", "", "", "y", "1")
    assert "SMTP Routes" not in await desk.type("destconfig", *to_sts, "", "", "", "")


async def test_without_limits_nothing_is_asked_about_their_use(desk: Desk) -> None:
    shown = await desk.type("destconfig", "new", "domain.com", "n", *[""] * 6, "")
    assert "Select how" not in shown
    assert entry_of(desk) == DestinationControl("domain.com")


async def test_the_tls_list_begins_at_the_setting_of_the_default_row(desk: Desk) -> None:
    await desk.type("destconfig", "default", *[""] * 5, "3", *[""] * 4, "")
    to_tls = ("new", "domain.com", *[""] * 6, "y", "")
    assert "\n[3]> \n" in await desk.type("destconfig", *to_tls, "", "", *[""] * 3, "")
    assert entry_of(desk).tls is TlsMode.REQUIRED


@pytest.mark.parametrize(
    ("typed", "left", "refusal"),
    [
        pytest.param(["", "a.example"], 10, "You must enter a value.", id="no domain"),
        pytest.param(["a b", "a.example"], 10, "A hostname ", id="no hostname"),
        pytest.param(["a.example", "maybe"], 10, "Please answer Yes or No.", id="no yes, no no"),
        pytest.param(
            ["a.example", "", "1001"],
            9,
            "The value must be an integer from 1 to 1000.",
            id="above the range",
        ),
        pytest.param(
            ["a.example", "", "many"],
            9,
            "The value must be an integer from 1 to 1000.",
            id="not a number",
        ),
        pytest.param(
            ["a.example", "", "", "", "", "3"], 6, "That value is not valid.", id="not in the list"
        ),
        pytest.param(
            ["a.example", "", "", "", "y", "61", "60", "100"],
            6,
            "The value must be an integer from 1 to 60.",
            id="more minutes than an hour has",
        ),
        pytest.param(
            ["a.example", "", "", "", "y", "", "", "100"],
            6,
            "You must enter a value.",
            id="a recipient limit has no default",
        ),
    ],
)
async def test_a_refused_answer_is_asked_for_again(
    desk: Desk, typed: list[str], left: int, refusal: str
) -> None:
    shown = await desk.type("destconfig", "new", *typed, *[""] * left, "")
    assert f"\n{refusal}" in shown
    assert list(desk.staged.destinations.entries) == ["a.example"]


async def test_a_bad_profile_name_is_asked_for_again(desk: Desk) -> None:
    to_profile = ("new", "domain.com", *[""] * 8, "y", "2")
    shown = await desk.type("destconfig", *to_profile, "1st", "tight", "", "")
    assert (
        "A bounce profile name must start with a letter or underscore, followed by letters, "
        "numbers, underscores or dashes.\n\nPlease enter the name of a profile to create:\n"
    ) in shown
    assert entry_of(desk).bounce_profile == "tight"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Domain.COM.", "domain.com"), (".partial.example", ".partial.example"), ("10.1.1.3",) * 2],
)
async def test_what_a_destination_may_be(desk: Desk, typed: str, kept: str) -> None:
    await desk.type("destconfig", "new", typed, *ENTERS, "")
    assert list(desk.staged.destinations.entries) == [kept]


async def test_a_domain_that_has_an_entry(desk: Desk) -> None:
    await desk.type("destconfig", "new", "domain.com", *ENTERS, "")
    shown = await desk.type("destconfig", "new", "DOMAIN.com", "")
    assert '\n"domain.com" already exists.\n\nThere is currently 1 entry configured.\n' in shown

"""destconfig: EDIT, DELETE and CLEAR, and Ctrl-C in them."""

from dataclasses import replace

import pytest

from seg_cli.config.destinations import DestinationControl
from seg_cli.errors import Interrupted
from seg_cli.shell.loop import Status
from seg_cli.terms import (
    TlsMode,
)
from tests.commands.conftest import Desk
from tests.commands.entries import BARE, FULL, NO_TLS, stage
from tests.commands.scripts import answers, screen

EDIT = """\
Enter the domain you wish to edit.
[]> domain.com

Do you wish to configure a concurrency limit for domain.com? [Y]> <Enter>

Enter the max concurrency limit for "domain.com".
[20]> <Enter>

Do you wish to apply a messages-per-connection limit to this domain? [Y]> <Enter>

Enter the max number of messages per connection for "domain.com".
[5]> <Enter>

Do you wish to apply a recipient limit to this domain? [Y]> <Enter>

Enter the number of minutes used to measure the recipient limit.
[30]> <Enter>

Enter the max number of recipients per 30 minutes for "domain.com".
[100]> <Enter>

Select how you want to apply the limits for domain.com:
1. One limit applies to the entire domain domain.com
2. Separate limit for each mail exchanger IP address
[2]> <Enter>

Select how the limits will be enforced:
1. System Wide
2. Per Virtual Gateway(tm)
[2]> <Enter>

Do you wish to apply a specific TLS setting for this domain? [Y]> <Enter>

Do you want to use TLS support?
1. No
2. Preferred
3. Required
4. Preferred - Verify
5. Required - Verify
6. Required - Verify Hosted Domains
[5]> <Enter>

You have chosen to enable TLS. Please use the 'certconfig' command to
ensure that there is a valid certificate configured.

Do you wish to configure DANE Support? [Y]> <Enter>

Please choose a DANE option:
1. None
2. Opportunistic
3. Mandatory
[3]> <Enter>

Do you wish to configure MTA STS Support? [Y]> <Enter>

Do you want to use MTA STS Support?
1. Off
2. On
[2]> <Enter>

MTA STS is not enforced for the domains that have SMTP Routes configured.

Do you wish to apply a specific bounce verification address tagging
setting for this domain? [Y]> <Enter>

Perform bounce verification address tagging? [Y]> <Enter>

Do you wish to apply a specific bounce profile to this domain? [Y]> <Enter>

Please choose a bounce profile to apply:
1. Default
2. New Profile
[1]> <Enter>

Do you wish to apply a specific IP sort preference to this domain? [Y]> <Enter>

Select how you want to sort IP addresses within an MX preference:
1. Require IPv4
2. Prefer IPv4
3. Require IPv6
4. Prefer IPv6
[3]> <Enter>
"""


async def test_edit_offers_what_is_there_and_enter_keeps_it(desk: Desk) -> None:
    stage(desk, FULL)
    shown = await desk.type("destconfig", "edit", *answers(EDIT), "")
    assert screen(EDIT) in shown
    assert desk.staged.destinations.entries["domain.com"] == FULL


@pytest.mark.requirement("AOS-07")
@pytest.mark.parametrize(
    "entry", [BARE, NO_TLS], ids=["an entry at Default", "an entry in clear text"]
)
async def test_edit_by_enter_only_leaves_default_at_default(
    desk: Desk, entry: DestinationControl
) -> None:
    stage(desk, entry)
    tls = [""] if entry.tls else []
    await desk.type("destconfig", "edit", entry.domain, *[""] * 7, *tls, "")
    assert desk.staged.destinations.entries[entry.domain] == entry


@pytest.mark.requirement("AOS-07")
async def test_no_at_every_guard_returns_the_entry_to_default(desk: Desk) -> None:
    stage(desk, FULL)
    await desk.type("destconfig", "edit", "domain.com", *["n"] * 7, "")
    table = desk.staged.destinations
    assert table.entries["domain.com"] == DestinationControl("domain.com")
    assert table.settings_for("domain.com") == table.default


@pytest.mark.requirement("AOS-29")
async def test_tls_no_takes_dane_and_mta_sts_from_the_entry(desk: Desk) -> None:
    stage(desk, FULL)
    await desk.type("destconfig", "edit", "domain.com", *[""] * 10, "1", *[""] * 6, "")
    entry = desk.staged.destinations.entries["domain.com"]
    assert entry == replace(FULL, tls=TlsMode.NO, dane=None, mta_sts=None)


@pytest.mark.parametrize("operation", ["edit", "delete"])
async def test_a_domain_without_an_entry(desk: Desk, operation: str) -> None:
    stage(desk, FULL)
    shown = await desk.type("destconfig", operation, "nope.example", Interrupted)
    question = f"\nEnter the domain you wish to {operation}.\n[]> "
    refusal = '\n"nope.example" was not found in the destination control table.\n'
    assert f"{question}nope.example\n{refusal}{question}\n" in shown
    assert list(desk.staged.destinations.entries) == ["domain.com"]


async def test_delete_and_clear_ask_for_no_confirmation(desk: Desk) -> None:
    stage(desk, FULL, BARE, NO_TLS)
    shown = await desk.type("destconfig", "delete", "bare.example", "clear", "")
    counts = [line for line in shown.splitlines() if line.startswith("There ")]
    assert counts == [
        "There are currently 3 entries configured.",
        "There are currently 2 entries configured.",
        "There are currently no entries configured.",
    ]
    assert shown.count("\n- CLEAR - ") == 2


@pytest.mark.parametrize("operation", ["edit", "delete", "clear", "print"])
async def test_an_empty_table_has_nothing_to_change(desk: Desk, operation: str) -> None:
    shown = await desk.type("destconfig", operation, "")
    assert f'\nUnknown option "{operation}".\n' in shown


@pytest.mark.parametrize("asked", range(1, 10))
async def test_ctrl_c_in_the_chain_stages_nothing(desk: Desk, asked: int) -> None:
    shown = await desk.type("destconfig", "new", "domain.com", *[""] * asked, Interrupted)
    assert shown.endswith("\n^C -- Changes not recorded.\n")
    assert desk.status is Status.INTERRUPTED
    assert not desk.session.staged.changed


async def test_ctrl_c_at_the_menu_keeps_what_was_finished(desk: Desk) -> None:
    stage(desk, FULL, BARE)
    shown = await desk.type("destconfig", "delete", "bare.example", Interrupted)
    assert shown.endswith("[]> \n^C\n")
    assert list(desk.staged.destinations.entries) == ["domain.com"]

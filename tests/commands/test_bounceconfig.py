"""bounceconfig: its dialogue to the letter, its profiles, and what it refuses."""

from dataclasses import replace

import pytest

from seg_cli.config.bounce_profiles import BounceProfile, factory_profile
from seg_cli.config.destinations import DestinationControl
from seg_cli.errors import Interrupted
from tests.commands.conftest import Desk
from tests.commands.entries import stage
from tests.commands.scripts import answers, screen

NEW = """\
Current bounce profiles:
1. Default

Choose the operation you want to perform:
- NEW - Create a new profile.
- EDIT - Modify a profile.
[]> new

Please create a name for the profile:
[]> bounceprofile

Please enter the maximum number of retries.
[100]> <Enter>

Please enter the maximum number of seconds a message may stay in the queue
before being hard bounced.
[259200]> 86400

Please enter the initial number of seconds to wait before retrying a message.
[60]> <Enter>

Please enter the maximum number of seconds to wait before retrying a message.
[3600]> <Enter>

Do you want a message sent for each hard bounce? (Yes/No/Default) [Y]> <Enter>

Do you want bounce messages to use the DSN message format? (Yes/No/Default) [Y]> <Enter>

If a message is undeliverable after some interval, do you want to send a delay
warning message? (Yes/No/Default) [N]> y

Please enter the minimum interval in seconds between delay warning messages.
[14400]> <Enter>

Please enter the maximum number of delay warning messages to send per
recipient.
[1]> <Enter>

Do you want hard bounce and delay warning messages sent to an alternate address,
instead of the sender? (Yes/No/Default) [N]> <Enter>

Do you want bounce messages to be signed (Yes/No/Default)? [N]> <Enter>

Current bounce profiles:
1. Default
2. bounceprofile

Choose the operation you want to perform:
- NEW - Create a new profile.
- EDIT - Modify a profile.
- DELETE - Remove a profile.
[]> <Enter>
"""

EDIT_DEFAULT = """\
Current bounce profiles:
1. Default

Choose the operation you want to perform:
- NEW - Create a new profile.
- EDIT - Modify a profile.
[]> edit

Please enter the number of the profile to edit:
[]> 1

Please enter the maximum number of retries.
[100]> 5

Please enter the maximum number of seconds a message may stay in the queue
before being hard bounced.
[259200]> <Enter>

Please enter the initial number of seconds to wait before retrying a message.
[60]> 7200

Please enter the maximum number of seconds to wait before retrying a message.
[7200]> 3600

The value must be an integer from 7200 to 31536000.

Please enter the maximum number of seconds to wait before retrying a message.
[7200]> <Enter>

Do you want a message sent for each hard bounce? (Yes/No) [Y]> default

Please answer Yes or No.

Do you want a message sent for each hard bounce? (Yes/No) [Y]> n

Do you want bounce messages to use the DSN message format? (Yes/No) [Y]> <Enter>

If a message is undeliverable after some interval, do you want to send a delay
warning message? (Yes/No) [N]> <Enter>

Do you want hard bounce and delay warning messages sent to an alternate address,
instead of the sender? (Yes/No) [N]> y

Please enter the email address to send hard bounce and delay warning messages
to.
[]> nobody

An email address is written like user@example.com.

Please enter the email address to send hard bounce and delay warning messages
to.
[]> bounces@example.com

Do you want bounce messages to be signed (Yes/No)? [N]> <Enter>
"""


async def test_new_profile(desk: Desk) -> None:
    assert await desk.type("bounceconfig", *answers(NEW)) == screen(NEW)
    profile = replace(
        factory_profile(), name="bounceprofile", max_queue_lifetime=86_400, send_warnings=True
    )
    assert desk.staged.bounce_profiles == {"Default": factory_profile(), "bounceprofile": profile}
    assert list(desk.committed.bounce_profiles) == ["Default"]


async def test_the_default_profile_has_no_default_to_fall_back_to(desk: Desk) -> None:
    shown = await desk.type("bounceconfig", *answers(EDIT_DEFAULT), "")
    assert shown.startswith(screen(EDIT_DEFAULT))
    assert desk.staged.bounce_profiles["Default"] == replace(
        factory_profile(),
        max_retries=5,
        initial_retry=7200,
        max_retry_time=7200,
        send_bounces=False,
        alternate_address="bounces@example.com",
    )


async def test_default_leaves_a_switch_to_the_default_profile(desk: Desk) -> None:
    await new_profile(desk, "tight")
    switches = ("d", "Default", "d", "default", "d")
    await desk.type("bounceconfig", "edit", "2", *[""] * 4, *switches, "")
    tight = desk.staged.bounce_profiles["tight"]
    assert tight == replace(BounceProfile("tight"), warnings_count=1, warnings_interval=14_400)
    shown = await desk.type("bounceconfig", "edit", "2", *[""] * 4, *[""] * 5, "")
    assert "sent for each hard bounce? (Yes/No/Default) [Default]> \n" in shown
    assert desk.staged.bounce_profiles["tight"] == tight


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        pytest.param("1st", "A bounce profile name must start with a letter", id="a digit first"),
        pytest.param("DEFAULT", 'Invalid profile name "DEFAULT": it already exists.', id="taken"),
        pytest.param("", "You must enter a value.", id="nothing"),
    ],
)
async def test_names_that_are_refused(desk: Desk, name: str, sentence: str) -> None:
    shown = await desk.type("bounceconfig", "new", name, "tight", *[""] * 9, "")
    assert sentence in shown
    assert list(desk.staged.bounce_profiles) == ["Default", "tight"]


async def test_destconfig_refuses_the_name_of_a_profile_that_exists(desk: Desk) -> None:
    await new_profile(desk, "tight")
    to_profile = ("new", "domain.com", *[""] * 8, "y", "3")
    shown = await desk.type("destconfig", *to_profile, "Tight", "loose", "", "")
    assert 'Invalid profile name "Tight": it already exists.' in shown
    assert desk.staged.destinations.entries["domain.com"].bounce_profile == "loose"


async def test_delete(desk: Desk) -> None:
    await new_profile(desk, "tight")
    await new_profile(desk, "loose")
    stage(desk, DestinationControl("domain.com", bounce_profile="loose"))
    shown = await desk.type("bounceconfig", "delete", "1", "delete", "3", "delete", "2", "")
    assert 'The profile "Default" cannot be deleted.' in shown
    assert 'The profile "loose" is in use by the destination control "domain.com".' in shown
    assert list(desk.staged.bounce_profiles) == ["Default", "loose"]


async def test_ctrl_c_records_nothing(desk: Desk) -> None:
    shown = await desk.type("bounceconfig", "new", "tight", "5", Interrupted)
    assert shown.endswith("^C -- Changes not recorded.\n")
    assert not desk.session.staged.changed


async def new_profile(desk: Desk, name: str) -> None:
    await desk.type("bounceconfig", "new", name, *[""] * 9, "")

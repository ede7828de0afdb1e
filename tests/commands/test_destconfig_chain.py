"""destconfig > NEW: what is asked when, and answers that are refused."""

import pytest

from seg_cli.config.destinations import DestinationControl
from seg_cli.errors import Interrupted
from seg_cli.terms import (
    LimitApply,
    LimitType,
    TlsMode,
)
from tests.commands.conftest import Desk
from tests.commands.entries import staged_entry

BY_ENTER_ONLY = DestinationControl(
    "domain.com",
    concurrency=500,
    limit_type=LimitType.HOST,
    limit_apply=LimitApply.SYSTEM,
)

ENTERS = ("",) * 10


@pytest.mark.requirement("AOS-07")
async def test_enter_leaves_every_guarded_setting_at_default(desk: Desk) -> None:
    await desk.type("destconfig", "new", "domain.com", *ENTERS, "")
    entry = staged_entry(desk)
    assert entry == BY_ENTER_ONLY
    default = desk.staged.destinations.default
    assert entry.effective(default) == default


@pytest.mark.requirement("AOS-29")
async def test_tls_no_asks_about_neither_dane_nor_mta_sts(desk: Desk) -> None:
    to_tls = ("new", "domain.com", *[""] * 6, "y", "1")
    shown = await desk.type("destconfig", *to_tls, "", "", "", "")
    assert "DANE" not in shown
    assert "MTA STS" not in shown
    assert "certconfig" not in shown
    assert staged_entry(desk).tls is TlsMode.NO


@pytest.mark.requirement("AOS-29")
@pytest.mark.parametrize("tls", [mode for mode in TlsMode if mode is not TlsMode.NO])
async def test_every_other_tls_setting_asks_about_both(desk: Desk, tls: TlsMode) -> None:
    to_tls = ("new", "domain.com", *[""] * 6, "y", str(tls.value))
    shown = await desk.type("destconfig", *to_tls, "", "", *[""] * 3, "")
    assert "Do you wish to configure DANE Support? [N]> " in shown
    assert "Do you wish to configure MTA STS Support? [N]> " in shown
    assert staged_entry(desk).tls is tls


@pytest.mark.requirement("AOS-28")
async def test_mta_sts_off_says_nothing_of_routes(desk: Desk) -> None:
    to_sts = ("new", "domain.com", *[""] * 6, "y", "", "", "y", "1")
    assert "SMTP Routes" not in await desk.type("destconfig", *to_sts, "", "", "", "")


async def test_without_limits_nothing_is_asked_about_their_use(desk: Desk) -> None:
    shown = await desk.type("destconfig", "new", "domain.com", "n", *[""] * 6, "")
    assert "Select how" not in shown
    assert staged_entry(desk) == DestinationControl("domain.com")


async def test_the_tls_list_begins_at_the_setting_of_the_default_row(desk: Desk) -> None:
    await desk.type("destconfig", "default", *[""] * 5, "3", *[""] * 4, "")
    to_tls = ("new", "domain.com", *[""] * 6, "y", "")
    assert "\n[3]> \n" in await desk.type("destconfig", *to_tls, "", "", *[""] * 3, "")
    assert staged_entry(desk).tls is TlsMode.REQUIRED


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
    assert staged_entry(desk).bounce_profile == "tight"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Domain.COM.", "domain.com"), (".partial.example", ".partial.example"), ("10.1.1.3",) * 2],
)
async def test_what_a_destination_may_be(desk: Desk, typed: str, kept: str) -> None:
    await desk.type("destconfig", "new", typed, *ENTERS, "")
    assert list(desk.staged.destinations.entries) == [kept]


async def test_a_domain_that_has_an_entry(desk: Desk) -> None:
    await desk.type("destconfig", "new", "domain.com", *ENTERS, "")
    shown = await desk.type("destconfig", "new", "DOMAIN.com", "default", Interrupted)
    question = "\nEnter the domain you wish to configure.\n[]> "
    assert f'"domain.com" already exists.\n{question}default\n' in shown
    assert f'"default" already exists.\n{question}\n' in shown
    assert list(desk.staged.destinations.entries) == ["domain.com"]

"""destconfig on one line: silent when it works, one sentence and no change when it does not."""

from dataclasses import replace

import pytest

from seg_cli.config.destinations import DestinationControl
from seg_cli.shell.loop import Status
from seg_cli.terms import (
    DaneMode,
    IpSortPreference,
    LimitApply,
    LimitType,
    MtaStsSupport,
    TlsMode,
)
from tests.commands.conftest import Desk
from tests.commands.entries import BARE, FULL, NO_TLS, stage, staged_entry

REFUSED = "Invalid arguments when processing destconfig: "

EVERY_OPTION = (
    "concurrency_limit=20 max_messages_per_connection=5 recipient_limit_minutes=30 "
    "recipient_limit=100 concurrency_limit_type=mxip concurrency_limit_apply=vg "
    "use_tls=require_verify dane=mandatory mta_sts=on bounce_verification=on "
    "bounce_profile=default ip_sort_pref=require_v6"
)


@pytest.mark.parametrize("operation", ["new", "NEW"])
async def test_new_with_every_option(desk: Desk, operation: str) -> None:
    assert await desk.type(f"destconfig {operation} domain.com {EVERY_OPTION}") == ""
    assert staged_entry(desk) == FULL
    assert desk.status is Status.DONE


@pytest.mark.requirement("AOS-07")
async def test_what_new_does_not_say_is_at_default(desk: Desk) -> None:
    await desk.type("destconfig new .Partial.example")
    await desk.type("destconfig new domain.com use_tls=on mta_sts=on")
    assert staged_entry(desk, ".partial.example") == DestinationControl(".partial.example")
    assert staged_entry(desk) == DestinationControl(
        "domain.com", tls=TlsMode.PREFERRED, mta_sts=MtaStsSupport.ON
    )


async def test_edit_keeps_what_it_does_not_say(desk: Desk) -> None:
    stage(desk, FULL)
    assert await desk.type("destconfig edit domain.com use_tls=on recipient_limit=7") == ""
    assert staged_entry(desk) == replace(FULL, tls=TlsMode.PREFERRED, recipient_limit=7)


async def test_edit_default_changes_the_default_row(desk: Desk) -> None:
    line = EVERY_OPTION.replace(" bounce_profile=default", "")
    assert await desk.type(f"destconfig edit DEFAULT {line}") == ""
    row = desk.staged.destinations.default
    assert (row.concurrency, row.messages_per_connection) == (20, 5)
    assert (row.recipient_minutes, row.recipient_limit) == (30, 100)
    assert (row.limit_type, row.limit_apply) == (LimitType.MX_IP, LimitApply.VIRTUAL_GATEWAY)
    assert (row.tls, row.dane) == (TlsMode.REQUIRED_VERIFY, DaneMode.MANDATORY)
    assert (row.mta_sts, row.bounce_validation) == (MtaStsSupport.ON, True)
    assert row.ip_sort is IpSortPreference.REQUIRE_V6


@pytest.mark.requirement("AOS-29")
async def test_tls_off_takes_dane_and_mta_sts_from_the_entry(desk: Desk) -> None:
    stage(desk, FULL)
    await desk.type("destconfig edit domain.com use_tls=off")
    assert staged_entry(desk) == replace(FULL, tls=TlsMode.NO, dane=None, mta_sts=None)


async def test_delete_and_clear(desk: Desk) -> None:
    stage(desk, FULL, BARE, NO_TLS)
    assert await desk.type("destconfig delete BARE.example") == ""
    assert list(desk.staged.destinations.entries) == ["domain.com", "clear.example"]
    assert await desk.type("destconfig clear") == ""
    assert not desk.staged.destinations.entries


async def test_list_and_detail_print_and_change_nothing(desk: Desk) -> None:
    stage(desk, FULL)
    before = desk.staged
    assert "domain.com  On" in await desk.type("destconfig list")
    assert "    TLS: Required - Verify\n" in await desk.type("destconfig detail Domain.com")
    assert (await desk.type("destconfig detail default")).startswith("Default\n")
    assert "\n\nDefault\n" in await desk.type("destconfig detail all")
    assert desk.staged == before


async def test_export_and_import_are_silent(desk: Desk) -> None:
    stage(desk, FULL, BARE)
    table = desk.staged.destinations
    assert await desk.type("destconfig export dest.ini") == ""
    await desk.type("destconfig clear")
    assert await desk.type("destconfig import dest.ini") == ""
    assert desk.staged.destinations == table


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("frob", "frob"),
        ("setup", "setup"),
        ("new", "domain is missing"),
        ("new a_b", "domain: A hostname is a string"),
        ("new domain.com", 'domain: "domain.com" already exists.'),
        ("new default", 'domain: "default" already exists.'),
        ("edit nope.example", 'domain: "nope.example" was not found in the destination'),
        ("delete nope.example", 'domain: "nope.example" was not found in the destination'),
        ("detail nope.example", "domain: No destination control table action for nope.example."),
        ("delete domain.com x", "too many arguments"),
        ("list x", "too many arguments"),
        ("clear x", "too many arguments"),
        ("new a.com tls=on", '"tls=on" is not an option'),
        ("new a.com use_tls", '"use_tls" is not an option'),
        ("new a.com use_tls=on use_tls=off", "use_tls is there twice"),
        ("new a.com use_tls=maybe", 'use_tls: "maybe" is not one of off, on, require, on_verify'),
        ("new a.com use_tls=2", 'use_tls: "2" is not one of off, on, require, on_verify'),
        ("new a.com use_tls=", 'use_tls: "" is not one of off, on, require, on_verify'),
        ("new a.com bounce_profile=gone", 'bounce_profile: "gone" is not one of Default'),
        ("new a.com concurrency_limit=0", "concurrency_limit: The value must be an integer from 1"),
        ("new a.com concurrency_limit=1001", "concurrency_limit: The value must be an integer"),
        ("new a.com recipient_limit_minutes=5", "recipient_limit is missing"),
        ("new a.com concurrency_limit_type=host", "concurrency_limit_type"),
        ("new a.com use_tls=off dane=mandatory", "dane"),
        ("edit default bounce_profile=default", "bounce_profile"),
        ("import nope.ini", 'file: File "nope.ini" does not exist.'),
        ("import ../serial", "file: A file name holds letters"),
        ("export ../dest.ini", "file: A file name holds letters"),
        ("import", "file is missing"),
    ],
)
async def test_a_line_that_is_refused_changes_nothing(desk: Desk, line: str, sentence: str) -> None:
    stage(desk, FULL)
    before = desk.staged
    shown = await desk.type(f"destconfig {line}")
    assert shown.startswith(f"{REFUSED}{sentence}")
    assert desk.status is Status.FAILED
    assert desk.staged == before

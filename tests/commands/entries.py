"""Entries of the destination control table, laid into a login as if they had been typed."""

from dataclasses import replace

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

FULL = DestinationControl(
    "domain.com",
    concurrency=20,
    messages_per_connection=5,
    recipient_minutes=30,
    recipient_limit=100,
    limit_type=LimitType.MX_IP,
    limit_apply=LimitApply.VIRTUAL_GATEWAY,
    tls=TlsMode.REQUIRED_VERIFY,
    dane=DaneMode.MANDATORY,
    mta_sts=MtaStsSupport.ON,
    bounce_validation=True,
    bounce_profile="Default",
    ip_sort=IpSortPreference.REQUIRE_V6,
)
BARE = DestinationControl("bare.example")
NO_TLS = DestinationControl("clear.example", tls=TlsMode.NO)


def stage(desk: Desk, *entries: DestinationControl) -> None:
    """Lay entries into the table, as if they had been typed in."""
    table = desk.staged.destinations
    for entry in entries:
        table = table.with_entry(entry)
    desk.session.staged.stage(replace(desk.staged, destinations=table))


def staged_entry(desk: Desk, domain: str = "domain.com") -> DestinationControl:
    return desk.staged.destinations.entries[domain]

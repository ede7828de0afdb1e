"""What LIST and DETAIL print of the destination control table."""

from seg_cli.commands.destconfig.chain import IP_SORT_MENU
from seg_cli.commands.destconfig.security import DANE_MENU, MTA_STS_MENU, TLS_MENU
from seg_cli.config.destinations import DestinationControl, DestinationSettings, DestinationTable
from seg_cli.dialogue.questions import Item
from seg_cli.dialogue.tables import format_table
from seg_cli.terms import LimitApply, LimitType, TlsMode

HEADINGS = ("Domain", "Rate\nLimiting", "TLS", "Bounce\nVerification", "Bounce\nProfile")

TLS_CELLS = {
    TlsMode.NO: "Off",
    TlsMode.PREFERRED: "On",
    TlsMode.REQUIRED: "Req",
    TlsMode.PREFERRED_VERIFY: "On(Verify)",
    TlsMode.REQUIRED_VERIFY: "Req(Verify)",
    TlsMode.REQUIRED_VERIFY_HOSTED: "Req(Hosted)",
}

Row = DestinationControl | DestinationSettings


def list_lines(table: DestinationTable) -> list[str]:
    """The summary: one line a domain, in alphabetical order, and the default row last."""
    rows = [(domain, *cells(entry)) for domain, entry in sorted(table.entries.items())]
    return format_table(HEADINGS, [*rows, ("(Default)", *cells(table.default))])


def cells(row: Row) -> tuple[str, str, str, str]:
    """Rate limiting, TLS, bounce verification and bounce profile of one line of the summary."""
    limited = row.concurrency is not None or row.recipient_limit is not None
    return (
        "On" if limited else "Default",
        "Default" if row.tls is None else TLS_CELLS[row.tls],
        on_off(row.bounce_validation),
        profile_of(row),
    )


def profile_of(row: Row) -> str:
    match row:
        case DestinationControl(bounce_profile=profile):
            return profile or "Default"
        case DestinationSettings():
            return "(Default)"


def on_off(value: bool | None) -> str:  # noqa: FBT001 - a setting's value, not a switch of ours
    return "Default" if value is None else ("On" if value else "Off")


def detail_lines(subject: str, table: DestinationTable) -> list[str]:
    """All settings of one domain, of the default row (DEFAULT), or of both (ALL)."""
    match subject:
        case "DEFAULT":
            return default_block(table.default)
        case "ALL":
            blocks = [entry_block(entry) for _, entry in sorted(table.entries.items())]
            lines: list[str] = []
            for block in blocks:
                lines += [*block, ""]
            return lines + default_block(table.default)
        case _:
            return entry_block(table.entries[subject])


def entry_block(entry: DestinationControl) -> list[str]:
    return [
        entry.domain,
        f"    Maximum messages per connection: {entry.messages_per_connection or 'Default'}",
        *limit_lines(entry),
        f"    TLS: {tls_name(entry.tls)}",
        *security_lines(entry),
        f"    Bounce Verification Tagging: {on_off(entry.bounce_validation)}",
        f"    Bounce Profile: {entry.bounce_profile or 'Default'}",
        f"    IP Sort Preference: {name_in(IP_SORT_MENU, entry.ip_sort)}",
    ]


def default_block(row: DestinationSettings) -> list[str]:
    return [
        "Default",
        f"    Maximum messages per connection: {row.messages_per_connection}",
        *limit_lines(row),
        f"    TLS: {tls_name(row.tls)}",
        *security_lines(row),
        f"    Bounce Verification Tagging: {on_off(row.bounce_validation)}",
        f"    IP Sort Preference: {name_in(IP_SORT_MENU, row.ip_sort)}",
    ]


def security_lines(row: Row) -> list[str]:
    """DANE and MTA STS; there is nothing to say of them under TLS No."""
    if row.tls is TlsMode.NO:
        return []
    return [
        f"    DANE Support: {name_in(DANE_MENU, row.dane)}",
        f"    MTA STS Support: {name_in(MTA_STS_MENU, row.mta_sts)}",
    ]


def limit_lines(row: Row) -> list[str]:
    if row.concurrency is None and row.recipient_limit is None:
        return ["    Rate Limiting: Default"]
    recipients = "No recipient limit"
    if row.recipient_limit:
        recipients = f"{row.recipient_limit} recipients per {row.recipient_minutes} minutes"
    connections = "Default" if row.concurrency is None else str(row.concurrency)
    return [
        "    Rate Limiting:",
        f"        {connections} concurrent connections",
        f"        {recipients}",
        f"        Limits applied to {scope_of(row)}",
    ]


def scope_of(row: Row) -> str:
    what = (
        "each mail exchanger IP address" if row.limit_type is LimitType.MX_IP else "entire domain"
    )
    where = (
        "for each virtual gateway"
        if row.limit_apply is LimitApply.VIRTUAL_GATEWAY
        else "across all virtual gateways"
    )
    return f"{what}, {where}"


def tls_name(tls: TlsMode | None) -> str:
    """The name in the selection list, but Off for No."""
    return "Off" if tls is TlsMode.NO else name_in(TLS_MENU, tls)


def name_in(menu: tuple[Item[object], ...], value: object) -> str:
    """How the menu calls a value; "Default" for none."""
    return next((item.text for item in menu if item.value is value), "Default")

"""The chain of questions about the default row: no guards, every setting has a value."""

from dataclasses import replace

from seg_cli.commands.destconfig.chain import (
    ENFORCE,
    IP_SORT,
    IP_SORT_MENU,
    LIMIT_APPLY_MENU,
    MOST_CONNECTIONS,
    MOST_MESSAGES,
    MOST_RECIPIENTS,
    TAGGING,
)
from seg_cli.commands.destconfig.security import DANE_MENU, ask_mta_sts_support, ask_tls_mode
from seg_cli.config.destinations import DestinationSettings
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Number
from seg_cli.dialogue.questions import Choice, Item, YesNo
from seg_cli.terms import DaneMode, LimitType, MtaStsSupport, TlsMode

LIMIT_TYPE_MENU = (
    Item("One limit applies to the entire domain", LimitType.HOST, "host"),
    Item("Separate limit for each mail exchanger IP address", LimitType.MX_IP, "MXIP"),
)


DEFAULT_NOTICE = (
    "Warning: MTA STS support is not recommended in the Default entry. Before mail is",
    "delivered, the DNS is asked for an MTA-STS record of every new destination domain.",
)
"""The tech note's advice (AOS-31); no public text shows how the appliance words it."""


async def ask_default_row(console: Console, row: DestinationSettings) -> DestinationSettings:
    """The default row as the operator wants it."""
    row = await ask_limits(console, row)
    row = await ask_security(console, row)
    tagging = await console.ask(
        YesNo("bounce_verification", TAGGING, default=row.bounce_validation)
    )
    ip_sort = await console.ask(Choice("ip_sort_pref", IP_SORT, IP_SORT_MENU, default=row.ip_sort))
    return replace(row, bounce_validation=tagging, ip_sort=ip_sort)


async def ask_limits(console: Console, row: DestinationSettings) -> DestinationSettings:
    concurrency = await console.ask(
        Number(
            "concurrency_limit",
            "Enter the default maximum concurrency limit.",
            low=1,
            high=MOST_CONNECTIONS,
            default=row.concurrency,
        )
    )
    messages = await console.ask(
        Number(
            "max_messages_per_connection",
            "Enter the maximum number of messages to send per connection.",
            low=1,
            high=MOST_MESSAGES,
            default=row.messages_per_connection,
        )
    )
    row = replace(row, concurrency=concurrency, messages_per_connection=messages)
    row = await ask_recipients(console, row)
    limit_type = await console.ask(
        Choice(
            "concurrency_limit_type",
            "Select how you want to apply the limits for each host:",
            LIMIT_TYPE_MENU,
            default=row.limit_type,
        )
    )
    limit_apply = await console.ask(
        Choice("concurrency_limit_apply", ENFORCE, LIMIT_APPLY_MENU, default=row.limit_apply)
    )
    return replace(row, limit_type=limit_type, limit_apply=limit_apply)


async def ask_recipients(console: Console, row: DestinationSettings) -> DestinationSettings:
    guard = YesNo(
        "apply_recipients",
        "Do you wish to specify a default recipient limit?",
        default=row.recipient_limit is not None,
        opens=("recipient_limit_minutes", "recipient_limit"),
    )
    if not await console.ask(guard):
        return replace(row, recipient_minutes=None, recipient_limit=None)
    minutes = await console.ask(
        Number(
            "recipient_limit_minutes",
            "Enter the number of minutes used to measure recipient limit.",
            low=1,
            high=60,
            default=row.recipient_minutes or 60,
        )
    )
    limit = await console.ask(
        Number(
            "recipient_limit",
            f"Enter number of recipients per {minutes} minutes.",
            low=0,
            high=MOST_RECIPIENTS,
            default=500 if row.recipient_limit is None else row.recipient_limit,
        )
    )
    return replace(row, recipient_minutes=minutes, recipient_limit=limit)


async def ask_security(console: Console, row: DestinationSettings) -> DestinationSettings:
    tls = await ask_tls_mode(console, row.tls)
    if tls is TlsMode.NO:
        return replace(row, tls=tls, dane=DaneMode.NONE, mta_sts=MtaStsSupport.OFF)
    dane = await console.ask(
        Choice("dane", "Do you want to use DANE Support?", DANE_MENU, default=row.dane)
    )
    mta_sts = await ask_mta_sts_support(console, row.mta_sts)
    if mta_sts is MtaStsSupport.ON:
        console.remark(*DEFAULT_NOTICE)
    return replace(row, tls=tls, dane=dane, mta_sts=mta_sts)

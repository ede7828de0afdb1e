"""The chain of questions about one entry, the same for NEW and EDIT, in the appliance's order.

A yes/no question guards each setting: no means "Default", yes asks for a value.
"""

from dataclasses import replace

from seg_cli.commands.destconfig.security import ask_tls
from seg_cli.config.bounce_profiles import DEFAULT_PROFILE, parse_profile_name
from seg_cli.config.destinations import DestinationControl
from seg_cli.config.tree import Config
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Line, Number
from seg_cli.dialogue.questions import Choice, Item, YesNo
from seg_cli.terms import IpSortPreference, LimitApply, LimitType

MOST_CONNECTIONS = 1000
MOST_MESSAGES = 1000
MOST_RECIPIENTS = 1_000_000_000

LIMIT_APPLY_MENU = (
    Item("System Wide", LimitApply.SYSTEM, "system"),
    Item("Per Virtual Gateway(tm)", LimitApply.VIRTUAL_GATEWAY, "VG"),
)
IP_SORT_MENU = (
    Item("Require IPv4", IpSortPreference.REQUIRE_V4, "REQUIRE_V4"),
    Item("Prefer IPv4", IpSortPreference.PREFER_V4, "PREFER_V4"),
    Item("Require IPv6", IpSortPreference.REQUIRE_V6, "REQUIRE_V6"),
    Item("Prefer IPv6", IpSortPreference.PREFER_V6, "PREFER_V6"),
)
IP_SORT = "Select how you want to sort IP addresses within an MX preference:"
ENFORCE = "Select how the limits will be enforced:"
TAGGING = "Perform bounce verification address tagging?"

NEW_PROFILE = ""


async def ask_entry(
    console: Console, entry: DestinationControl, config: Config
) -> DestinationControl:
    """The entry as the operator wants it; every default is its current value."""
    entry = await ask_concurrency(console, entry, config.destinations.default.concurrency)
    entry = await ask_messages(console, entry, config.destinations.default.messages_per_connection)
    entry = await ask_recipients(console, entry)
    if entry.concurrency is not None or entry.recipient_limit is not None:
        entry = await ask_limits_use(console, entry)
    else:
        entry = replace(entry, limit_type=None, limit_apply=None)
    entry = await ask_tls(console, entry, config.destinations.default)
    entry = await ask_tagging(console, entry)
    entry = await ask_bounce_profile(console, entry, tuple(config.bounce_profiles))
    return await ask_ip_sort(console, entry)


async def ask_concurrency(
    console: Console, entry: DestinationControl, default: int
) -> DestinationControl:
    guard = YesNo(
        "apply_concurrency",
        f"Do you wish to configure a concurrency limit for {entry.domain}?",
        default=entry.concurrency is not None,
        opens=("concurrency_limit",),
    )
    if not await console.ask(guard):
        return replace(entry, concurrency=None)
    question = Number(
        "concurrency_limit",
        f'Enter the max concurrency limit for "{entry.domain}".',
        low=1,
        high=MOST_CONNECTIONS,
        default=entry.concurrency or default,
    )
    return replace(entry, concurrency=await console.ask(question))


async def ask_messages(
    console: Console, entry: DestinationControl, default: int
) -> DestinationControl:
    guard = YesNo(
        "apply_messages",
        "Do you wish to apply a messages-per-connection limit to this domain?",
        default=entry.messages_per_connection is not None,
        opens=("max_messages_per_connection",),
    )
    if not await console.ask(guard):
        return replace(entry, messages_per_connection=None)
    question = Number(
        "max_messages_per_connection",
        f'Enter the max number of messages per connection for "{entry.domain}".',
        low=1,
        high=MOST_MESSAGES,
        default=entry.messages_per_connection or default,
    )
    return replace(entry, messages_per_connection=await console.ask(question))


async def ask_recipients(console: Console, entry: DestinationControl) -> DestinationControl:
    guard = YesNo(
        "apply_recipients",
        "Do you wish to apply a recipient limit to this domain?",
        default=entry.recipient_limit is not None,
        opens=("recipient_limit_minutes", "recipient_limit"),
    )
    if not await console.ask(guard):
        return replace(entry, recipient_minutes=None, recipient_limit=None)
    minutes = await console.ask(
        Number(
            "recipient_limit_minutes",
            "Enter the number of minutes used to measure the recipient limit.",
            low=1,
            high=60,
            default=entry.recipient_minutes or 60,
        )
    )
    limit = await console.ask(
        Number(
            "recipient_limit",
            f'Enter the max number of recipients per {minutes} minutes for "{entry.domain}".',
            low=0,
            high=MOST_RECIPIENTS,
            default=entry.recipient_limit,
        )
    )
    return replace(entry, recipient_minutes=minutes, recipient_limit=limit)


async def ask_limits_use(console: Console, entry: DestinationControl) -> DestinationControl:
    domain = entry.domain
    limit_type = await console.ask(
        Choice(
            "concurrency_limit_type",
            f"Select how you want to apply the limits for {domain}:",
            (
                Item(f"One limit applies to the entire domain {domain}", LimitType.HOST, "host"),
                Item("Separate limit for each mail exchanger IP address", LimitType.MX_IP, "MXIP"),
            ),
            default=entry.limit_type or LimitType.HOST,
        )
    )
    limit_apply = await console.ask(
        Choice(
            "concurrency_limit_apply",
            ENFORCE,
            LIMIT_APPLY_MENU,
            default=entry.limit_apply or LimitApply.SYSTEM,
        )
    )
    return replace(entry, limit_type=limit_type, limit_apply=limit_apply)


async def ask_tagging(console: Console, entry: DestinationControl) -> DestinationControl:
    guard = YesNo(
        "apply_bounce_verification",
        "Do you wish to apply a specific bounce verification address tagging\n"
        "setting for this domain?",
        default=entry.bounce_validation is not None,
        opens=("bounce_verification",),
    )
    if not await console.ask(guard):
        return replace(entry, bounce_validation=None)
    question = YesNo("bounce_verification", TAGGING, default=bool(entry.bounce_validation))
    return replace(entry, bounce_validation=await console.ask(question))


async def ask_bounce_profile(
    console: Console, entry: DestinationControl, profiles: tuple[str, ...]
) -> DestinationControl:
    guard = YesNo(
        "apply_bounce_profile",
        "Do you wish to apply a specific bounce profile to this domain?",
        default=entry.bounce_profile is not None,
        opens=("bounce_profile",),
    )
    if not await console.ask(guard):
        return replace(entry, bounce_profile=None)
    names = (DEFAULT_PROFILE, *(name for name in profiles if name != DEFAULT_PROFILE))
    items = (*(Item(name, name, name) for name in names), Item("New Profile", NEW_PROFILE))
    profile = await console.ask(
        Choice(
            "bounce_profile",
            "Please choose a bounce profile to apply:",
            items,
            default=entry.bounce_profile or DEFAULT_PROFILE,
        )
    )
    if profile == NEW_PROFILE:
        profile = await console.ask(
            Line(
                "new_bounce_profile",
                "Please enter the name of a profile to create:",
                check=lambda name: parse_profile_name(name, names),
            )
        )
    return replace(entry, bounce_profile=profile)


async def ask_ip_sort(console: Console, entry: DestinationControl) -> DestinationControl:
    guard = YesNo(
        "apply_ip_sort",
        "Do you wish to apply a specific IP sort preference to this domain?",
        default=entry.ip_sort is not None,
        opens=("ip_sort_pref",),
    )
    if not await console.ask(guard):
        return replace(entry, ip_sort=None)
    question = Choice(
        "ip_sort_pref", IP_SORT, IP_SORT_MENU, default=entry.ip_sort or IpSortPreference.PREFER_V6
    )
    return replace(entry, ip_sort=await console.ask(question))

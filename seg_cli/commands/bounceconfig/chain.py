"""The chain of questions about one bounce profile, the same for NEW and EDIT, in the appliance's
order.
"""

from dataclasses import replace

from seg_cli.config.bounce_profiles import (
    DEFAULT_PROFILE,
    LONGEST,
    MOST_RETRIES,
    MOST_WARNINGS,
    BounceProfile,
    BounceSettings,
    parse_notice_address,
)
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Line, Number
from seg_cli.dialogue.questions import Question, YesNo, YesNoDefault

LIFETIME = """\
Please enter the maximum number of seconds a message may stay in the queue
before being hard bounced."""
SEND_WARNINGS = """\
If a message is undeliverable after some interval, do you want to send a delay
warning message? ({answers})"""
WARNINGS_COUNT = """\
Please enter the maximum number of delay warning messages to send per
recipient."""
ALTERNATE = """\
Do you want hard bounce and delay warning messages sent to an alternate address,
instead of the sender? ({answers})"""
ALTERNATE_ADDRESS = """\
Please enter the email address to send hard bounce and delay warning messages
to."""


async def ask_profile(console: Console, profile: BounceProfile) -> BounceProfile:
    """The profile as the operator wants it; every default is its current value."""
    profile = await ask_schedule(console, profile)
    return await ask_notices(console, profile)


async def ask_schedule(console: Console, profile: BounceProfile) -> BounceProfile:
    retries = await console.ask(
        Number(
            "max_retries",
            "Please enter the maximum number of retries.",
            low=0,
            high=MOST_RETRIES,
            default=profile.max_retries,
        )
    )
    lifetime = await console.ask(
        Number(
            "max_queue_lifetime",
            LIFETIME,
            low=0,
            high=LONGEST,
            default=profile.max_queue_lifetime,
        )
    )
    first = await console.ask(
        Number(
            "initial_retry",
            "Please enter the initial number of seconds to wait before retrying a message.",
            low=1,
            high=LONGEST,
            default=profile.initial_retry,
        )
    )
    longest = await console.ask(
        Number(
            "max_retry_time",
            "Please enter the maximum number of seconds to wait before retrying a message.",
            low=first,
            high=LONGEST,
            default=max(first, profile.max_retry_time),
        )
    )
    return replace(
        profile,
        max_retries=retries,
        max_queue_lifetime=lifetime,
        initial_retry=first,
        max_retry_time=longest,
    )


async def ask_notices(console: Console, profile: BounceProfile) -> BounceProfile:
    """Whether and how the sender is told, in the appliance's order."""
    bounces = await console.ask(
        switch(
            "send_bounces",
            "Do you want a message sent for each hard bounce? ({answers})",
            profile.send_bounces,
            profile.name,
        )
    )
    dsn_format = await console.ask(
        switch(
            "use_dsn_bounce_format",
            "Do you want bounce messages to use the DSN message format? ({answers})",
            profile.dsn_format,
            profile.name,
        )
    )
    profile = replace(profile, send_bounces=bounces, dsn_format=dsn_format)
    profile = await ask_alternate(console, await ask_warnings(console, profile))
    sign = await console.ask(
        switch(
            "sign_bounces",
            "Do you want bounce messages to be signed ({answers})?",
            profile.sign,
            profile.name,
        )
    )
    return replace(profile, sign=sign)


async def ask_warnings(console: Console, profile: BounceProfile) -> BounceProfile:
    wanted = await console.ask(
        switch("send_warnings", SEND_WARNINGS, profile.send_warnings, profile.name)
    )
    profile = replace(profile, send_warnings=wanted)
    if not wanted:
        return profile
    factory = BounceSettings()
    interval = await console.ask(
        Number(
            "send_warnings_interval",
            "Please enter the minimum interval in seconds between delay warning messages.",
            low=1,
            high=LONGEST,
            default=profile.warnings_interval or factory.warnings_interval,
        )
    )
    count = await console.ask(
        Number(
            "send_warnings_count",
            WARNINGS_COUNT,
            low=1,
            high=MOST_WARNINGS,
            default=profile.warnings_count or factory.warnings_count,
        )
    )
    return replace(profile, warnings_interval=interval, warnings_count=count)


async def ask_alternate(console: Console, profile: BounceProfile) -> BounceProfile:
    current = None if profile.alternate_address is None else bool(profile.alternate_address)
    wanted = await console.ask(switch("use_alternate", ALTERNATE, current, profile.name))
    if not wanted:
        return replace(profile, alternate_address=None if wanted is None else "")
    question = Line(
        "alternate_bounce_address",
        ALTERNATE_ADDRESS,
        default=profile.alternate_address or None,
        check=parse_notice_address,
    )
    return replace(profile, alternate_address=await console.ask(question))


def switch(key: str, prompt: str, current: bool | None, name: str) -> Question[bool | None]:  # noqa: FBT001 - a setting's value
    """Yes or No; a profile other than Default may also leave it to that one."""
    if name == DEFAULT_PROFILE:
        return YesNo(key, prompt.format(answers="Yes/No"), default=bool(current))
    return YesNoDefault(key, prompt.format(answers="Yes/No/Default"), default=current)

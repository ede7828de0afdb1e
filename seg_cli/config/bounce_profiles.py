"""Bounce profiles: how long delivery is tried, and what senders are told (`bounceconfig`).

A switch that is None is at "Default", a state of its own: the Default profile decides.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, fields

from seg_cli.errors import Invalid
from seg_cli.printable import printable

DEFAULT_PROFILE = "Default"

MOST_RETRIES = 10_000
MOST_WARNINGS = 1000
LONGEST = 31_536_000
"""Seconds: one year."""

PROFILE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)
BAD_PROFILE_NAME = (
    "A bounce profile name must start with a letter or underscore, followed by letters, "
    "numbers, underscores or dashes."
)
ADDRESS = re.compile(r"[!-;=?A-~]+@[A-Za-z0-9.:\[\]_-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class BounceSettings:
    """Every setting, with a value: what counts for mail to one domain.

    max_retries: attempts after the first. In seconds: max_queue_lifetime, from acceptance to the
    hard bounce; initial_retry, the first wait; max_retry_time, the longest wait;
    warnings_interval, the least time between two delay warnings. A hard bounce falls when retries
    or age are used up, whichever is first. Notices go to alternate_address instead of the sender
    unless it is empty. Signing needs a signing key, and there is none yet.
    """

    max_retries: int = 100
    max_queue_lifetime: int = 259_200
    initial_retry: int = 60
    max_retry_time: int = 3600
    send_bounces: bool = True
    dsn_format: bool = True
    send_warnings: bool = False
    warnings_interval: int = 14_400
    warnings_count: int = 1
    alternate_address: str = ""
    sign: bool = False


@dataclass(frozen=True, slots=True)
class BounceProfile:
    """One profile; the fields are those of BounceSettings."""

    name: str
    max_retries: int = 100
    max_queue_lifetime: int = 259_200
    initial_retry: int = 60
    max_retry_time: int = 3600
    send_bounces: bool | None = None
    dsn_format: bool | None = None
    send_warnings: bool | None = None
    warnings_interval: int | None = None
    warnings_count: int | None = None
    alternate_address: str | None = None
    sign: bool | None = None

    def effective(self, default: "BounceProfile") -> BounceSettings:
        """The settings that count: the profile's own, else the Default profile's, else the
        factory's."""
        values = {
            name: value
            for profile in (default, self)
            for name in _SHARED
            if (value := getattr(profile, name)) is not None
        }
        return BounceSettings(**values)


_SHARED = tuple(field.name for field in fields(BounceSettings))


def factory_profile() -> BounceProfile:
    """The Default profile of a fresh appliance."""
    factory = BounceSettings()
    return BounceProfile(DEFAULT_PROFILE, **{name: getattr(factory, name) for name in _SHARED})


def parse_profile_name(text: str, taken: Collection[str]) -> str:
    """The name of a new profile; raises Invalid when none can be called so, or one already is."""
    if not PROFILE_NAME.fullmatch(text):
        raise Invalid(BAD_PROFILE_NAME)
    if text.lower() in {name.lower() for name in taken}:
        raise Invalid(f'Invalid profile name "{printable(text)}": it already exists.')
    return text


def parse_notice_address(text: str) -> str:
    """The one address that notices go to; raises Invalid for anything else."""
    if not ADDRESS.fullmatch(text):
        raise Invalid("An email address is written like user@example.com.")
    return text

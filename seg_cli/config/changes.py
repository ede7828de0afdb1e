"""What two configurations differ in, by area, and how the work of two sessions is put together."""

from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from seg_cli.config.tree import Config
from seg_cli.errors import UserError

AREAS = MappingProxyType(
    {
        "sethostname": "hostname",
        "settz": "timezone",
        "interfaceconfig": "interfaces",
        "dnsconfig": "dns",
        "destconfig": "destinations",
        "smtproutes": "smtp_routes",
        "bounceconfig": "bounce_profiles",
        "certconfig": "certificates",
        "updateconfig": "updates",
        "logconfig": "log_subscriptions",
        "deliveryconfig": "delivery",
        "rollbackconfig": "rollback",
    }
)
"""The command that changes each area, and the area's field in Config."""


class CommitConflict(UserError):
    """Two sessions changed the same areas (by command); the operator decides whose change stays."""

    def __init__(self, areas: tuple[str, ...], author: str, at: datetime) -> None:
        when = at.strftime("%a %b %d %H:%M:%S %Y %Z")
        super().__init__(
            f"The following settings were changed by {author} at {when}: {', '.join(areas)}."
        )
        self.areas = areas
        self.author = author
        self.at = at


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed these areas (by command), each in another way."""

    areas: tuple[str, ...]


def changed_areas(old: Config, new: Config) -> tuple[str, ...]:
    """The commands whose areas differ, in the order of AREAS."""
    return tuple(area for area in AREAS if _area(old, area) != _area(new, area))


def merge(base: Config, ours: Config, theirs: Config) -> Config | Conflict:
    """Both sides' changes to `base`, area by area; a Conflict where both changed one area apart."""
    ours_changed = changed_areas(base, ours)
    apart = set(changed_areas(base, theirs)) & set(changed_areas(ours, theirs))
    if both := tuple(area for area in ours_changed if area in apart):
        return Conflict(both)
    return overlay(base, ours, theirs)


def overlay(base: Config, ours: Config, theirs: Config) -> Config:
    """`theirs` with each area that `ours` changed put over it."""
    changed = changed_areas(base, ours)
    fields: dict[str, Any] = {AREAS[area]: _area(ours, area) for area in changed}
    return replace(theirs, **fields)


def _area(config: Config, area: str) -> object:
    return getattr(config, AREAS[area])

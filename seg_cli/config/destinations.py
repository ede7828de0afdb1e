"""Destination controls: limits and TLS for mail to one domain (`destconfig`).

A field that is None is at "Default", a state of its own: the default row decides (AOS-07).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from seg_cli.config.certificates import DEMO
from seg_cli.config.nearest import nearest
from seg_cli.terms import (
    DaneMode,
    IpSortPreference,
    LimitApply,
    LimitType,
    MtaStsSupport,
    TlsMode,
)

MOST_ENTRIES = 40_000


@dataclass(frozen=True, slots=True)
class DestinationSettings:
    """Every setting, with a value: the default row, and what an entry amounts to with it.

    `certificate` and `tls_alert` (an alert when a required TLS connection fails) are the global
    settings of `destconfig > SETUP`; no entry has its own.
    """

    concurrency: int = 500
    messages_per_connection: int = 50
    recipient_minutes: int | None = None
    recipient_limit: int | None = None
    limit_type: LimitType = LimitType.HOST
    limit_apply: LimitApply = LimitApply.SYSTEM
    tls: TlsMode = TlsMode.PREFERRED
    dane: DaneMode = DaneMode.NONE
    mta_sts: MtaStsSupport = MtaStsSupport.OFF
    bounce_validation: bool = False
    ip_sort: IpSortPreference = IpSortPreference.PREFER_V6
    certificate: str = DEMO
    tls_alert: bool = False


@dataclass(frozen=True, slots=True)
class DestinationControl:
    """One entry of the table: a host name, a `.partial.domain` or an address, in lower case."""

    domain: str
    concurrency: int | None = None
    messages_per_connection: int | None = None
    recipient_minutes: int | None = None
    recipient_limit: int | None = None
    limit_type: LimitType | None = None
    limit_apply: LimitApply | None = None
    tls: TlsMode | None = None
    dane: DaneMode | None = None
    mta_sts: MtaStsSupport | None = None
    bounce_validation: bool | None = None
    bounce_profile: str | None = None
    ip_sort: IpSortPreference | None = None

    def effective(self, default: DestinationSettings) -> DestinationSettings:
        """The settings that count: each of the entry's own, else the default row's.

        Under TLS No, DANE and MTA STS are unset and read as off (AOS-29), whatever the default
        row says.
        """
        settings = replace(
            default,
            **{name: value for name in _SHARED if (value := getattr(self, name)) is not None},
        )
        if settings.tls is TlsMode.NO:
            return replace(settings, dane=DaneMode.NONE, mta_sts=MtaStsSupport.OFF)
        return settings


_SHARED = tuple(
    name
    for name in DestinationSettings.__dataclass_fields__
    if name in DestinationControl.__dataclass_fields__
)


@dataclass(frozen=True, slots=True)
class DestinationTable:
    """All entries by domain, and the default row."""

    entries: Mapping[str, DestinationControl] = field(default_factory=lambda: MappingProxyType({}))
    default: DestinationSettings = field(default_factory=DestinationSettings)

    def find(self, domain: str) -> DestinationControl | None:
        """The entry that governs mail to `domain`: its own, else the nearest `.partial` one."""
        return nearest(self.entries, domain)

    def settings_for(self, domain: str) -> DestinationSettings:
        """What counts for mail to `domain`."""
        entry = self.find(domain) or DestinationControl(domain)
        return entry.effective(self.default)

    def with_entry(self, entry: DestinationControl) -> "DestinationTable":
        """The table with this entry added or put in place of the one of the same domain."""
        return replace(self, entries=MappingProxyType({**self.entries, entry.domain: entry}))

    def without(self, domain: str) -> "DestinationTable":
        """The table without the entry of this domain."""
        rest = {name: entry for name, entry in self.entries.items() if name != domain}
        return replace(self, entries=MappingProxyType(rest))

    def cleared(self) -> "DestinationTable":
        """The table with nothing but its default row."""
        return DestinationTable(default=self.default)

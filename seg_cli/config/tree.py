"""The whole configuration as one frozen value; `Config()` is the factory configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from types import MappingProxyType
from zoneinfo import ZoneInfo

from seg_cli.config.bounce_profiles import (
    DEFAULT_PROFILE,
    BounceProfile,
    BounceSettings,
    factory_profile,
)
from seg_cli.config.certificates import Certificates
from seg_cli.config.delivery import DeliverySettings
from seg_cli.config.destinations import DestinationTable
from seg_cli.config.dns import DnsSettings
from seg_cli.config.interfaces import Interface
from seg_cli.config.logs import LogSubscription
from seg_cli.config.rollback import RollbackSettings
from seg_cli.config.smtp_routes import SmtpRoutes
from seg_cli.config.updates import UpdateSettings

FACTORY_HOSTNAME = "mail3.example.com"


def _factory_interfaces() -> tuple[Interface, ...]:
    return (Interface("Management", "192.168.42.42", 24, FACTORY_HOSTNAME),)


def _factory_bounce_profiles() -> Mapping[str, BounceProfile]:
    return MappingProxyType({DEFAULT_PROFILE: factory_profile()})


@dataclass(frozen=True, slots=True)
class Config:
    """What an appliance is told; each field but the first two is the value of one area's file."""

    hostname: str = FACTORY_HOSTNAME
    timezone: str = "Etc/GMT"
    interfaces: tuple[Interface, ...] = field(default_factory=_factory_interfaces)
    dns: DnsSettings = field(default_factory=DnsSettings)
    destinations: DestinationTable = field(default_factory=DestinationTable)
    smtp_routes: SmtpRoutes = field(default_factory=SmtpRoutes)
    bounce_profiles: Mapping[str, BounceProfile] = field(default_factory=_factory_bounce_profiles)
    certificates: Certificates = field(default_factory=Certificates)
    updates: UpdateSettings = field(default_factory=UpdateSettings)
    log_subscriptions: tuple[LogSubscription, ...] = (LogSubscription(),)
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    rollback: RollbackSettings = field(default_factory=RollbackSettings)

    @property
    def zone(self) -> tzinfo:
        """The time zone that logs and dialogues are dated in."""
        return ZoneInfo(self.timezone)

    def bounce_profile_for(self, domain: str) -> BounceSettings:
        """What counts for mail to a domain that is not delivered: by its entry's own profile,
        else by the Default one."""
        entry = self.destinations.find(domain)
        name = entry.bounce_profile if entry is not None else None
        default = self.bounce_profiles[DEFAULT_PROFILE]
        return self.bounce_profiles[name or DEFAULT_PROFILE].effective(default)

"""What a configuration says about mail to one domain, looked up once for all its messages."""

from dataclasses import dataclass

from seg_cli.config.bounce_profiles import BounceSettings
from seg_cli.config.destinations import DestinationSettings
from seg_cli.config.smtp_routes import SmtpRoute
from seg_cli.config.tree import Config
from seg_cli.delivery.bounce import Postmaster

MOST_DESTINATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Destination:
    """A recipient domain, and what holds for mail to it."""

    config: Config
    domain: str
    settings: DestinationSettings
    route: SmtpRoute | None
    bounces: BounceSettings
    postmaster: Postmaster

    @classmethod
    def of(cls, config: Config, domain: str) -> "Destination":
        """As the configuration says."""
        return cls(
            config,
            domain,
            config.destinations.settings_for(domain),
            config.smtp_routes.find(domain),
            config.bounce_profile_for(domain),
            Postmaster.of(config),
        )


class Destinations:
    """The destinations under the configuration in force."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._known: dict[str, Destination] = {}

    def adopt(self, config: Config) -> None:
        """Go by this configuration."""
        self.config = config
        self._known.clear()

    def of(self, domain: str) -> Destination:
        """What holds for mail to a domain."""
        known = self._known.get(domain)
        if known is None:
            if len(self._known) >= MOST_DESTINATIONS:
                self._known.clear()
            known = self._known[domain] = Destination.of(self.config, domain)
        return known

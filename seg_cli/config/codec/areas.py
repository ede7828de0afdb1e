"""Each area of the configuration between its value and its words, by command."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from seg_cli.config.bounce_profiles import BounceProfile
from seg_cli.config.certificates import CertificateProfile, Certificates
from seg_cli.config.codec.fields import (
    Rows,
    Words,
    as_table,
    format_fields,
    parse_fields,
    parse_text,
)
from seg_cli.config.codec.keys import (
    ALTERNATE_KEYS,
    AUTHORITY_KEYS,
    BOUNCE_PROFILE_KEYS,
    CERTIFICATE_PROFILE_KEYS,
    DEFAULT_ROW_KEYS,
    DELIVERY_KEYS,
    DESTINATION_KEYS,
    DNS_KEYS,
    INTERFACE_KEYS,
    LOG_KEYS,
    ROLLBACK_KEYS,
    SERVER_PRIORITY,
    UPDATE_KEYS,
    Keys,
)
from seg_cli.config.codec.routes import parse_route
from seg_cli.config.codec.spellings import (
    ADDRESS,
    DOMAIN,
    HOST_NAME,
    NAME,
    PROFILE_NAME,
    TIME_ZONE,
    ZONE,
    Spelling,
    quoted,
)
from seg_cli.config.delivery import DeliverySettings
from seg_cli.config.destinations import DestinationControl, DestinationSettings, DestinationTable
from seg_cli.config.dns import AlternateServer, DnsSettings, NameServer
from seg_cli.config.interfaces import Interface
from seg_cli.config.logs import LogSubscription
from seg_cli.config.rollback import RollbackSettings
from seg_cli.config.smtp_routes import MOST_ROUTES, SmtpRoute, SmtpRoutes
from seg_cli.config.updates import UpdateSettings
from seg_cli.errors import BadFile, Invalid

DEFAULT_ROW = "DEFAULT"
SERVERS = "servers"
ALTERNATES = "alternates"
PROFILES = "profiles"


class Area(Protocol):
    """Both directions of one area; `parse` raises BadFile, naming the place."""

    def format(self, value: Any, /) -> dict[str, object]: ...  # noqa: ANN401 - each area its own
    def parse(self, words: Words, where: str, /) -> object: ...


@dataclass(frozen=True, slots=True)
class _OneText:
    name: str
    spelling: Spelling[str]

    def format(self, value: str) -> dict[str, object]:
        return {self.name: value}

    def parse(self, words: Words, where: str) -> str:
        if set(words) != {self.name}:
            raise BadFile(f"{where}: {quoted(self.name)} is wanted here, and nothing else.")
        return parse_text(self.spelling, words[self.name], where)


@dataclass(frozen=True, slots=True)
class _Record:
    kind: type[Any]
    keys: Keys

    def format(self, value: object) -> dict[str, object]:
        return format_fields(self.keys, value)

    def parse(self, words: Words, where: str) -> object:
        return self.kind(**parse_fields(self.keys, words, where))


@dataclass(frozen=True, slots=True)
class _List:
    rows: Rows

    def format(self, value: tuple[Interface | LogSubscription, ...]) -> dict[str, object]:
        return self.rows.format((row.name, row) for row in value)

    def parse(self, words: Words, where: str) -> tuple[object, ...]:
        return tuple(self.rows.parse(words, where).values())


@dataclass(frozen=True, slots=True)
class _Table:
    rows: Rows

    def format(self, value: Mapping[str, object]) -> dict[str, object]:
        return self.rows.format(value.items())

    def parse(self, words: Words, where: str) -> Mapping[str, object]:
        return MappingProxyType(self.rows.parse(words, where))


class _Dns:
    _rows = Rows(AlternateServer, ZONE, ALTERNATE_KEYS)

    def format(self, value: DnsSettings) -> dict[str, object]:
        servers = {server.address: str(server.priority) for server in value.servers}
        alternates = self._rows.format(value.alternates.items())
        return {SERVERS: servers, ALTERNATES: alternates, **format_fields(DNS_KEYS, value)}

    def parse(self, words: Words, where: str) -> DnsSettings:
        ranked = as_table(words.get(SERVERS, {}), f"{where}, {SERVERS}")
        servers = tuple(
            NameServer(
                parse_text(ADDRESS, address, where), parse_text(SERVER_PRIORITY, priority, where)
            )
            for address, priority in ranked.items()
        )
        place = f"{where}, {ALTERNATES}"
        alternates = self._rows.parse(as_table(words.get(ALTERNATES, {}), place), place)
        tables = {SERVERS, ALTERNATES}
        others = {name: content for name, content in words.items() if name not in tables}
        return DnsSettings(
            servers,
            alternates=MappingProxyType(alternates),
            **parse_fields(DNS_KEYS, others, where),
        )


class _Destinations:
    _rows = Rows(DestinationControl, DOMAIN, DESTINATION_KEYS)

    def format(self, value: DestinationTable) -> dict[str, object]:
        default = format_fields(DEFAULT_ROW_KEYS, value.default)
        return {DEFAULT_ROW: default, **self._rows.format(value.entries.items())}

    def parse(self, words: Words, where: str) -> DestinationTable:
        place = f"{where} {quoted(DEFAULT_ROW)}"
        row = as_table(words.get(DEFAULT_ROW, {}), place)
        default = DestinationSettings(**parse_fields(DEFAULT_ROW_KEYS, row, place))
        entries = {name: content for name, content in words.items() if name != DEFAULT_ROW}
        return DestinationTable(MappingProxyType(self._rows.parse(entries, where)), default)


class _Routes:
    def format(self, value: SmtpRoutes) -> dict[str, object]:
        return {domain: route.destination for domain, route in value.routes.items()}

    def parse(self, words: Words, where: str) -> SmtpRoutes:
        if len(words) > MOST_ROUTES:
            raise BadFile(f"{where}: there are more than {MOST_ROUTES} routes.")
        routes: dict[str, SmtpRoute] = {}
        for domain, destination in words.items():
            place = f"{where} {quoted(domain)}"
            try:
                route = parse_route(domain, str(destination))
            except Invalid as error:
                raise BadFile(f"{place}: {error}") from None
            if route.domain in routes:
                raise BadFile(f"{place} is there twice.")
            routes[route.domain] = route
        return SmtpRoutes(MappingProxyType(routes))


class _Certificates:
    _rows = Rows(CertificateProfile, NAME, CERTIFICATE_PROFILE_KEYS)

    def format(self, value: Certificates) -> dict[str, object]:
        profiles = self._rows.format(value.profiles.items())
        return {PROFILES: profiles, **format_fields(AUTHORITY_KEYS, value)}

    def parse(self, words: Words, where: str) -> Certificates:
        place = f"{where}, {PROFILES}"
        profiles = self._rows.parse(as_table(words.get(PROFILES, {}), place), place)
        others = {name: content for name, content in words.items() if name != PROFILES}
        return Certificates(
            MappingProxyType(profiles), **parse_fields(AUTHORITY_KEYS, others, where)
        )


AREA_CODECS: Mapping[str, Area] = MappingProxyType(
    {
        "sethostname": _OneText("hostname", HOST_NAME),
        "settz": _OneText("timezone", TIME_ZONE),
        "interfaceconfig": _List(Rows(Interface, NAME, INTERFACE_KEYS)),
        "dnsconfig": _Dns(),
        "destconfig": _Destinations(),
        "smtproutes": _Routes(),
        "bounceconfig": _Table(Rows(BounceProfile, PROFILE_NAME, BOUNCE_PROFILE_KEYS)),
        "certconfig": _Certificates(),
        "updateconfig": _Record(UpdateSettings, UPDATE_KEYS),
        "logconfig": _List(Rows(LogSubscription, NAME, LOG_KEYS)),
        "deliveryconfig": _Record(DeliverySettings, DELIVERY_KEYS),
        "rollbackconfig": _Record(RollbackSettings, ROLLBACK_KEYS),
    }
)

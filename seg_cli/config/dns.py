"""Name resolution: which servers are asked, and how long answers are kept (`dnsconfig`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class NameServer:
    """One resolver by its address; the lower priority is asked first."""

    address: str
    priority: int = 0


@dataclass(frozen=True, slots=True)
class AlternateServer:
    """The server of one domain, asked for its name and all names below it."""

    domain: str
    host: str
    address: str


@dataclass(frozen=True, slots=True)
class DnsSettings:
    """The servers, and in seconds: the shortest life in the cache, the wait for a PTR answer
    (0: nobody is asked for one). `alternates` is by domain; `interface` None means any (Auto)."""

    servers: tuple[NameServer, ...] = ()
    minimum_ttl: int = 1800
    ptr_timeout: int = 20
    alternates: Mapping[str, AlternateServer] = field(default_factory=lambda: MappingProxyType({}))
    interface: str | None = None


def alternate_for(name: str, settings: DnsSettings) -> AlternateServer | None:
    """The alternate of the nearest domain that the name is or lies below; None if there is none."""
    alternates = settings.alternates
    domain = name.removesuffix(".").lower()
    while alternates and domain:
        if found := alternates.get(domain):
            return found
        domain = domain.partition(".")[2]
    return None


def servers_for(name: str, settings: DnsSettings) -> tuple[NameServer, ...]:
    """The servers to ask about a name: its alternate alone, else the resolvers in no order."""
    alternate = alternate_for(name, settings)
    return settings.servers if alternate is None else (NameServer(alternate.address),)

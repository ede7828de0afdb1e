"""Name resolution: which resolvers are asked, and how long answers are kept (`dnsconfig`)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameServer:
    """One resolver by its address; the lower priority is asked first."""

    address: str
    priority: int = 0


@dataclass(frozen=True, slots=True)
class DnsSettings:
    """The resolvers, and in seconds: the shortest life in the cache, the wait for a PTR answer."""

    servers: tuple[NameServer, ...] = ()
    minimum_ttl: int = 1800
    ptr_timeout: int = 20

"""What a lab holds, as frozen values: domains, their policies, mail hosts and the way to them.

The TOML that says the same is read by worlds.py; internet.py makes it real.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from seg_cli.policy.facts import MxHost


class Reach(StrEnum):
    """What becomes of a connection to a host."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"
    """Nothing answers: the connection times out. It holds for every port of the address."""


class Issuer(StrEnum):
    """Who signed a certificate; the lab's intermediate is sent along with what it signed."""

    ROOT = "root"
    INTERMEDIATE = "intermediate"
    SELF = "self"


class TlsVersion(StrEnum):
    """TLS versions a host offers, as the log spells them."""

    V1_2 = "TLSv1.2"
    V1_3 = "TLSv1.3"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate to be issued; its dates are days before and after the lab's present day."""

    names: tuple[str, ...]
    common_name: str
    issuer: Issuer = Issuer.INTERMEDIATE
    days_old: int = 1
    days_left: int = 89


@dataclass(frozen=True, slots=True)
class Domain:
    """A recipient domain; `shows` is one sentence saying what it is good for."""

    name: str
    shows: str = ""
    mx: tuple[MxHost, ...] = ()
    mta_sts_txt: tuple[str, ...] = ()
    mta_sts_ttl: int = 3600


@dataclass(frozen=True, slots=True)
class PolicyHost:
    """The HTTPS host `mta-sts.<domain>` and what it answers (RFC 8461 s3.2)."""

    domain: str
    addresses: tuple[str, ...]
    text: str
    certificate: Certificate
    reach: Reach = Reach.OPEN
    status: int = 200
    content_type: str = "text/plain"

    @property
    def name(self) -> str:
        """The name it is reached by (RFC 8461 s3.3)."""
        return f"mta-sts.{self.domain}"


@dataclass(frozen=True, slots=True)
class MailHost:
    """An SMTP host; without TLS versions it does not offer STARTTLS.

    `ptr` is the name its addresses reverse to; the empty text means that they reverse to none.
    """

    name: str
    addresses: tuple[str, ...]
    ptr: str
    certificate: Certificate
    tls: tuple[TlsVersion, ...] = tuple(TlsVersion)
    reach: Reach = Reach.OPEN


@dataclass(frozen=True, slots=True)
class Record:
    """Resource records of one name and type beside those that the hosts and domains bring."""

    name: str
    rdtype: str
    data: tuple[str, ...]
    ttl: int = 3600


@dataclass(frozen=True, slots=True)
class Appliance:
    """The appliance as its network knows it; the position of a resolver is its priority."""

    hostname: str = "mail3.example.com"
    interface: str = "Management"
    address: str = "10.1.1.2"
    prefix_length: int = 24
    resolvers: tuple[str, ...] = ("10.10.5.61", "10.10.5.62")


@dataclass(frozen=True, slots=True)
class Client:
    """The host that `lab send` sends from."""

    hostname: str = "client.example.com"
    address: str = "10.1.1.20"


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy that takes CONNECT."""

    hostname: str
    address: str
    port: int = 3128


@dataclass(frozen=True, slots=True)
class LabSpec:
    """A whole lab; `shows` is one sentence about it."""

    name: str
    shows: str = ""
    appliance: Appliance = field(default_factory=Appliance)
    client: Client = field(default_factory=Client)
    proxy: Proxy | None = None
    domains: tuple[Domain, ...] = ()
    policies: tuple[PolicyHost, ...] = ()
    hosts: tuple[MailHost, ...] = ()
    records: tuple[Record, ...] = ()

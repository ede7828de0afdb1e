"""What a lab holds, as frozen values: domains, their policies, mail hosts and the way to them.

The TOML that says the same is read by reading.py; faults.py changes it; internet.py makes it real.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from seg_cli.lab.dnssec import Dnssec, Resolving
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
    PRIVATE = "private"
    """A root that no system list knows; it is sent along."""


class Chain(StrEnum):
    """What a server sends of the chain that its certificate has."""

    WHOLE = "whole"
    LEAF = "leaf"


class TlsVersion(StrEnum):
    """TLS versions a host offers, as the log spells them."""

    V1_1 = "TLSv1.1"
    V1_2 = "TLSv1.2"
    V1_3 = "TLSv1.3"


MODERN = (TlsVersion.V1_2, TlsVersion.V1_3)


class Answering(StrEnum):
    """How a name server answers questions about a name."""

    NORMAL = "normal"
    SERVFAIL = "servfail"
    NXDOMAIN = "nxdomain"
    SILENT = "silent"


class Starttls(StrEnum):
    """What a mail host that announces STARTTLS does when it is said."""

    NORMAL = "normal"
    REFUSES = "refuses"
    INJECTS = "injects"
    """A line in clear text follows the 220 (RFC 3207 s4.2 forbids it)."""

    CUTS = "cuts"
    """The connection ends at the client's first message of the handshake."""


class ClientCertificate(StrEnum):
    """Whether a mail host asks its clients for a certificate."""

    NOT_ASKED = "not-asked"
    DEMANDED = "demanded"
    """One of the lab's authority, in date at the lab's time."""


class Pace(StrEnum):
    """How a policy host sends a body."""

    AT_ONCE = "at-once"
    DRIP = "drip"
    """An octet at a time, with a pause behind each."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate to be issued; its dates are days before and after the lab's present day."""

    names: tuple[str, ...]
    common_name: str
    issuer: Issuer = Issuer.INTERMEDIATE
    chain: Chain = Chain.WHOLE
    days_old: int = 1
    days_left: int = 89


@dataclass(frozen=True, slots=True)
class TlsaRecord:
    """A TLSA record (RFC 6698 s2.1) as it was published for a certificate, which the host may have
    changed since; `data` is a word of tlsa.py, or the certificate association data in hex."""

    usage: int
    selector: int
    matching_type: int
    data: str
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Domain:
    """A recipient domain; `shows` is one sentence saying what it is good for.

    `dns` holds for the domain and all names below it, `txt_dns` for its MTA-STS record alone.
    """

    name: str
    shows: str = ""
    group: str = ""
    mx: tuple[MxHost, ...] = ()
    mta_sts_txt: tuple[str, ...] = ()
    mta_sts_ttl: int = 3600
    dns: Answering = Answering.NORMAL
    txt_dns: Answering = Answering.NORMAL
    dnssec: Dnssec = Dnssec.UNSIGNED


@dataclass(frozen=True, slots=True)
class PolicyHost:
    """The HTTPS host `mta-sts.<domain>` and what it answers (RFC 8461 s3.2).

    A `location` goes into the header of that name. A body shorter than `size` octets is filled up
    with lines that policies may have and nobody reads.
    """

    domain: str
    addresses: tuple[str, ...]
    text: str
    certificate: Certificate
    reach: Reach = Reach.OPEN
    status: int = 200
    content_type: str = "text/plain"
    location: str = ""
    size: int = 0
    pace: Pace = Pace.AT_ONCE

    @property
    def name(self) -> str:
        """The name it is reached by (RFC 8461 s3.3)."""
        return f"mta-sts.{self.domain}"


@dataclass(frozen=True, slots=True)
class MailHost:
    """An SMTP host; without TLS versions it does not offer STARTTLS.

    `ptr` is the name its addresses reverse to; the empty text means that they reverse to none.
    `recipients` is its answer to every RCPT, empty where it takes them; those whose local part is
    in `unknown` are refused in any case. `dnssec` holds for the zone of its name unless that is a
    recipient domain's; `tlsa_dns` for its TLSA records alone.
    """

    name: str
    addresses: tuple[str, ...]
    ptr: str
    certificate: Certificate
    tls: tuple[TlsVersion, ...] = MODERN
    reach: Reach = Reach.OPEN
    starttls: Starttls = Starttls.NORMAL
    client_certificate: ClientCertificate = ClientCertificate.NOT_ASKED
    recipients: str = ""
    unknown: tuple[str, ...] = ()
    dnssec: Dnssec = Dnssec.UNSIGNED
    tlsa: tuple[TlsaRecord, ...] = ()
    tlsa_dns: Answering = Answering.NORMAL


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
    resolving: Resolving = Resolving.AWARE


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
class Breakage:
    """A fault of faults.py that a domain has; one may be given twice."""

    domain: str
    fault: str


@dataclass(frozen=True, slots=True)
class LabSpec:
    """A whole lab as it is meant to be, and the faults that it has nevertheless."""

    name: str
    shows: str = ""
    appliance: Appliance = field(default_factory=Appliance)
    client: Client = field(default_factory=Client)
    proxy: Proxy | None = None
    domains: tuple[Domain, ...] = ()
    policies: tuple[PolicyHost, ...] = ()
    hosts: tuple[MailHost, ...] = ()
    records: tuple[Record, ...] = ()
    broken: tuple[Breakage, ...] = ()

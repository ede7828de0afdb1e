"""Tiny builders of what DNS says of a mail host's TLSA records."""

from hashlib import sha256

from seg_cli.config.destinations import DestinationSettings
from seg_cli.config.smtp_routes import SmtpRoute
from seg_cli.policy.dane import DaneHost, UsableTlsa
from seg_cli.policy.precedence import Governance, govern
from seg_cli.standards.tlsa import Tlsa
from seg_cli.terms import DaneMode, MtaStsSupport, Security, TlsMode
from tests.policy.peers import DOMAIN, MX, ROOT, leaf
from tests.standards.certificates import Issued

HOST = DaneHost(MX, (MX, DOMAIN), Security.SECURE)
OTHER = leaf("other.example")


def for_leaf(issued: Issued) -> Tlsa:
    """`3 0 1`: this certificate itself."""
    return Tlsa(3, 0, 1, sha256(issued.der).digest())


AUTHORITY = Tlsa(2, 0, 1, sha256(ROOT.der).digest())
UNUSABLE = Tlsa(1, 0, 1, bytes(32))


def usable(*records: Tlsa, mx: Security = Security.SECURE) -> UsableTlsa:
    return UsableTlsa(records, DaneHost(HOST.base_domain, HOST.references, mx))


def governance(
    dane: DaneMode,
    tls: TlsMode = TlsMode.PREFERRED,
    mta_sts: MtaStsSupport = MtaStsSupport.ON,
    route: SmtpRoute | None = None,
) -> Governance:
    """What governs where answers of the DNS are validated."""
    return govern(DestinationSettings(tls=tls, mta_sts=mta_sts, dane=dane), route)

"""Signing a zone of the lab: its key, its signatures, and the DS record its parent has of it.

One key for each zone (ECDSA P-256, RFC 6605), made when it is first needed and kept beside those of
the lab's authority.
"""

from datetime import timedelta
from typing import cast

import dns.dnssec
import dns.dnssectypes
import dns.name
import dns.rdatatype
import dns.rdtypes.ANY.DNSKEY
import dns.rdtypes.ANY.DS
import dns.rrset
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec

from seg_cli.lab.ca import CertificateAuthority
from seg_cli.lab.dnssec import Dnssec

DS_TTL = 3600

INCEPTION = timedelta(hours=1)
"""Before now: the clocks of validators are not exact."""

LIFETIME = timedelta(days=14)
EXPIRED_SINCE = timedelta(days=1)

RENEWAL = timedelta(days=7)
"""After this a zone is signed anew, long before a signature in a cache expires."""

ALGORITHM = dns.dnssectypes.Algorithm.ECDSAP256SHA256
SEP_KEY = 257
"""Flags of a zone key that a DS record points to (RFC 4034 s2.1.1)."""

TRUST_ANCHOR = "trust-anchor"


class ZoneKeys:
    """The keys of all zones of a lab."""

    def __init__(self, authority: CertificateAuthority) -> None:
        self._authority = authority
        self.now = authority.now

    def private(self, apex: dns.name.Name) -> ec.EllipticCurvePrivateKey:
        """The key a zone is signed with."""
        return self._authority.key_called("zone", apex.to_text())

    def dnskey(self, apex: dns.name.Name) -> dns.rdtypes.ANY.DNSKEY.DNSKEY:
        """Its public half, as the zone publishes it."""
        return dns.dnssec.make_dnskey(self.private(apex).public_key(), ALGORITHM, SEP_KEY)

    def ds(self, apex: dns.name.Name, manner: Dnssec) -> dns.rdtypes.ANY.DS.DS:
        """What the parent says of the key; of another one if the zone is to be bogus so."""
        ds = dns.dnssec.make_ds(apex, self.dnskey(apex), dns.dnssectypes.DSDigest.SHA256)
        if manner is Dnssec.BOGUS_DS:
            wrong = bytes(octet ^ 0xFF for octet in ds.digest)
            return cast("dns.rdtypes.ANY.DS.DS", ds.replace(digest=wrong))
        return ds

    def trust_anchor(self) -> str:
        """The DS record of the root, as validators read it from a file."""
        ds = dns.rrset.from_rdata(dns.name.root, DS_TTL, self.ds(dns.name.root, Dnssec.SIGNED))
        return f"{ds.to_text()}\n"

    def sign(self, zone: dns.zone.Zone, manner: Dnssec) -> None:
        """Add key, denials (NSEC) and signatures to a zone, or only what is left of them."""
        assert zone.origin is not None
        now = self.now()
        end = now - EXPIRED_SINCE if manner is Dnssec.BOGUS_EXPIRED else now + LIFETIME
        key = (self.private(zone.origin), self.dnskey(zone.origin))
        begin = min(now - INCEPTION, end - LIFETIME)
        dns.dnssec.sign_zone(zone, keys=[key], inception=begin, expiration=end)
        if manner is Dnssec.BOGUS_STRIPPED:
            strip(zone)


def strip(zone: dns.zone.Zone) -> None:
    """Take the signatures and denials away; the key stays."""
    for name, rdataset in list(zone.iterate_rdatasets()):
        if rdataset.rdtype in (dns.rdatatype.RRSIG, dns.rdatatype.NSEC):
            zone.delete_rdataset(name, rdataset.rdtype, rdataset.covers)

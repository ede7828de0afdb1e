"""TLSA records of the lab's mail hosts, as their name servers publish them; the digests are made of
the keys and certificates that the hosts really show."""

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256, SHA512, Hash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from seg_cli.lab.ca import CertificateAuthority
from seg_cli.lab.spec import MailHost, TlsaRecord
from seg_cli.lab.tlsa_words import CERTIFICATE

TTL = 3600

DIGESTS = {1: SHA256, 2: SHA512}
"""By matching type (RFC 6698 s2.1.3); any other publishes the data as they are."""

NOBODYS = b"neither a certificate nor a key"


def tlsa_name(host: str) -> dns.name.Name:
    """Where the records of a host stand (RFC 6698 s3)."""
    return dns.name.from_text(f"_25._tcp.{host}")


def tlsa_rrset(host: MailHost, authority: CertificateAuthority) -> dns.rrset.RRset:
    """The records of a host, of which there is at least one."""
    records = [_rdata(record, authority) for record in host.tlsa]
    return dns.rrset.from_rdata_list(tlsa_name(host.name), TTL, records)


def _rdata(record: TlsaRecord, authority: CertificateAuthority) -> dns.rdata.Rdata:
    """Generic, because dnspython's own refuses to hold a digest of the wrong length."""
    header = bytes((record.usage, record.selector, record.matching_type))
    data = header + _association(record, authority)
    return dns.rdata.GenericRdata(dns.rdataclass.IN, dns.rdatatype.TLSA, data)


def _association(record: TlsaRecord, authority: CertificateAuthority) -> bytes:
    match record.data:
        case "own":
            key = authority.leaf_key(record.certificate).public_key()
            selected = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        case "ca":
            above = authority.above(record.certificate)
            assert above is not None  # parse_tlsa refuses what has nobody above it
            selected = _selected(above, record.selector)
        case "mismatch":
            selected = NOBODYS
        case digits:
            return bytes.fromhex(digits)
    if record.matching_type not in DIGESTS:
        return selected
    digest = Hash(DIGESTS[record.matching_type]())
    digest.update(selected)
    return digest.finalize()


def _selected(certificate: x509.Certificate, selector: int) -> bytes:
    if selector == CERTIFICATE:
        return certificate.public_bytes(Encoding.DER)
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

"""One signed RRset: whether a key of the zone signed it, and for how long that holds.

The cryptography of a single signature is the library's; which signatures and keys are tried,
how many, and what else must hold (RFC 4035 s5.3), is decided here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import dns.dnssec
import dns.exception
import dns.name
import dns.node
import dns.rdataset
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.RRSIG import RRSIG

from seg_cli.standards.dnssec.answers import SignedSet
from seg_cli.standards.dnssec.bogus import Bogus
from seg_cli.standards.dnssec.keys import ALGORITHMS, TrustedKeys
from seg_cli.terms import Reason

MOST_CHECKS: Final = 8
"""Signatures checked with a key for one RRset; honest ones need one or two (CVE-2023-50387)."""


@dataclass(frozen=True, slots=True)
class Verified:
    """An RRset that its zone signed, good for `ttl` seconds.

    `encloser` is set if the records are those of a wildcard, and is the name above the asterisk:
    it is still to be proven that no closer name exists (RFC 4035 s5.3.4).
    """

    ttl: int
    encloser: dns.name.Name | None = None


def verify(signed: SignedSet, trusted: TrustedKeys, at: datetime) -> Verified:
    """The RRset as verified by the first signature that holds at a time.

    Bogus if none holds, with the reason of the last that was tried: DNSSEC_NO_SIGNATURE,
    DNSSEC_SIGNER, DNSSEC_NO_KEY, DNSSEC_EXPIRED, DNSSEC_NOT_YET_VALID, DNSSEC_FORGED; or
    DNSSEC_TOO_MUCH after more checks than an honest zone needs. Source: RFC 4035 s5.3.
    """
    reason, checks = Reason.DNSSEC_NO_SIGNATURE, 0
    for signature in signed.signatures:
        flaw = _flaw(signature, signed, trusted, at)
        if flaw is not None:
            reason = flaw
            continue
        for key in trusted.of_tag(signature.key_tag, signature.algorithm):
            checks += 1
            if checks > MOST_CHECKS:
                raise Bogus(Reason.DNSSEC_TOO_MUCH)
            if _holds(signature, signed, key, at):
                return _verified(signature, signed, at)
            reason = Reason.DNSSEC_FORGED
    raise Bogus(reason)


def verify_own(signed: SignedSet, trusted: TrustedKeys, at: datetime) -> Verified:
    """As `verify`, for an RRset that no wildcard may stand in for: keys, delegations, denials.

    The NSEC record of a wildcard, shown under another name, would deny what exists.
    """
    verified = verify(signed, trusted, at)
    if verified.encloser is not None:
        raise Bogus(Reason.DNSSEC_FORGED)
    return verified


def _flaw(signature: RRSIG, signed: SignedSet, trusted: TrustedKeys, at: datetime) -> Reason | None:
    """Why a signature cannot hold, seen without cryptography."""
    if signature.signer != trusted.zone or not signed.name.is_subdomain(trusted.zone):
        return Reason.DNSSEC_SIGNER
    if signature.labels > _labels(signed.name):
        return Reason.DNSSEC_FORGED
    if signature.algorithm not in ALGORITHMS:
        return Reason.DNSSEC_NO_KEY
    if not trusted.of_tag(signature.key_tag, signature.algorithm):
        return Reason.DNSSEC_NO_KEY
    if signature.expiration < at.timestamp():
        return Reason.DNSSEC_EXPIRED
    return Reason.DNSSEC_NOT_YET_VALID if signature.inception > at.timestamp() else None


def _labels(name: dns.name.Name) -> int:
    """As the signature counts them: neither the root nor an asterisk in front (RFC 4034 s3.1.3)."""
    return len(name) - (2 if name.is_wild() else 1)


def _holds(signature: RRSIG, signed: SignedSet, key: DNSKEY, at: datetime) -> bool:
    keys: dict[dns.name.Name, dns.node.Node | dns.rdataset.Rdataset]
    keys = {signature.signer: dns.rdataset.from_rdata(0, key)}
    try:
        dns.dnssec.validate_rrsig(signed.records, signature, keys, now=at.timestamp())
    except (dns.exception.DNSException, ValueError):
        return False
    return True


def _verified(signature: RRSIG, signed: SignedSet, at: datetime) -> Verified:
    left = int(signature.expiration - at.timestamp())
    ttl = min(signed.ttl, signature.original_ttl, left)  # RFC 4035 s5.3.3
    if signature.labels == _labels(signed.name):
        return Verified(ttl)
    return Verified(ttl, signed.name.split(signature.labels + 1)[1])

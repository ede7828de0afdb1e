"""DANE for SMTP (RFC 7672, 7671): whether a chain of certificates is one of those that the TLSA
records of a mail host name.

Usage 3 names the server's own certificate or key, and nothing else about it counts: neither names
nor dates. Usage 2 names an authority: the leaf must chain up to it, every certificate in date, and
bear one of the reference identifiers. One record that matches is enough (DANE-26).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256, sha512

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

from seg_cli.standards.certificates import Certificate
from seg_cli.standards.identifiers import matches_dns_id
from seg_cli.standards.pkix import TrustAnchors, check_chain, names_of
from seg_cli.standards.public_keys import is_signed_by, subject_public_key_info
from seg_cli.standards.tlsa import (
    MatchingType,
    Selector,
    Tlsa,
    Unusable,
    Usage,
    without_weaker_digests,
)
from seg_cli.terms import Reason

_DIGESTS = {MatchingType.SHA2_256: sha256, MatchingType.SHA2_512: sha512}
_USAGES = {Usage.DANE_TA, Usage.DANE_EE}


@dataclass(frozen=True, slots=True)
class Authenticated:
    """A record matched; the identifier of the leaf that did, empty where none was asked for."""

    record: Tlsa
    dns_id: str = ""
    cn_id: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a mail host is judged by: its chain in DER, leaf first, as it was sent; the names it
    may bear (`tlsa.reference_identifiers`); and the time (aware)."""

    chain: Sequence[bytes]
    references: Sequence[str]
    at: datetime


def check_usable(record: Tlsa) -> Unusable | None:
    """Why a record counts for nothing, or None if it is usable (RFC 7672 s3.1, DANE-20).

    Usages 0 and 1 have no meaning in SMTP (s3.1.3); data in full must be a certificate or a key.
    """
    if record.usage not in _USAGES:
        return Unusable.USAGE
    if record.selector not in set(Selector):
        return Unusable.SELECTOR
    if record.matching_type not in set(MatchingType):
        return Unusable.MATCHING_TYPE
    if record.matching_type == MatchingType.FULL:
        return None if _is_readable(record) else Unusable.DATA
    digest = _DIGESTS[MatchingType(record.matching_type)]
    return None if len(record.data) == digest().digest_size else Unusable.DIGEST_LENGTH


def usable_records(records: Iterable[Tlsa]) -> tuple[Tlsa, ...]:
    """Those that can be matched, in their order; the others are as if they were not there."""
    return tuple(record for record in records if check_usable(record) is None)


def authenticate(records: Iterable[Tlsa], shown: Shown) -> Authenticated | Reason:
    """The first usable record that matches what a host showed, or why none does.

    Reasons: NO_CERTIFICATE; where a record of usage 2 came nearest, what `check_chain` says of
    the way up to its authority, or CERTIFICATE_HOST_MISMATCH; TLSA_INVALID for all else. The
    caller sends nothing to this host (DANE-03). Source: RFC 7672 s2.2, RFC 7671 s5, s9.
    """
    if not shown.chain:
        return Reason.NO_CERTIFICATE
    nearest = Reason.TLSA_INVALID
    for record in without_weaker_digests(usable_records(records)):
        result = _try(record, shown)
        if isinstance(result, Authenticated):
            return result
        if nearest is Reason.TLSA_INVALID:
            nearest = result
    return nearest


def _try(record: Tlsa, shown: Shown) -> Authenticated | Reason:
    if record.usage == Usage.DANE_EE:  # DANE-22
        matched = _matches(record, shown.chain[0])
        return Authenticated(record) if matched else Reason.TLSA_INVALID
    return _try_authority(record, shown)


def _try_authority(record: Tlsa, shown: Shown) -> Authenticated | Reason:
    """Usage 2 (DANE-23): an authority that is merely among the certificates sent counts for
    nothing; the leaf must lead up to it."""
    anchors = tuple(_anchors(record, shown.chain))
    if not anchors:
        return Reason.TLSA_INVALID
    problem = check_chain(shown.chain, TrustAnchors.of(anchors), shown.at)
    return _name(record, shown) if problem is None else problem


def _name(record: Tlsa, shown: Shown) -> Authenticated | Reason:
    """The identifier that names the host: a DNS-ID or, where there is none, the common name
    (RFC 7672 s3.2.3, DANE-28)."""
    presented = names_of(shown.chain[0])
    assert not isinstance(presented, Reason)  # a trusted chain has a readable leaf
    for reference in shown.references:
        for dns_id in presented.dns_names:
            if matches_dns_id(dns_id, reference):
                return Authenticated(record, dns_id=dns_id)
        cn_id = presented.common_name
        if cn_id and not presented.dns_names and matches_dns_id(cn_id, reference):
            return Authenticated(record, cn_id=cn_id)
    return Reason.CERTIFICATE_HOST_MISMATCH


def _anchors(record: Tlsa, chain: Sequence[bytes]) -> Iterator[bytes]:
    """The certificates in which a chain may end under a record of usage 2.

    Those above the leaf that match; the one that the record gives in full, sent or not; and those
    that a key given in full has signed, for the certificate of that key may be missing (DANE-24,
    RFC 7671 s5.2). The leaf is no authority for itself (DANE-25), but if the key signed it, it is
    the whole way up.
    """
    leaf = chain[0]
    yield from (der for der in chain if der != leaf and _matches(record, der))
    if record.matching_type != MatchingType.FULL:
        return
    if record.selector == Selector.CERT:
        if record.data != leaf:
            yield record.data
        return
    key = load_der_public_key(record.data)
    for der in chain:
        certificate = Certificate.read(der)
        if isinstance(certificate, Certificate) and is_signed_by(certificate.parsed, key):
            yield der


def _matches(record: Tlsa, der: bytes) -> bool:
    selected = _select(record, der)
    digest = _DIGESTS.get(MatchingType(record.matching_type))
    return record.data == (selected if digest is None else digest(selected).digest())


def _select(record: Tlsa, der: bytes) -> bytes:
    """The part of a certificate that a record is about; nothing of one that cannot be read."""
    if record.selector == Selector.CERT:
        return der
    try:
        return subject_public_key_info(x509.load_der_x509_certificate(der))
    except (ValueError, x509.InvalidVersion):
        return b""


def _is_readable(record: Tlsa) -> bool:
    if record.selector == Selector.CERT:
        return isinstance(Certificate.read(record.data), Certificate)
    try:
        load_der_public_key(record.data)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True

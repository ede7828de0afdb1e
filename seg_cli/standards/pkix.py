"""Certificates and the chains they come in (RFC 5280): who vouches for a key, and until when.

A server shows its own certificate, the leaf, and usually the intermediate ones above it. The
chain is good if each certificate is signed by the next, all are in date, and the last is
signed by one of the anchors that the reader trusts beforehand. Which *name* the leaf must bear
is another question with several answers (RFC 6125, RFC 8461 s4.2, the appliance's own rules),
so no chain check here asks for one: `names_of` tells what a leaf presents, `matches_dns_id`
compares.

The chain is verified by `cryptography` under a relaxed profile. Its default is that of the web
browsers, which refuses certificates common between mail hosts: without a subjectAltName, or
without key identifiers. What RFC 5280 itself asks for stays: signatures, dates, CA flag, path
length, name constraints, the key usage of a CA, no unknown critical extension; and a leaf that
limits its purposes must list servers. The library's error texts are coarse, so the reason for
a failure is worked out here.
"""

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from seg_cli.standards.certificates import (
    Certificate,
    CertificateNames,
    certificates_above,
)
from seg_cli.standards.identifiers import matches_dns_id
from seg_cli.terms import Reason

__all__ = [
    "CertificateNames",
    "TrustAnchors",
    "check_chain",
    "check_dates",
    "matches_dns_id",
    "names_of",
]

_SERVER_PURPOSES = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """The certificates a chain may end in; made once, for reading a system's list takes time."""

    certificates: tuple[Certificate, ...]
    store: Store | None = field(repr=False, compare=False)

    @classmethod
    def of(cls, roots: Iterable[bytes]) -> "TrustAnchors":
        """Anchors from DER certificates; one that cannot be read is passed over, since system
        lists carry odd old ones. With none at all no chain is trusted."""
        with warnings.catch_warnings():
            # Roots in use everywhere have the serial number 0, which the library dislikes.
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            read = tuple(map(Certificate.read, roots))
        certificates = tuple(root for root in read if isinstance(root, Certificate))
        # An empty store is an error to the library.
        store = Store([root.parsed for root in certificates]) if certificates else None
        return cls(certificates, store)


def names_of(leaf: bytes) -> CertificateNames | Reason:
    """The names a DER certificate presents, or CERTIFICATE_MALFORMED."""
    certificate = Certificate.read(leaf)
    return certificate if isinstance(certificate, Reason) else certificate.names


def check_dates(chain: Sequence[bytes], at: datetime) -> Reason | None:
    """Why a chain that is trusted otherwise does not hold at this time, or None.

    Every certificate of the chain (DER) counts, the first bad one gives the reason:
    CERTIFICATE_EXPIRED or CERTIFICATE_NOT_YET_VALID; NO_CERTIFICATE for an empty chain,
    CERTIFICATE_MALFORMED if one cannot be read. Source: RFC 5280 s6.1.3 (a)(2).
    """
    certificates = _read_chain(chain)
    if isinstance(certificates, Reason):
        return certificates
    return _first_untimely(certificates, at)


def check_chain(chain: Sequence[bytes], anchors: TrustAnchors, at: datetime) -> Reason | None:
    """Why a chain is not trusted at this time (aware), or None if it is.

    `chain` is DER, leaf first, as the server sent it; the order of the others is free, and more
    than are needed do no harm. The reasons, the first that holds: NO_CERTIFICATE (empty),
    CERTIFICATE_MALFORMED (any), CERTIFICATE_EXPIRED or CERTIFICATE_NOT_YET_VALID (the leaf),
    CERTIFICATE_SELF_SIGNED (the leaf), EXPIRED or NOT_YET_VALID (one above it without which no
    anchor is reached), CERTIFICATE_NOT_TRUSTED (all else: an intermediate one is missing, the
    root is unknown, a constraint is broken). Names are not looked at. Source: RFC 5280 s6, AOS-08.
    """
    certificates = _read_chain(chain)
    if isinstance(certificates, Reason):
        return certificates
    leaf, *others = certificates
    untimely = leaf.check_dates(at)
    if untimely is not None:
        return untimely
    if _verifies(leaf, others, anchors, at):
        return None
    if leaf.issuer == leaf.subject:
        return Reason.CERTIFICATE_SELF_SIGNED
    return _explain(leaf, others, anchors, at)


def _read_chain(chain: Sequence[bytes]) -> tuple[Certificate, ...] | Reason:
    if not chain:
        return Reason.NO_CERTIFICATE
    read = [Certificate.read(der) for der in chain]
    certificates = tuple(each for each in read if isinstance(each, Certificate))
    return certificates if len(certificates) == len(read) else Reason.CERTIFICATE_MALFORMED


def _first_untimely(certificates: Sequence[Certificate], at: datetime) -> Reason | None:
    reasons = (certificate.check_dates(at) for certificate in certificates)
    return next((reason for reason in reasons if reason is not None), None)


def _require_cert_sign(_: Policy, __: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    """A CA that limits the use of its key must list signing certificates (RFC 5280 s4.2.1.3)."""
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("the key of this CA may not sign certificates")


def _require_server(_: Policy, __: x509.Certificate, usage: x509.ExtendedKeyUsage | None) -> None:
    """A leaf that limits its purposes must list servers (RFC 5280 s4.2.1.12)."""
    if usage is not None and _SERVER_PURPOSES.isdisjoint(usage):
        raise ValueError("this certificate is not for servers")


_CA_PROFILE = (
    ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)  # the library asks for cA
    .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _require_cert_sign)
)
_LEAF_PROFILE = ExtensionPolicy.permit_all().may_be_present(
    x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _require_server
)


def _verifies(
    leaf: Certificate, others: Sequence[Certificate], anchors: TrustAnchors, at: datetime
) -> bool:
    if anchors.store is None:
        return False
    # The verifier of clients is the one that asks for no name.
    verifier = (
        PolicyBuilder()
        .store(anchors.store)
        .time(at)
        .extension_policies(ca_policy=_CA_PROFILE, ee_policy=_LEAF_PROFILE)
        .build_client_verifier()
    )
    try:
        verifier.verify(leaf.parsed, [other.parsed for other in others])
    except VerificationError:
        return False
    return True


def _explain(
    leaf: Certificate, others: Sequence[Certificate], anchors: TrustAnchors, at: datetime
) -> Reason:
    """Dates are the reason if names lead up to an anchor, but not through certificates in date.

    Names without signatures will do: this only words a failure that is certain.
    """
    pool = [*others, *anchors.certificates]
    in_date = [certificate for certificate in pool if certificate.check_dates(at) is None]
    above = certificates_above(leaf, pool)
    untimely = _first_untimely(above, at)
    if (
        _reaches(above, anchors)
        and not _reaches(certificates_above(leaf, in_date), anchors)
        and untimely
    ):
        return untimely
    return Reason.CERTIFICATE_NOT_TRUSTED


def _reaches(path: Sequence[Certificate], anchors: TrustAnchors) -> bool:
    return any(certificate in anchors.certificates for certificate in path)

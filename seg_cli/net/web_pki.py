"""The Web PKI at the appliance's time: OpenSSL judges chain and name, its clock is left out.

OpenSSL dates certificates by the machine's clock. That check is switched off, and the chain that
it built is dated afterwards, before anything is sent.
"""

import ssl
from datetime import datetime
from typing import Final

from seg_cli.net.starttls import DER
from seg_cli.standards.pkix import check_dates
from seg_cli.terms import Reason

NO_CHECK_TIME: Final = ssl.VerifyFlags(0x200000)
"""X509_V_FLAG_NO_CHECK_TIME, which the ssl module does not name."""

REASONS: Final = {
    18: Reason.CERTIFICATE_SELF_SIGNED,
    19: Reason.CERTIFICATE_NOT_TRUSTED,
    20: Reason.CERTIFICATE_NOT_TRUSTED,
    21: Reason.CERTIFICATE_NOT_TRUSTED,
    62: Reason.CERTIFICATE_HOST_MISMATCH,
}
"""OpenSSL's X509_V_ERR numbers; the others are told in its own words."""


def web_context(roots: tuple[bytes, ...]) -> ssl.SSLContext:
    """TLS 1.2 or later; the certificate must be one of these roots' (DER) for the name asked for.

    The name must be a DNS-ID, never a common name, with `*` only as the whole leftmost label
    (RFC 8461 s3.3, RFC 6125). Dates are not judged. Reading a system's roots takes a while: make
    one and keep it.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False
    context.verify_flags |= NO_CHECK_TIME
    if roots:
        context.load_verify_locations(cadata=b"".join(roots))
    return context


class CertificateOutOfDate(ssl.SSLCertVerificationError):
    """The chain is good but for its dates; the argument is the Reason."""


def require_in_date(sock: ssl.SSLSocket, at: datetime) -> None:
    """Raise CertificateOutOfDate unless each certificate up to the root holds at this time."""
    reason = check_dates(verified_chain(sock), at)
    if reason is not None:
        raise CertificateOutOfDate(reason)


def verified_chain(sock: ssl.SSLSocket) -> tuple[bytes, ...]:
    """The DER certificates from leaf to root that OpenSSL found good, not only those it was sent.

    Public API from Python 3.13; before, it is asked of the inner object.
    """
    if public := getattr(sock, "get_verified_chain", None):
        return tuple(public())
    inner = getattr(sock, "_sslobj", None)
    if private := getattr(inner, "get_verified_chain", None):
        return tuple(certificate.public_bytes(DER) for certificate in private() or ())
    return ()  # judged as a missing certificate


def refusal(error: ssl.SSLCertVerificationError, name: str) -> str:
    """Why a certificate was refused, in the words of the log."""
    if isinstance(error, CertificateOutOfDate):
        return str(error.args[0])
    reason = REASONS.get(error.verify_code)
    if reason is Reason.CERTIFICATE_HOST_MISMATCH:
        return f"{reason} {name}"
    return reason or error.verify_message

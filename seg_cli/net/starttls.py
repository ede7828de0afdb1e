"""TLS as this product shakes hands: never judging, always telling what was seen.

The handshake itself verifies nothing. What the peer showed becomes `TlsFacts`, and policy judges
those afterwards, so that one handshake serves every rule.
"""

import ssl
from typing import Final

from seg_cli.net.failures import network_failure
from seg_cli.policy.facts import TlsFacts
from seg_cli.terms import Reason

DER: Final = 2
"""`_ssl.ENCODING_DER`."""

TOO_OLD: Final = frozenset(
    {
        "UNSUPPORTED_PROTOCOL",
        "NO_PROTOCOLS_AVAILABLE",
        "VERSION_TOO_LOW",
        "INAPPROPRIATE_FALLBACK",
        "TLSV1_ALERT_PROTOCOL_VERSION",
    }
)
"""OpenSSL's reasons for: no version in common."""


def client_context() -> ssl.SSLContext:
    """A context for mail hosts: TLS 1.2 or later, certificates not verified (RFC 8461 s7.3).

    Make one and keep it; a certificate to show on request is loaded by the caller.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def sni_name(host: str) -> str | None:
    """The name to send in SNI, without its last dot; None for what no SNI can carry
    (RFC 6066 s3). IP addresses are left out by OpenSSL itself."""
    name = host.removesuffix(".")
    try:
        name.encode("idna")
    except UnicodeError:
        return None
    return name if name and "\0" not in name else None


def established(ssl_object: ssl.SSLObject) -> TlsFacts:
    """What a handshake that succeeded showed."""
    cipher = ssl_object.cipher()
    return TlsFacts(
        protocol=ssl_object.version() or "",
        cipher=cipher[0] if cipher else "",
        chain=peer_chain(ssl_object),
    )


def peer_chain(ssl_object: ssl.SSLObject) -> tuple[bytes, ...]:
    """The DER certificates the peer sent, leaf first; empty if it sent none.

    The whole chain is public API from Python 3.13 only. Before, it is asked of the inner object,
    and where that has changed the leaf alone is told.
    """
    if public := getattr(ssl_object, "get_unverified_chain", None):
        return tuple(public() or ())
    inner = getattr(ssl_object, "_sslobj", None)
    if private := getattr(inner, "get_unverified_chain", None):
        return tuple(certificate.public_bytes(DER) for certificate in private() or ())
    leaf = ssl_object.getpeercert(binary_form=True)
    return (leaf,) if leaf else ()


def handshake_failure(error: OSError | EOFError) -> tuple[Reason, str]:
    """Why a handshake failed, and in OpenSSL's or the operating system's words."""
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Reason.DISCONNECTED, "EOF"
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "reason", None) or ""  # absent unless OpenSSL gave one
        words = reason.lower().replace("_", " ") or "handshake failure"
        return (Reason.PROTOCOL_TOO_OLD if reason in TOO_OLD else Reason.HANDSHAKE_FAILED), words
    failed = network_failure(error)
    return failed.reason, failed.detail

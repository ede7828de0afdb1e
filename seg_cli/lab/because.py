"""Why: for each reason of a decision the sentence of the tech note, where it has one, and the RFC.

The note's sentences are rendered from its Korean edition (222782); `docs/tech-note.md` goes through
all of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from seg_cli.terms import Reason

MISCONFIGURED = "Configuration errors skip MTA-STS; the configured TLS setting is used to deliver."
ENFORCED_NOTE = (
    "In enforce mode, mail is not delivered if no secure connection can be made, "
    "for instance because the TLS certificate is not valid."
)
CERTIFICATE_NOTE = "Delivery fails if a certificate is not set up properly or has expired."
AUTHORITIES_NOTE = (
    "The destination's intermediate and root certificates must be in the list of authorities."
)


@dataclass(frozen=True, slots=True)
class Source:
    """What the tech note says (empty where it is silent), and the place in an RFC or guide."""

    note: str
    place: str


ENFORCED = Source(ENFORCED_NOTE, "RFC 8461 s5")

SOURCES: Mapping[Reason, Source] = MappingProxyType(
    {
        Reason.MTA_STS_OFF: Source(
            "When enabled, the gateway looks at the MTA-STS setting of the destination control.",
            "AOS-20",
        ),
        Reason.MTA_STS_ROUTE: Source(
            "MTA-STS is not enforced for domains with SMTP routes.", "AOS-28; cf. RFC 8461 s3.4"
        ),
        Reason.MTA_STS_TLS_NO: Source("TLS options 2 to 6 support MTA-STS.", "AOS-29"),
        Reason.DANE_OFF: Source("DANE support is Mandatory, Opportunistic or None.", "RFC 7672 s2"),
        Reason.DANE_ROUTE: Source("", "AOS-28"),
        Reason.DANE_TLS_NO: Source("", "AOS-29"),
        Reason.MTA_STS_DANE: Source(
            "If DANE succeeds, MTA-STS is skipped and mail is delivered.", "AOS-21"
        ),
        Reason.DANE_MX_INSECURE: Source("", "RFC 7672 s2.2.1"),
        Reason.DANE_ADDRESS_INSECURE: Source("", "RFC 7672 s2.2.3"),
        Reason.TLSA_NONE: Source("", "RFC 7672 s2.2"),
        Reason.TLSA_INSECURE: Source("", "RFC 7672 s2.1"),
        Reason.TLSA_UNUSABLE: Source("", "RFC 7672 s2.2"),
        Reason.DNSSEC_INVALID: Source("", "RFC 7672 s2.1.2"),
        Reason.TLSA_INVALID: Source("", "RFC 7672 s2.2"),
        Reason.STS_NO_RECORD: Source(MISCONFIGURED, "RFC 8461 s3.1"),
        Reason.STS_SEVERAL_RECORDS: Source(MISCONFIGURED, "RFC 8461 s3.1"),
        Reason.STS_RECORD_INVALID: Source(MISCONFIGURED, "RFC 8461 s3.1"),
        Reason.STS_LOOKUP_FAILED: Source(MISCONFIGURED, "RFC 8461 s3.1"),
        Reason.STS_FETCH_ERROR: Source(MISCONFIGURED, "RFC 8461 s3.3"),
        Reason.STS_POLICY_INVALID: Source(MISCONFIGURED, "RFC 8461 s3.2"),
        Reason.STS_WEBPKI_INVALID: Source(
            'The HTTPS server must show a valid X.509 certificate for the "mta-sts" DNS-ID.',
            "RFC 8461 s3.3",
        ),
        Reason.STS_TESTING: Source("The mode is testing or enforce.", "RFC 8461 s5"),
        Reason.STS_NONE: Source("", "RFC 8461 s5"),
        Reason.STS_MX_NOT_LISTED: Source(
            "The policy holds the MTA-STS MX hosts that receive mail.", "RFC 8461 s4.1"
        ),
        Reason.STARTTLS_NOT_SUPPORTED: Source("", "RFC 3207 s4"),
        Reason.STARTTLS_REFUSED: Source("", "RFC 3207 s4"),
        Reason.STARTTLS_INJECTION: Source("", "RFC 3207 s4.2"),
        Reason.HANDSHAKE_FAILED: Source("", "RFC 3207 s4.1"),
        Reason.PROTOCOL_TOO_OLD: Source("TLSv1.2 or later is required.", "RFC 8461 s7.1"),
        Reason.NO_CERTIFICATE: Source(CERTIFICATE_NOTE, "RFC 8461 s4.2"),
        Reason.CERTIFICATE_MALFORMED: Source(CERTIFICATE_NOTE, "RFC 5280 s4"),
        Reason.CERTIFICATE_EXPIRED: Source(CERTIFICATE_NOTE, "RFC 5280 s6.1.3"),
        Reason.CERTIFICATE_NOT_YET_VALID: Source(CERTIFICATE_NOTE, "RFC 5280 s6.1.3"),
        Reason.CERTIFICATE_SELF_SIGNED: Source(AUTHORITIES_NOTE, "RFC 5280 s6.1"),
        Reason.CERTIFICATE_NOT_TRUSTED: Source(AUTHORITIES_NOTE, "RFC 5280 s6.1"),
        Reason.CERTIFICATE_HOST_MISMATCH: Source(
            'With "peer cert does not match" for a destination that is hosted, such as M365, '
            "change the TLS setting to Required - Verify Hosted Domains.",
            "RFC 6125 s6.4",
        ),
        Reason.TIMED_OUT: Source("", "RFC 5321 s4.5.3.2"),
        Reason.REFUSED: Source("", "RFC 5321 s5.1"),
        Reason.UNREACHABLE: Source("", "RFC 5321 s5.1"),
        Reason.DISCONNECTED: Source("", "RFC 5321 s3.8"),
        Reason.PROTOCOL_ERROR: Source("", "RFC 5321 s4.2"),
        Reason.DNS_NXDOMAIN: Source("", "RFC 5321 s5.1"),
        Reason.DNS_NODATA: Source("", "RFC 5321 s5.1"),
        Reason.DNS_SERVFAIL: Source("", "RFC 5321 s5.1"),
        Reason.DNS_MALFORMED: Source("", "RFC 1035 s7.3"),
        Reason.DNS_ALIAS_LOOP: Source("", "RFC 1034 s3.6.2"),
        Reason.NULL_MX: Source("", "RFC 7505 s3"),
        Reason.NO_ADDRESS: Source("", "RFC 5321 s5.1"),
        Reason.DNSSEC_UNSIGNED: Source("", "RFC 4035 s4.3"),
        Reason.DNSSEC_UNSUPPORTED: Source("", "RFC 4035 s5.2"),
        Reason.DNSSEC_OPT_OUT: Source("", "RFC 5155 s6"),
        Reason.DNSSEC_ITERATIONS: Source("", "RFC 9276 s3.2"),
        Reason.DNSSEC_NO_ANCHOR: Source("", "RFC 4035 s4.3"),
        Reason.DNSSEC_NO_SIGNATURE: Source("", "RFC 4035 s5.3.1"),
        Reason.DNSSEC_SIGNER: Source("", "RFC 4035 s5.3.1"),
        Reason.DNSSEC_NO_KEY: Source("", "RFC 4035 s5.3.1"),
        Reason.DNSSEC_EXPIRED: Source("", "RFC 4035 s5.3.1"),
        Reason.DNSSEC_NOT_YET_VALID: Source("", "RFC 4035 s5.3.1"),
        Reason.DNSSEC_FORGED: Source("", "RFC 4035 s5.3.3"),
        Reason.DNSSEC_DS_MISMATCH: Source("", "RFC 4035 s5.2"),
        Reason.DNSSEC_NO_PROOF: Source("", "RFC 4035 s5.4"),
        Reason.DNSSEC_TOO_MUCH: Source("", "RFC 4035 s5.3.3"),
        Reason.OUT_OF_BOUNDS: Source("", "README, The real world"),
        Reason.GIVEN_UP: Source("", "bouncerecipients"),
    }
)


def because(reason: Reason) -> Iterator[str]:
    """The lines for a reason, indented to stand below what it explains."""
    yield f"  because: {reason.value}"
    yield from cited(SOURCES[reason])


def cited(source: Source) -> Iterator[str]:
    """The tech note's sentence, and the place."""
    if source.note:
        yield f"  tech note: {source.note}"
    yield f"  see: {source.place}"

"""The vocabulary: words of the RFCs and of AsyncOS that every room shares."""

from enum import IntEnum, StrEnum
from typing import NewType

Mid = NewType("Mid", int)
"""Message ID: one message in the queue."""

Icid = NewType("Icid", int)
"""Injection connection ID: one inbound SMTP connection."""

Dcid = NewType("Dcid", int)
"""Delivery connection ID: one attempt to connect to a mail host."""

NO_DCID = Dcid(0)
"""No connection was tried."""

Rid = NewType("Rid", int)
"""Recipient ID: the number of one recipient within its message, from 0."""


class TlsMode(IntEnum):
    """The six TLS settings of a destination; the value is the number in the menu."""

    NO = 1
    PREFERRED = 2
    REQUIRED = 3
    PREFERRED_VERIFY = 4
    REQUIRED_VERIFY = 5
    REQUIRED_VERIFY_HOSTED = 6


class DaneMode(IntEnum):
    """The DANE support of a destination; the value is the number in the menu."""

    NONE = 1
    OPPORTUNISTIC = 2
    MANDATORY = 3


class MtaStsSupport(IntEnum):
    """The MTA STS support of a destination; the value is the number in the menu."""

    OFF = 1
    ON = 2


class IpSortPreference(IntEnum):
    """How addresses within one MX preference are sorted; the value is the number in the menu."""

    REQUIRE_V4 = 1
    PREFER_V4 = 2
    REQUIRE_V6 = 3
    PREFER_V6 = 4


class LimitType(IntEnum):
    """What a destination's limits count; the value is the number in the menu."""

    HOST = 1
    MX_IP = 2


class LimitApply(IntEnum):
    """Where a destination's limits are enforced; the value is the number in the menu."""

    SYSTEM = 1
    VIRTUAL_GATEWAY = 2


class LogLevel(IntEnum):
    """Levels of a log subscription; the value is the number in the menu.

    A level includes all less detailed ones, so `line.level <= subscription.level` is the rule.
    """

    CRITICAL = 1
    WARNING = 2
    INFO = 3
    DEBUG = 4
    TRACE = 5


class Security(StrEnum):
    """DNSSEC status of an answer (RFC 4033 s5)."""

    SECURE = "secure"
    INSECURE = "insecure"
    BOGUS = "bogus"
    INDETERMINATE = "indeterminate"


class PolicyMode(StrEnum):
    """Mode of an MTA-STS policy (RFC 8461 s3.2)."""

    ENFORCE = "enforce"
    TESTING = "testing"
    NONE = "none"


class Reason(StrEnum):
    """Why something was decided or went wrong; each value is a sentence a person can read.

    Names follow the result types of TLSRPT (RFC 8460 s4.3) where one exists.
    """

    # Which mechanisms apply
    MTA_STS_OFF = "MTA STS support is off for this destination"
    MTA_STS_ROUTE = "an SMTP route is configured for the domain, so MTA-STS is not enforced"
    MTA_STS_TLS_NO = "TLS is off for this destination, so MTA-STS is not available"
    DANE_OFF = "DANE support is off for this destination"
    DANE_ROUTE = "an SMTP route is configured for the domain, so DANE is not used"
    DANE_TLS_NO = "TLS is off for this destination, so DANE is not available"
    MTA_STS_DANE = "DANE decides about this mail host, so MTA-STS is skipped"

    # DANE: what DNS says of one mail host
    DANE_MX_INSECURE = "the MX records are not protected by DNSSEC"
    DANE_ADDRESS_INSECURE = "the address of the mail host is not protected by DNSSEC"
    TLSA_NONE = "the mail host has no TLSA records"
    TLSA_INSECURE = "the TLSA records are not protected by DNSSEC"
    TLSA_UNUSABLE = "none of the TLSA records is usable"
    DNSSEC_INVALID = "the look-up of the addresses or the TLSA records failed"
    TLSA_INVALID = "no TLSA record matches the certificate"

    # MTA-STS discovery and fetch
    STS_NO_RECORD = "no MTA-STS TXT record"
    STS_SEVERAL_RECORDS = "several MTA-STS TXT records"
    STS_RECORD_INVALID = "invalid MTA-STS TXT record"
    STS_LOOKUP_FAILED = "the look-up of the MTA-STS TXT record failed"
    STS_FETCH_ERROR = "the MTA-STS policy could not be fetched"
    STS_POLICY_INVALID = "invalid MTA-STS policy"
    STS_WEBPKI_INVALID = "the policy host's certificate is not valid"
    STS_TESTING = "the MTA-STS policy is in testing mode"
    STS_NONE = "the MTA-STS policy says none"
    STS_MX_NOT_LISTED = "the mail host is not listed in the MTA-STS policy"

    # TLS on a connection
    STARTTLS_NOT_SUPPORTED = "STARTTLS command not supported"
    STARTTLS_REFUSED = "STARTTLS unexpected response"
    STARTTLS_INJECTION = "data after the STARTTLS reply"
    HANDSHAKE_FAILED = "TLS handshake failed"
    PROTOCOL_TOO_OLD = "unsupported protocol version"

    # Certificates
    NO_CERTIFICATE = "no certificate"
    CERTIFICATE_MALFORMED = "certificate could not be read"
    CERTIFICATE_EXPIRED = "certificate has expired"
    CERTIFICATE_NOT_YET_VALID = "certificate is not yet valid"
    CERTIFICATE_SELF_SIGNED = "self signed certificate"
    CERTIFICATE_NOT_TRUSTED = "unable to get local issuer certificate"
    CERTIFICATE_HOST_MISMATCH = "peer cert does not match"

    # The network
    TIMED_OUT = "timeout"
    REFUSED = "connection refused"
    UNREACHABLE = "network error"
    DISCONNECTED = "EOF"
    PROTOCOL_ERROR = "protocol error"
    DNS_NXDOMAIN = "NXDomain"
    DNS_NODATA = "NoData"
    DNS_SERVFAIL = "ServFail"
    DNS_MALFORMED = "malformed reply"
    DNS_ALIAS_LOOP = "too many aliases"
    NULL_MX = "the domain accepts no mail"
    NO_ADDRESS = "no address"

    # DNSSEC
    DNSSEC_UNSIGNED = "the zone is not signed"
    DNSSEC_UNSUPPORTED = "the zone is signed only with algorithms that are not supported"
    DNSSEC_OPT_OUT = "the zone does not vouch for names that it has no signed delegation for"
    DNSSEC_ITERATIONS = "the zone hashes its names more often than is safe to follow"
    DNSSEC_NO_ANCHOR = "no trust anchor is above the name"
    DNSSEC_NO_SIGNATURE = "the DNSSEC signature is missing"
    DNSSEC_SIGNER = "the DNSSEC signature is that of another zone"
    DNSSEC_NO_KEY = "the DNSKEY that the DNSSEC signature names is not in the zone"
    DNSSEC_EXPIRED = "the DNSSEC signature has expired"
    DNSSEC_NOT_YET_VALID = "the DNSSEC signature is not yet valid"
    DNSSEC_FORGED = "the DNSSEC signature does not fit the records"
    DNSSEC_DS_MISMATCH = "no DNSKEY of the zone matches its DS record"
    DNSSEC_NO_PROOF = "nothing proves that the records do not exist"
    DNSSEC_TOO_MUCH = "validating the answer takes more work than any honest zone asks for"

    # The emulator
    OUT_OF_BOUNDS = "in the real world mail goes only to the domains named by --deliver-to"

    # The operator
    GIVEN_UP = "Message bounced by administrator"

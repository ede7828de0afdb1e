"""Cures: for each thing that `check` can find, who can mend it, and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from seg_cli.terms import Reason


class Who(StrEnum):
    """Who can mend it."""

    DOMAIN = "the owner of the domain"
    MAIL_HOST = "whoever runs the mail host"
    APPLIANCE = "you, on this appliance"


@dataclass(frozen=True, slots=True)
class Cure:
    """Who mends it, and what they do; `{domain}` and `{host}` stand for the names."""

    who: Who
    how: str

    def sentence(self, domain: str, host: str) -> str:
        """What is to be done, by whom."""
        return f"For {self.who}: {self.how.format(domain=domain, host=host)}."


ANSWER = Cure(Who.MAIL_HOST, "let {host} answer on this address and port")
STARTTLS = Cure(Who.MAIL_HOST, "let {host} offer STARTTLS and answer it with 220, and nothing else")
TLS = Cure(
    Who.MAIL_HOST,
    "let {host} finish a handshake of TLS 1.2 or later; if it wants a certificate of this "
    "appliance, give it one with certconfig and destconfig",
)
RENEW = Cure(Who.MAIL_HOST, "give {host} a certificate that is valid today")
SIGN = Cure(Who.DOMAIN, "sign the zone anew, and let the DS record above it fit its DNSKEY")
SERVERS = Cure(
    Who.DOMAIN,
    "let the name servers of {domain} answer; if other domains fail as well, it is the resolvers "
    "of this appliance (dnsconfig)",
)
SIGNED = Cure(Who.DOMAIN, "have the zone signed with DNSSEC up to the root")

CURES: Mapping[Reason, Cure] = MappingProxyType(
    {
        Reason.MTA_STS_ROUTE: Cure(
            Who.APPLIANCE, "take the route away with smtproutes, or give it the word USEDNS"
        ),
        # MTA-STS
        Reason.STS_NO_RECORD: Cure(
            Who.DOMAIN, 'publish the TXT record "v=STSv1; id=1;" at _mta-sts.{domain}'
        ),
        Reason.STS_SEVERAL_RECORDS: Cure(
            Who.DOMAIN, "leave one TXT record at _mta-sts.{domain} that begins with v=STSv1;"
        ),
        Reason.STS_RECORD_INVALID: Cure(
            Who.DOMAIN, 'write the TXT record at _mta-sts.{domain} as "v=STSv1; id=1;"'
        ),
        Reason.STS_LOOKUP_FAILED: Cure(
            Who.DOMAIN, "let the name servers answer for _mta-sts.{domain}"
        ),
        Reason.STS_FETCH_ERROR: Cure(
            Who.DOMAIN, "serve it at https://mta-sts.{domain}/.well-known/mta-sts.txt as text/plain"
        ),
        Reason.STS_WEBPKI_INVALID: Cure(
            Who.DOMAIN, "give the policy host a valid certificate for mta-sts.{domain}"
        ),
        Reason.STS_POLICY_INVALID: Cure(
            Who.DOMAIN, "mend the text of the policy: version, mode, mx and max_age"
        ),
        Reason.STS_TESTING: Cure(
            Who.DOMAIN, "set the mode to enforce, and the id of the TXT record anew"
        ),
        Reason.STS_NONE: Cure(
            Who.DOMAIN, "set the mode to enforce, and the id of the TXT record anew"
        ),
        Reason.STS_MX_NOT_LISTED: Cure(
            Who.DOMAIN, "list {host} in the policy under a new id, or drop its MX record"
        ),
        # The way to the mail hosts
        Reason.NULL_MX: Cure(Who.DOMAIN, "publish MX records, if {domain} is to get mail"),
        Reason.DNS_NXDOMAIN: Cure(Who.DOMAIN, "register {domain}, if the name is the right one"),
        Reason.DNS_SERVFAIL: SERVERS,
        Reason.DNS_MALFORMED: SERVERS,
        Reason.DNS_ALIAS_LOOP: Cure(Who.DOMAIN, "mend the CNAME records, which lead nowhere"),
        Reason.NO_ADDRESS: Cure(Who.DOMAIN, "publish an address of {host}"),
        Reason.TIMED_OUT: ANSWER,
        Reason.REFUSED: ANSWER,
        Reason.UNREACHABLE: ANSWER,
        Reason.PROTOCOL_ERROR: ANSWER,
        # TLS and certificates
        Reason.STARTTLS_NOT_SUPPORTED: STARTTLS,
        Reason.STARTTLS_REFUSED: STARTTLS,
        Reason.STARTTLS_INJECTION: STARTTLS,
        Reason.HANDSHAKE_FAILED: TLS,
        Reason.PROTOCOL_TOO_OLD: TLS,
        Reason.DISCONNECTED: TLS,
        Reason.NO_CERTIFICATE: RENEW,
        Reason.CERTIFICATE_MALFORMED: RENEW,
        Reason.CERTIFICATE_EXPIRED: RENEW,
        Reason.CERTIFICATE_NOT_YET_VALID: RENEW,
        Reason.CERTIFICATE_SELF_SIGNED: Cure(
            Who.MAIL_HOST, "give {host} a certificate of a public authority"
        ),
        Reason.CERTIFICATE_NOT_TRUSTED: Cure(
            Who.MAIL_HOST,
            "let {host} send its intermediate certificates too, up to a public authority; "
            "an authority that you know can be added with certconfig",
        ),
        Reason.CERTIFICATE_HOST_MISMATCH: Cure(
            Who.MAIL_HOST, "give {host} a certificate with a subjectAltName for {host}"
        ),
        # DNSSEC and TLSA
        Reason.DANE_MX_INSECURE: SIGNED,
        Reason.DANE_ADDRESS_INSECURE: SIGNED,
        Reason.TLSA_INSECURE: SIGNED,
        Reason.TLSA_NONE: Cure(Who.DOMAIN, "publish a TLSA record 3 1 1 at _25._tcp.{host}"),
        Reason.TLSA_UNUSABLE: Cure(
            Who.DOMAIN, "publish a TLSA record that is for SMTP at _25._tcp.{host}, such as 3 1 1"
        ),
        Reason.TLSA_INVALID: Cure(
            Who.DOMAIN, "publish the TLSA record of the key that {host} shows, at _25._tcp.{host}"
        ),
        Reason.DNSSEC_INVALID: Cure(
            Who.DOMAIN, "let the name servers answer for _25._tcp.{host}, with valid signatures"
        ),
        Reason.DNSSEC_UNSIGNED: SIGNED,
        Reason.DNSSEC_UNSUPPORTED: SIGNED,
        Reason.DNSSEC_OPT_OUT: SIGNED,
        Reason.DNSSEC_ITERATIONS: SIGNED,
        Reason.DNSSEC_NO_ANCHOR: SIGN,
        Reason.DNSSEC_NO_SIGNATURE: SIGN,
        Reason.DNSSEC_SIGNER: SIGN,
        Reason.DNSSEC_NO_KEY: SIGN,
        Reason.DNSSEC_EXPIRED: SIGN,
        Reason.DNSSEC_NOT_YET_VALID: SIGN,
        Reason.DNSSEC_FORGED: SIGN,
        Reason.DNSSEC_DS_MISMATCH: SIGN,
        Reason.DNSSEC_NO_PROOF: SIGN,
        Reason.DNSSEC_TOO_MUCH: SIGN,
    }
)

OF_LOOK_UPS: Mapping[Reason, Cure] = MappingProxyType(
    dict.fromkeys((Reason.TIMED_OUT, Reason.REFUSED, Reason.UNREACHABLE), SERVERS)
)
"""What else these mean where it was no mail host that did not answer, but the DNS."""


def cure_of(reason: Reason, domain: str, host: str) -> str:
    """The sentence for what was found of a host or, without one, of the domain."""
    cure = CURES[reason] if host else OF_LOOK_UPS.get(reason, CURES[reason])
    return cure.sentence(domain, host or domain)

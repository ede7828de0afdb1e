"""Each broken domain of the lab, met by a foreign client."""

from functools import partial

import dns.rcode
import pytest

from seg_cli.lab.internet import Lab
from seg_cli.lab.reading import load_spec
from tests.lab import foreign_checks as met
from tests.lab.conftest import NOTE

CHECKS: dict[str, met.Check] = {
    "testing.example": partial(met.serves, ("mode: testing",)),
    "invalid-policy.example": partial(met.serves, ("mx: mx.invalid-policy.example",)),
    "two-records.example": met.has_two_records,
    "unlisted.example": partial(met.serves, ("mode: enforce", "mx: mail.other.example")),
    "redirect.example": met.redirects,
    "wrong-certificate.example": met.shows_the_wrong_certificate,
    "media-type.example": met.serves_a_web_page,
    "large-policy.example": met.serves_too_much,
    "slow-policy.example": met.drips,
    "expired.example": partial(met.is_dated, -90 * met.DAY, -met.DAY),
    "not-yet-valid.example": partial(met.is_dated, met.DAY, 90 * met.DAY),
    "untrusted-ca.example": partial(
        met.is_not_verified, "self-signed certificate in certificate chain"
    ),
    "missing-intermediate.example": partial(met.is_not_verified, "unable to get local issuer"),
    "self-signed.example": partial(met.is_not_verified, "self-signed certificate"),
    "common-name.example": met.has_a_common_name_only,
    "no-starttls.example": met.offers_no_starttls,
    "starttls-refused.example": met.refuses_starttls,
    "injected.example": met.injects,
    "cut-handshake.example": met.cuts_the_handshake,
    "tls11.example": met.speaks_tls_1_1_only,
    "client-certificate.example": partial(met.demands_a_certificate, "(?i)certificate required"),
    "client-certificate-tls12.example": partial(met.demands_a_certificate, "(?i)handshake failure"),
    "refuses.example": partial(met.answers_recipients, (550, 550)),
    "half.example": partial(met.answers_recipients, (250, 550)),
    "defers.example": partial(met.answers_recipients, (451, 451)),
    "equal-mx.example": partial(met.has_one_host_down, ("10", "10")),
    "unequal-mx.example": partial(met.has_one_host_down, ("10", "20")),
    "down.example": met.is_down,
    "ipv6.example": met.has_an_ipv6_host_first,
    "null-mx.example": met.has_a_null_mx,
    "nxdomain.example": partial(met.answers, dns.rcode.NXDOMAIN),
    "servfail.example": partial(met.answers, dns.rcode.SERVFAIL),
    "dns-timeout.example": met.is_silent,
    "dane.example": partial(met.publishes_tlsa, ("own",)),
    "dane-ta.example": partial(met.publishes_tlsa, ("ca",)),
    "dane-mismatch.example": met.publishes_tlsa_of_nobody,
    "dane-rollover.example": partial(met.publishes_tlsa, ("old", "own")),
    "dane-unusable.example": met.publishes_nothing_usable,
    "dane-insecure-mx.example": partial(met.publishes_tlsa, ("own",)),
    "dane-insecure-address.example": partial(met.publishes_tlsa, ("own",)),
    "dane-alias.example": partial(met.publishes_tlsa, ("own",)),
    "dane-servfail.example": met.fails_for_tlsa_alone,
    "bogus-expired.example": partial(met.publishes_tlsa, ("own",)),
    "bogus-ds.example": partial(met.publishes_tlsa, ("own",)),
    "bogus-stripped.example": partial(met.publishes_tlsa, ("own",)),
    "dane-before-sts.example": partial(met.serves, ("mode: enforce", "mx: mail.other.example")),
    "dane-fails-sts-passes.example": met.publishes_tlsa_of_nobody,
}


def test_each_broken_domain_is_looked_at() -> None:
    broken = {one.name for one in load_spec(NOTE).domains if one.group != "The tech note"}
    assert broken == CHECKS.keys()


@pytest.mark.parametrize("domain", CHECKS)
def test_a_foreign_client_sees(lab: Lab, domain: str) -> None:
    CHECKS[domain](lab, domain)

"""Every domain of the lab, end to end: a message, the TLS setting, and what the log says of it."""

import errno
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from seg_cli.config.codec.words import with_words
from seg_cli.config.tree import Config
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.memory import MemoryTeletype
from seg_cli.lab.reading import load_spec
from seg_cli.lab.station import Plan, Station
from seg_cli.lab.tls import speaks_tls_1_1
from seg_cli.net.clock import SteppedClock
from seg_cli.shell.session import Session
from tests import log_rules
from tests.whole.conftest import LAB, ONE_AT_A_TIME, START, Bench, fail

PREFERRED, REQUIRED = "on", "require"
VERIFY, REQUIRED_VERIFY, HOSTED = "on_verify", "require_verify", "require_verify_hosted"

DONE = "Message finished MID 5444 done"
NEEDED = "DCID 834833 TLS was required but could not be successfully negotiated"
SECURED = "DCID 834833 TLS success protocol TLSv1.3 cipher TLS_AES_256_GCM_SHA384"
CLOSED = "DCID 834833 close"
REFUSED = f"[Errno {errno.ECONNREFUSED}] {os.strerror(errno.ECONNREFUSED)}"


@dataclass(frozen=True)
class Row:
    """A message to a domain under a TLS setting, with MTA-STS or without, and lines in order."""

    domain: str
    tls: str
    mta_sts: str
    lines: tuple[str, ...]


def row(domain: str, tls: str, mta_sts: str, *lines: str) -> Row:
    return Row(domain, tls, mta_sts, lines)


def fetched(domain: str) -> str:
    return f"Successfully fetched MTA-STS TXT record for domain({domain})"


def applied(domain: str) -> str:
    return f"Applying MTA-STS policy for the domain ({domain})"


def passed(domain: str) -> str:
    return f"MTA-STS policy for the domain ({domain}) Successful."


def no_policy(domain: str, tls: str, cause: str) -> Row:
    """The policy cannot be had: the TLS setting decides, and the mail leaves (AOS-25)."""
    return row(
        domain,
        tls,
        "on",
        fetched(domain),
        f"STS policy fetch request failed due to {cause}. domain {domain}",
        f"An error occurred while fetching the MTA-STS policy for the domain ({domain}).",
        SECURED,
        DONE,
    )


def enforced(domain: str, *lines: str) -> Row:
    """The policy is enforced under the mildest setting, and the mail is held (AOS-24)."""
    return row(domain, PREFERRED, "on", fetched(domain), applied(domain), *lines, NEEDED, CLOSED)


def unverified(domain: str, why: str) -> tuple[Row, Row, Row]:
    """A certificate that is not trusted, under MTA-STS, Required - Verify and Required."""
    refused = f"DCID 834833 TLS deferring: verify error: {why}"
    return (
        enforced(domain, refused),
        row(domain, REQUIRED_VERIFY, "off", refused, NEEDED, CLOSED),
        row(domain, REQUIRED, "off", SECURED, DONE),
    )


def behind_the_220(domain: str, why: str) -> tuple[Row, Row, Row]:
    """A handshake that fails: never clear text under Preferred (AOS-02), a new connection in clear
    text under Preferred - Verify (AOS-04)."""
    failed = f"DCID 834833 TLS failed: {why}"
    return (
        enforced(domain, failed),
        row(domain, PREFERRED, "off", failed, CLOSED),
        row(domain, VERIFY, "off", failed, CLOSED, "Delivery start DCID 834834", DONE),
    )


ROWS = (
    # The tech note
    row("domain.com", PREFERRED, "on", fetched("domain.com"), passed("domain.com"), DONE),
    row("hosted.example", HOSTED, "on", fetched("hosted.example"), passed("hosted.example"), DONE),
    row("plain.example", PREFERRED, "on", SECURED, DONE),
    row("client.example.com", PREFERRED, "on", SECURED, DONE),
    no_policy("unreachable.example", PREFERRED, "connection timeout"),
    # MTA-STS records, policies and policy hosts
    row("testing.example", PREFERRED, "on", fetched("testing.example"), SECURED, DONE),
    no_policy("invalid-policy.example", PREFERRED, "invalid policy"),
    row(
        "two-records.example",
        PREFERRED,
        "on",
        "No usable MTA-STS TXT record for domain(two-records.example): several",
        SECURED,
        DONE,
    ),
    row(
        "unlisted.example",
        PREFERRED,
        "on",
        applied("unlisted.example"),
        "MX host mx.unlisted.example is not listed in the MTA-STS policy for the domain",
    ),
    no_policy("redirect.example", REQUIRED, "redirect"),
    no_policy(
        "wrong-certificate.example",
        REQUIRED,
        "peer cert does not match mta-sts.wrong-certificate.example",
    ),
    no_policy("media-type.example", PREFERRED, "media type text/html"),
    no_policy("large-policy.example", PREFERRED, "body larger than 65536 bytes"),
    no_policy("slow-policy.example", PREFERRED, "connection timeout"),
    # Certificates of mail hosts
    *unverified("expired.example", "certificate has expired"),
    *unverified("not-yet-valid.example", "certificate is not yet valid"),
    *unverified("untrusted-ca.example", "unable to get local issuer certificate"),
    *unverified("missing-intermediate.example", "unable to get local issuer certificate"),
    *unverified("self-signed.example", "self signed certificate"),
    enforced(
        "common-name.example",
        "DCID 834833 TLS deferring: verify error: peer cert does not match domain",
    ),
    row("common-name.example", REQUIRED_VERIFY, "off", f"{SECURED} CN=mx.common-name", DONE),
    # STARTTLS and handshake
    enforced("no-starttls.example", "DCID 834833 STARTTLS command not supported."),
    row("no-starttls.example", REQUIRED, "off", "DCID 834833 STARTTLS command not", NEEDED, CLOSED),
    row("no-starttls.example", PREFERRED, "off", "DCID 834833 STARTTLS command not", DONE),
    enforced("starttls-refused.example", "DCID 834833 TLS failed: STARTTLS unexpected response"),
    row("starttls-refused.example", PREFERRED, "off", "DCID 834833 TLS failed: STARTTLS", DONE),
    *behind_the_220("injected.example", "data after the STARTTLS reply"),
    *behind_the_220("cut-handshake.example", "EOF"),
    *behind_the_220("tls11.example", "tlsv1 alert protocol version"),
    *behind_the_220("client-certificate-tls12.example", "tlsv1 alert unknown ca"),
    row(
        "client-certificate.example",
        PREFERRED,
        "off",
        SECURED,
        "Connection Error: DCID 834833 domain: client-certificate.example IP: 192.0.2.121 "
        "port: 25 details: tlsv1 alert unknown ca interface: 10.1.1.2 "
        "reason: network error",
        CLOSED,
    ),
    # Recipients
    row(
        "refuses.example",
        PREFERRED,
        "off",
        "Bounced: DCID 834833 MID 5444 to RID 0 - 5.1.0 - Unknown address error "
        "('550', ['5.1.1 User unknown']) []",
        DONE,
    ),
    row(
        "half.example",
        PREFERRED,
        "off",
        "Message done DCID 834833 MID 5444 to RID [0]",
        "Bounced: DCID 834833 MID 5444 to RID 1 - 5.1.0 - Unknown address error ('550', ",
        DONE,
    ),
    row(
        "defers.example",
        PREFERRED,
        "off",
        "Delayed: DCID 834833 MID 5444 to RID 0 - 4.1.0 - Unknown address error "
        "('451', ['4.7.1 Greylisted, please try again later'])[]",
        "MID 5444 to RID [0] pending till Thu Sep 26 15:24:39 2024",
    ),
    # DNS and mail exchangers
    row("equal-mx.example", PREFERRED, "off", "Delivery start DCID", DONE),
    row(
        "unequal-mx.example",
        PREFERRED,
        "off",
        "Connection Error: DCID 834833 domain: unequal-mx.example IP: 203.0.113.103 port: 25 "
        f"details: {REFUSED} interface: 10.1.1.2 reason: network error",
        "New SMTP DCID 834834 interface 10.1.1.2 address 203.0.113.104 port 25",
        DONE,
    ),
    row(
        "down.example",
        PREFERRED,
        "off",
        "Connection Error: DCID 834833 domain: down.example IP: 192.0.2.128 port: 25 ",
        "Delayed: DCID 834833 MID 5444 to RID 0 - 4.4.0 - Other network problem "
        f"('000', ['{REFUSED}'])[]",
    ),
    row(
        "ipv6.example",
        PREFERRED,
        "off",
        "New SMTP DCID 834833 interface 10.1.1.2 address 2001:db8::25 port 25",
        DONE,
    ),
    row(
        "null-mx.example",
        PREFERRED,
        "off",
        "Bounced: DCID 0 MID 5444 to RID 0 - 5.1.10 - Domain does not accept mail ",
        DONE,
    ),
    row(
        "nxdomain.example",
        PREFERRED,
        "off",
        "Bounced: DCID 0 MID 5444 to RID 0 - 5.1.2 - Bad destination host ('000', "
        "['DNS Hard Error looking up nxdomain.example (MX):  NXDomain']) []",
        DONE,
    ),
    row(
        "servfail.example",
        PREFERRED,
        "off",
        "Delayed: DCID 0 MID 5444 to RID 0 - 4.4.0 - Other network problem ('000', ['SERVFAIL'])[]",
    ),
    # Where DANE is off (test_dane.py has it on): domains with TLS like any other
    *(
        row(f"{name}.example", PREFERRED, "off", SECURED, DONE)
        for name in (
            "dane",
            "dane-ta",
            "dane-mismatch",
            "dane-rollover",
            "dane-unusable",
            "dane-insecure-mx",
            "dane-insecure-address",
            "dane-alias",
            "dane-servfail",
            "bogus-expired",
            "bogus-ds",
            "bogus-stripped",
        )
    ),
    row(
        "dane-before-sts.example",
        PREFERRED,
        "on",
        applied("dane-before-sts.example"),
        "MX host mx.dane-before-sts.example is not listed in the MTA-STS policy for the domain",
    ),
    row(
        "dane-fails-sts-passes.example",
        PREFERRED,
        "on",
        fetched("dane-fails-sts-passes.example"),
        passed("dane-fails-sts-passes.example"),
        DONE,
    ),
    row(
        "dns-timeout.example",
        PREFERRED,
        "off",
        "Delayed: DCID 0 MID 5444 to RID 0 - 4.4.0 - Other network problem ('000', ['timeout'])[]",
    ),
)

RECIPIENTS = {"half.example": "user@half.example,nobody@half.example"}


def test_every_domain_has_a_row() -> None:
    assert {one.domain for one in ROWS} == {domain.name for domain in load_spec(LAB).domains}


OpenConfigured = Callable[[Row], AbstractAsyncContextManager[Bench]]


@pytest.fixture
def configured(tmp_path: Path) -> OpenConfigured:
    """An appliance whose configuration has the entry already, at level Debug."""

    @asynccontextmanager
    async def open_bench(one: Row) -> AsyncIterator[Bench]:
        words = {
            "destconfig": {one.domain: {"table_tls": one.tls, "mta_sts": one.mta_sts}},
            "logconfig": {"mail_logs": {"log_level": "debug"}},
        }

        def adapt(config: Config) -> Config:
            single = replace(config.delivery, max_concurrency=1)
            return with_words(replace(config, delivery=single), words)

        plan = Plan(
            lambda: load_spec(LAB), tmp_path, SteppedClock(START), fail, adapt, ONE_AT_A_TIME
        )
        station = Station(plan)
        try:
            yield Bench(station, Session(Console(MemoryTeletype()), station.appliance))
        finally:
            await station.close()

    return open_bench


@pytest.mark.requirement("AOS-02")
@pytest.mark.requirement("AOS-04")
@pytest.mark.requirement("AOS-24")
@pytest.mark.requirement("AOS-25")
@pytest.mark.parametrize("one", ROWS, ids=lambda one: f"{one.domain}, {one.tls}, {one.mta_sts}")
async def test_a_message_to(configured: OpenConfigured, one: Row) -> None:
    if one.domain == "tls11.example" and not speaks_tls_1_1():
        pytest.skip("this OpenSSL knows no TLS 1.1")
    async with configured(one) as box:
        await box.type(f"lab send to={RECIPIENTS.get(one.domain, f'user@{one.domain}')}")
        log = box.log()
        rest = iter(log)
        for expected in one.lines:
            assert any(line.startswith(expected) for line in rest), (expected, log)
        assert (DONE in log) == (DONE in one.lines)
        raw = box.station.appliance.logs.path("mail_logs").read_text().splitlines()
        assert log_rules.check(raw) == []

"""DANE end to end: what becomes of mail to the lab's domains, held against expected_dane.py.

A bench for each DANE support, TLS setting and route sends to every domain of SITUATIONS; the
expected side is the table of the tech note's words, the seen side what the mail hosts received.
"""

from dataclasses import dataclass
from itertools import product

import pytest

from seg_cli.config.codec.words import with_words
from tests.policy.expected_dane import CLEAR, KEPT, OUTCOMES, SKIPPED, TURNS, UNDER_TLS, Row
from tests.whole.conftest import Bench, OpenBench


@dataclass(frozen=True)
class Peer:
    """How a domain of the lab stands, in the words of the table."""

    domain: str
    tlsa: str
    mta_sts: str = "off"
    server: str = "certificate for domain and MX"


PEERS = (
    Peer("dane.example", "records match"),
    Peer("dane-ta.example", "records match"),
    Peer("dane-rollover.example", "records match"),
    Peer("dane-alias.example", "records match"),
    Peer("dane-mismatch.example", "records do not match"),
    Peer("dane-unusable.example", "none usable"),
    Peer("dane-insecure-mx.example", "records match, insecure MX"),
    Peer("dane-insecure-address.example", "insecure address"),
    Peer("dane-servfail.example", "look-up error"),
    Peer("bogus-expired.example", "look-up error"),
    Peer("bogus-ds.example", "look-up error"),
    Peer("bogus-stripped.example", "look-up error"),
    Peer("dane-before-sts.example", "records match", "enforce, MX not listed"),
    Peer("dane-fails-sts-passes.example", "records do not match", "enforce, MX listed"),
    Peer("plain.example", "insecure address"),
    Peer("domain.com", "insecure address", "enforce, MX listed"),
    Peer("unlisted.example", "insecure address", "enforce, MX not listed"),
    Peer("testing.example", "insecure address", "testing"),
    Peer("invalid-policy.example", "insecure address", "fetch error"),
    Peer("no-starttls.example", "insecure address", server="no STARTTLS"),
    Peer("cut-handshake.example", "insecure address", server="handshake cut"),
)
DANE = {"None": "none", "Opportunistic": "opportunistic", "Mandatory": "mandatory"}
SETTINGS = {"No": "off", "Preferred": "on", "Required": "require"}


def first_match(rows: tuple[Row, ...], peer: Peer, dane: str, setting: str) -> Row:
    situation = (dane, peer.tlsa, peer.server, peer.mta_sts, setting, "none")
    return next(row for row in rows if row.fits(*situation))


def entry(peer: Peer, dane: str, setting: str) -> dict[str, object]:
    off = setting == "No"
    mta_sts = "off" if off or peer.mta_sts == "off" else "on"
    return {
        "table_tls": SETTINGS[setting],
        "mta_sts": mta_sts,
        "dane": "none" if off else DANE[dane],
    }


async def received(box: Bench, peer: Peer) -> str:
    """What became of the message to this domain, as the mail hosts of the lab saw it."""
    message = f"user@{peer.domain}"
    taken = [each for each in (await box.seen()).received if message in each.recipients]
    if not taken:
        return KEPT
    return UNDER_TLS if taken[0].protocol else CLEAR


@pytest.mark.requirement("AOS-20")
@pytest.mark.requirement("AOS-21")
@pytest.mark.requirement("AOS-22")
@pytest.mark.requirement("AOS-23")
@pytest.mark.requirement("AOS-29")
@pytest.mark.requirement("DANE-08")
@pytest.mark.requirement("DANE-11")
@pytest.mark.parametrize(("dane", "setting"), list(product(DANE, SETTINGS)), ids=str)
async def test_mail_to_every_domain(bench: OpenBench, dane: str, setting: str) -> None:
    async with bench() as box:
        entries = {peer.domain: entry(peer, dane, setting) for peer in PEERS}
        staged = box.session.staged
        words = {"destconfig": entries, "logconfig": {"mail_logs": {"log_level": "debug"}}}
        staged.stage(with_words(staged.config, words))
        await box.type("commit", "", "n")
        for peer in PEERS:
            await box.type(f"lab send to=user@{peer.domain}")
        asked = {question.name for question in (await box.seen()).questions}
        log = box.log()
        for peer in PEERS:
            expected = first_match(OUTCOMES, peer, dane, setting).result
            assert (peer.domain, await received(box, peer)) == (peer.domain, expected)
            skipped = first_match(TURNS, peer, dane, setting).result == SKIPPED
            assert (f"_mta-sts.{peer.domain}" in asked) is not skipped, peer.domain
            tried = dane != "None" and setting != "No"
            assert (f"Trying DANE {dane.upper()} for {peer.domain}" in log) is tried


DANE_ON = {"table_tls": "on", "dane": "mandatory", "mta_sts": "off"}


async def sent(box: Bench, domain: str, **words: str) -> list[str]:
    """The log of a message to a domain with an entry of its own."""
    staged = box.session.staged
    config = with_words(
        staged.config,
        {
            "destconfig": {domain: {**DANE_ON, **words}},
            "logconfig": {"mail_logs": {"log_level": "debug"}},
        },
    )
    staged.stage(config)
    await box.type("commit", "", "n")
    await box.type(f"lab send to=user@{domain}")
    return box.log()


@pytest.mark.requirement("DANE-29")
async def test_sni_is_the_name_under_which_the_records_stand(bench: OpenBench) -> None:
    async with bench() as box:
        await sent(box, "dane-alias.example")
        [taken] = (await box.seen()).received
    assert taken.sni == "mail.dane-alias.example"


@pytest.mark.requirement("DANE-09")
async def test_without_mx_records_the_domain_itself_is_the_host(bench: OpenBench) -> None:
    domain = {"mx": [], "dnssec": "signed"}
    host = {"addresses": ["192.0.2.199"], "tlsa": ["3 1 1 own"]}
    name = "alone.example"
    async with bench(domains={name: domain}, hosts={name: host}) as box:
        log = await sent(box, "alone.example")
    assert "SECURE TLSA Record found for MX(alone.example) in alone.example" in log
    assert any(line.startswith("Message finished MID ") for line in log)


@pytest.mark.requirement("DANE-09")
@pytest.mark.parametrize(
    ("domain", "status"), [("null-mx.example", "5.1.10"), ("nxdomain.example", "5.1.2")]
)
async def test_what_no_host_can_take_is_bounced(bench: OpenBench, domain: str, status: str) -> None:
    async with bench() as box:
        log = await sent(box, domain)
        asked = [question.rdtype for question in (await box.seen()).questions]
    assert any(f" - {status} - " in line for line in log)
    assert "TLSA" not in asked


@pytest.mark.requirement("DANE-02")
@pytest.mark.requirement("DANE-10")
@pytest.mark.parametrize(
    ("domain", "dane"),
    [("dane.example", "none"), ("dane-insecure-address.example", "opportunistic")],
)
async def test_nobody_asks_for_records_that_do_not_count(
    bench: OpenBench, domain: str, dane: str
) -> None:
    async with bench() as box:
        log = await sent(box, domain, dane=dane)
        asked = [question.rdtype for question in (await box.seen()).questions]
    assert "TLSA" not in asked
    assert any(line.startswith("Message finished MID ") for line in log)


@pytest.mark.requirement("DANE-11")
async def test_a_host_whose_address_is_bogus_leaves_it_to_the_next(bench: OpenBench) -> None:
    mx = ["5 mx.bogus-expired.example", "10 mx.dane.example"]
    async with bench(domains={"dane.example": {"mx": mx}}) as box:
        log = await sent(box, "dane.example")
    bogus = "BOGUS A record found for MX(mx.bogus-expired.example) in dane.example"
    assert log.index(bogus) < log.index("Trying next MX record in dane.example")
    assert any(line.startswith("Message finished MID ") for line in log)


@pytest.mark.requirement("DANE-07")
async def test_with_insecure_mx_records_no_secure_destination_is_logged(bench: OpenBench) -> None:
    async with bench() as box:
        log = await sent(box, "dane-insecure-mx.example", dane="opportunistic", mta_sts="on")
    [success] = [line for line in log if "TLS success" in line]
    assert not success.endswith("for dane-insecure-mx.example")
    assert not any("DANE SUCCESS" in line for line in log)

"""dig and nslookup on the lab's signed zones: the records of DNSSEC, and flags as they came."""

import re
from dataclasses import replace

import pytest

from seg_cli.config.dns import DnsSettings
from tests.whole.conftest import Bench, OpenBench

HASH = r"[0-9A-F]{56} [0-9A-F]{8}"
KEY = r"[A-Za-z0-9+/]{56} [A-Za-z0-9+/]{30}=="
VALIDATING = {"resolving": "validating"}


def section(shown: str, name: str) -> list[str]:
    """The lines of one section."""
    _, _, rest = shown.partition(f";; {name} SECTION:\n")
    return rest.partition("\n\n")[0].splitlines()


def flags(shown: str) -> str:
    found = re.search(r"^;; flags: ([a-z ]+);", shown, re.MULTILINE)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("question", "ttl", "data"),
    [
        ("TLSA _25._tcp.mx.dane.example", 3600, f"3 1 1 {HASH}"),
        ("dane.example ds", 3600, rf"\d+ 13 2 {HASH}"),
        ("DNSKEY dane.example", 300, f"257 3 13 {KEY}"),
        ("mx.dane.example rrsig", 3600, rf"A 13 3 3600 \d{{14}} \d{{14}} \d+ dane.example. {KEY}"),
        ("nsec dane.example", 300, "mx.dane.example. NS SOA MX RRSIG NSEC DNSKEY"),
    ],
)
async def test_the_records_of_dnssec(bench: OpenBench, question: str, ttl: int, data: str) -> None:
    async with bench() as box:
        shown = await box.type(f"dig {question}")
        assert f"; <<>> DiG 9.x <<>> {question}\n" in shown
        owner, lives, _, rdtype, found = section(shown, "ANSWER")[0].split("\t")
        assert {owner.removesuffix("."), rdtype.lower()} == set(question.lower().split())
        assert int(lives) == ttl
        assert re.fullmatch(data, found)


async def test_a_zone_with_nsec_has_no_nsec3(bench: OpenBench) -> None:
    async with bench() as box:
        shown = await box.type("dig nsec3 dane.example")
        assert "status: NOERROR" in shown
        assert "ANSWER: 0, AUTHORITY: 1" in shown


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("mx dane.example", "qr rd ra ad"),
        ("mx domain.com", "qr rd ra"),
        ("mx bogus-ds.example", "qr rd ra"),
    ],
)
async def test_ad_is_what_the_resolver_found_out(
    bench: OpenBench, question: str, told: str
) -> None:
    async with bench(appliance=VALIDATING) as box:
        shown = await box.type(f"dig {question}")
        assert flags(shown) == told
        assert ("SERVFAIL" in shown) == ("bogus" in question)
    async with bench() as box:
        assert flags(await box.type(f"dig {question}")) == "qr rd ra"


async def test_signatures_come_only_to_who_asks_for_their_type(bench: OpenBench) -> None:
    async with bench() as box:
        shown = await box.type("dig mx dane.example")
        assert section(shown, "ANSWER") == ["dane.example.\t3600\tIN\tMX\t10 mx.dane.example."]
        assert "; EDNS: version: 0, flags:; udp: 1232" in shown


async def test_the_server_may_be_a_name(bench: OpenBench) -> None:
    async with bench() as box:
        shown = await box.type("dig @ns.lab.example domain.com mx")
        assert "\n; (2 servers found)\n" in shown
        assert ";; SERVER: 10.10.5.61#53(10.10.5.61)" in shown
        assert await box.type("dig @nope.example domain.com") == (
            "dig: couldn't get address for 'nope.example': not found\n"
        )


async def test_an_answer_that_was_cut_is_fetched_over_tcp(bench: OpenBench) -> None:
    text = f"v=STSv1; id=1; note={'x' * 1500}"
    async with bench(domains={"domain.com": {"mta_sts_txt": text}}) as box:
        shown = await box.type("dig txt _mta-sts.domain.com")
        assert shown.startswith(";; Truncated, retrying in TCP mode.\n")
        assert flags(shown) == "qr rd ra"
        assert "ANSWER: 1" in shown


async def test_whom_nobody_answers_for(bench: OpenBench) -> None:
    async with bench() as box:
        shown = await box.type("dig @192.0.2.53 domain.com")
        assert ";; communications error to 192.0.2.53#53: connection refused\n" in shown
        assert shown.endswith(";; no servers could be reached\n")
        shown = await box.type("dig dns-timeout.example")
        assert shown.endswith("\n;; connection timed out; no servers could be reached\n")


async def test_the_next_resolver_makes_good_for_one_that_fails(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("dnsconfig parent delete 10.10.5.61")
        await box.type("dnsconfig parent new 10.10.5.99 0")
        await box.type('commit "one of two"')
        shown = await box.type("dig domain.com mx")
        assert shown.startswith(";; communications error to 10.10.5.99#53: connection refused\n")
        assert ";; SERVER: 10.10.5.62#53(10.10.5.62)" in shown
        assert await box.type("nslookup domain.com mx") == "MX=10 mx1.mail123.domain.com TTL=1h\n"


async def without_servers(box: Bench) -> None:
    staged = box.session.staged
    staged.stage(replace(staged.config, dns=DnsSettings()))
    await box.type('commit "no servers"')


async def test_without_servers_nobody_is_asked(bench: OpenBench) -> None:
    async with bench() as box:
        await without_servers(box)
        assert (await box.type("dig domain.com")).endswith("\n;; no servers could be reached\n")
        assert await box.type("nslookup domain.com") == (
            "Temporary query error looking up domain.com (A): network error\n"
        )

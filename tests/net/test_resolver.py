"""The resolver against real name servers: what it asks, believes, keeps and logs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import cast

import dns.flags
import dns.message
import dns.name
import dns.rcode
import pytest
from dns.rdatatype import RdataType

from seg_cli.config.dns import AlternateServer, DnsSettings, NameServer
from seg_cli.events import (
    DnsAlternateChosen,
    DnsAsked,
    DnsEncached,
    DnsPacketSent,
    DnsServerChosen,
    DnsSoftFailed,
    Event,
)
from seg_cli.net.dns_exchange import Transport, exchange, question
from seg_cli.net.resolver import Resolver
from seg_cli.net.servers import Wanted
from seg_cli.net.world import LAB_PATIENCE
from seg_cli.policy.facts import Absent, Failed, Found, Lookup, MxHost
from seg_cli.terms import Reason, Security
from tests.net.conftest import ServeNames
from tests.net.name_server import (
    NameServerPeer,
    Reply,
    Script,
    forged,
    garbage,
    in_turn,
    nothing,
    records,
    refuse,
    silence,
    truncated,
)
from tests.net.worlds import world_of

SOA = "example.com. 3600 SOA ns.example.com. root.example.com. 1 3600 600 86400 900"
IMPATIENT = replace(LAB_PATIENCE, dns=0.05)
THREE_MX = ((10, "mx-a.example.com"), (10, "mx-b.example.com"), (20, "mx-c.example.com"))
MX_A = ("example.com. 60 MX 10 mx-a.example.com.",)


class Asker:
    """A resolver, its events as they come, and the servers behind it, by address."""

    def __init__(self, servers: dict[str, NameServerPeer], priorities: tuple[int, ...]) -> None:
        known = {address: ("127.0.0.1", peer.port) for address, peer in servers.items()}
        self.world = world_of(known, patience=IMPATIENT)
        self.events: list[Event] = []
        named = tuple(NameServer(*each) for each in zip(servers, priorities, strict=True))
        self.resolver = Resolver(self.world, named, self.events.append)

    def sent(self) -> list[tuple[str, int]]:
        return [
            (event.server, event.timeout)
            for event in self.events
            if isinstance(event, DnsPacketSent)
        ]

    def asked(self) -> list[str]:
        return [event.name for event in self.events if isinstance(event, DnsAsked)]

    async def pass_time(self, by: timedelta) -> None:
        async def quiet() -> None: ...

        await self.world.clock.advance(by, quiet)


async def ask(serve_names: ServeNames, script: Script, over_tcp: Script | None = None) -> Asker:
    """An asker with one server that follows the script."""
    return Asker({"10.10.5.61": await serve_names(script, over_tcp)}, (0,))


Ask = Callable[[Resolver], Awaitable[Lookup[object]]]

ANSWERS: dict[str, tuple[Reply, Ask, object, tuple[object, ...]]] = {
    "mail exchangers come by preference, then name, and log as tuples": (
        records(
            "example.com. 60 MX 20 mx-c.example.com. | 10 MX-B.example.com. | 10 mx-a.example.com."
        ),
        lambda resolver: resolver.mx("example.com"),
        tuple(MxHost(*mx) for mx in THREE_MX),
        THREE_MX,
    ),
    "a host listed twice keeps its lower preference": (
        records("example.com. 60 MX 20 mx-a.example.com. | 10 mx-a.example.com."),
        lambda resolver: resolver.mx("example.com"),
        (MxHost(10, "mx-a.example.com"),),
        ((10, "mx-a.example.com"),),
    ),
    "a null MX has the root as its host": (
        records("example.com. 60 MX 0 ."),
        lambda resolver: resolver.mx("example.com"),
        (MxHost(0, "."),),
        ((0, "."),),
    ),
    "character-strings are not joined": (
        records('example.com. 60 TXT "v=STSv1; " "id=1;" | "other"'),
        lambda resolver: resolver.txt("example.com"),
        ((b"v=STSv1; ", b"id=1;"), (b"other",)),
        (("v=STSv1; ", "id=1;"), ("other",)),
    ),
    "addresses keep the order of the answer": (
        records("example.com. 60 A 192.0.2.2 | 192.0.2.1"),
        lambda resolver: resolver.addresses("example.com", "A"),
        ("192.0.2.2", "192.0.2.1"),
        ("192.0.2.2", "192.0.2.1"),
    ),
    "IPv6 addresses": (
        records("example.com. 60 AAAA 2001:db8::1"),
        lambda resolver: resolver.addresses("example.com", "AAAA"),
        ("2001:db8::1",),
        ("2001:db8::1",),
    ),
}


@pytest.mark.requirement("DNS-01")
@pytest.mark.parametrize("sentence", ANSWERS)
async def test_answers_are_values_with_a_status(serve_names: ServeNames, sentence: str) -> None:
    reply, look_up, value, logged = ANSWERS[sentence]
    kinds = ("MX", "TXT", "A", "AAAA")
    asker = await ask(serve_names, {("example.com", kind): reply for kind in kinds})
    assert await look_up(asker.resolver) == Found(value, Security.INSECURE)
    kept = asker.events[-1]
    assert isinstance(kept, DnsEncached)
    assert (kept.records, kept.security) == (logged, Security.INSECURE)


async def test_an_address_is_looked_up_backwards(serve_names: ServeNames) -> None:
    script = {
        ("1.2.0.192.in-addr.arpa", "PTR"): records(
            "1.2.0.192.in-addr.arpa. 60 PTR MX-A.example.com."
        )
    }
    asker = await ask(serve_names, script)
    assert await asker.resolver.ptr("192.0.2.1") == Found(("mx-a.example.com",))


async def test_a_ptr_answer_is_awaited_as_long_as_dnsconfig_says(serve_names: ServeNames) -> None:
    asker = await ask(serve_names, {("1.2.0.192.in-addr.arpa", "PTR"): silence})
    a_moment = cast("int", 0.01)
    asker.resolver.adopt(DnsSettings((NameServer("10.10.5.61"),), ptr_timeout=a_moment))
    assert await asker.resolver.ptr("192.0.2.1") == Failed(Reason.TIMED_OUT, detail="timeout")
    assert asker.asked() == ["1.2.0.192.in-addr.arpa"]


async def test_nobody_is_asked_for_a_ptr_that_is_awaited_for_no_time(
    serve_names: ServeNames,
) -> None:
    asker = await ask(serve_names, {})
    asker.resolver.adopt(DnsSettings((NameServer("10.10.5.61"),), ptr_timeout=0))
    assert await asker.resolver.ptr("192.0.2.1") == Failed(Reason.TIMED_OUT, detail="timeout")
    assert asker.asked() == []


NO: dict[str, tuple[Reply, Lookup[object]]] = {
    "NXDOMAIN is an answer": (
        nothing(SOA, dns.rcode.NXDOMAIN),
        Absent(Reason.DNS_NXDOMAIN),
    ),
    "NODATA is an answer": (nothing(SOA), Absent(Reason.DNS_NODATA)),
    "an empty message is NODATA": (nothing(""), Absent(Reason.DNS_NODATA)),
    "a referral is no answer": (
        nothing("com. 3600 NS a.gtld-servers.net."),
        Failed(Reason.DNS_SERVFAIL, detail="lame referral"),
    ),
    "SERVFAIL is no answer": (
        refuse(dns.rcode.SERVFAIL),
        Failed(Reason.DNS_SERVFAIL, detail="SERVFAIL"),
    ),
    "REFUSED is no answer": (
        refuse(dns.rcode.REFUSED),
        Failed(Reason.DNS_SERVFAIL, detail="REFUSED"),
    ),
    "silence is no answer": (silence, Failed(Reason.TIMED_OUT, detail="timeout")),
    "garbage is no answer": (
        garbage,
        Failed(Reason.DNS_MALFORMED, detail="DNS message is malformed."),
    ),
    "an answer with a wrong id or to another question is not believed": (
        forged(*MX_A),
        Failed(Reason.TIMED_OUT, detail="timeout"),
    ),
}


@pytest.mark.requirement("DNS-01")
@pytest.mark.parametrize("sentence", NO)
async def test_absence_is_not_failure(serve_names: ServeNames, sentence: str) -> None:
    reply, expected = NO[sentence]
    asker = await ask(serve_names, {("example.com", "MX"): reply})
    answer = await asker.resolver.mx("example.com")
    if isinstance(answer, Failed) and answer.reason is Reason.DNS_MALFORMED:
        answer = replace(answer, detail="DNS message is malformed.")  # the library's own words
    assert answer == expected


@pytest.mark.requirement("DNS-03")
async def test_the_true_answer_is_awaited_behind_forged_ones(serve_names: ServeNames) -> None:
    evil = "example.com. 60 MX 10 evil.example.net."
    asker = await ask(serve_names, {("example.com", "MX"): in_turn(forged(evil), records(*MX_A))})
    assert await asker.resolver.mx("example.com") == Found((MxHost(10, "mx-a.example.com"),))


@pytest.mark.requirement("DNS-03")
async def test_questions_ask_for_dnssec_with_a_payload_of_1232(serve_names: ServeNames) -> None:
    peer = await serve_names({})
    await Asker({"10.10.5.61": peer}, (0,)).resolver.mx("example.com")
    (query,) = peer.queries
    assert query.payload == 1232
    assert query.ednsflags & dns.flags.DO
    assert query.id == 1  # the first number drawn


@pytest.mark.requirement("DNS-04")
async def test_an_answer_that_was_cut_is_fetched_over_tcp(serve_names: ServeNames) -> None:
    key = ("example.com", "MX")
    peer = await serve_names({key: truncated}, {key: records(*MX_A)})
    asker = Asker({"10.10.5.61": peer}, (0,))
    assert await asker.resolver.mx("example.com") == Found((MxHost(10, "mx-a.example.com"),))
    assert peer.asked == ["udp example.com MX", "tcp example.com MX"]
    assert asker.sent() == [("10.10.5.61", 60)]


TCP_FAILURES: dict[str, tuple[Reply, Reason]] = {
    "closed without a word": (silence, Reason.DISCONNECTED),
    "another id": (forged(*MX_A), Reason.DNS_MALFORMED),
    "garbage": (garbage, Reason.DNS_MALFORMED),
    "cut there as well": (truncated, Reason.DNS_MALFORMED),
}


@pytest.mark.parametrize("sentence", TCP_FAILURES)
async def test_tcp_fails_as_a_value(serve_names: ServeNames, sentence: str) -> None:
    reply, reason = TCP_FAILURES[sentence]
    key = ("example.com", "MX")
    asker = await ask(serve_names, {key: truncated}, {key: reply})
    answer = await asker.resolver.mx("example.com")
    assert isinstance(answer, Failed)
    assert answer.reason is reason


async def test_a_port_where_nobody_listens_is_told_at_once() -> None:
    world = world_of({"10.10.5.61": ("127.0.0.1", 1)})
    query = question(world, dns.name.from_text("example.com"), RdataType.MX)
    for transport in Transport:
        answer = await exchange(world, "10.10.5.61", query, transport, 60)
        assert isinstance(answer, Failed)
        assert answer.reason is Reason.REFUSED


async def test_the_worlds_patience_stands_in_for_the_printed_timeout_only_if_it_has_one(
    serve_names: ServeNames,
) -> None:
    peer = await serve_names({("example.com", "MX"): silence})
    known = {"10.10.5.61": ("127.0.0.1", peer.port)}
    world = world_of(known, patience=replace(LAB_PATIENCE, dns=None))
    query = question(world, dns.name.from_text("example.com"), RdataType.MX)
    answer = await exchange(world, "10.10.5.61", query, Transport.UDP, 0.01)
    assert answer == Failed(Reason.TIMED_OUT, detail="timeout")


ALIASES: dict[str, tuple[Script, Lookup[object], list[str]]] = {
    "a chain in one message is followed in the cache": (
        {
            ("a.example.com", "A"): records(
                "a.example.com. 60 CNAME b.example.com.",
                "b.example.com. 60 CNAME c.example.com.",
                "c.example.com. 60 A 192.0.2.1",
            )
        },
        Found(("192.0.2.1",)),
        ["a.example.com"],
    ),
    "a chain that ends open is asked on": (
        {
            ("a.example.com", "A"): records("a.example.com. 60 CNAME c.example.com."),
            ("c.example.com", "A"): records("c.example.com. 60 A 192.0.2.1"),
        },
        Found(("192.0.2.1",)),
        ["a.example.com", "c.example.com"],
    ),
    "the target of an alias may not exist": (
        {
            ("a.example.com", "A"): nothing(
                SOA, dns.rcode.NXDOMAIN, "a.example.com. 60 CNAME b.example.com."
            )
        },
        Absent(Reason.DNS_NXDOMAIN),
        ["a.example.com"],
    ),
    "a loop within a message is an error": (
        {
            ("a.example.com", "A"): records(
                "a.example.com. 60 CNAME b.example.com.",
                "b.example.com. 60 CNAME a.example.com.",
            )
        },
        Failed(Reason.DNS_ALIAS_LOOP),
        ["a.example.com"],
    ),
    "a loop across messages is an error": (
        {
            ("a.example.com", "A"): records("a.example.com. 60 CNAME b.example.com."),
            ("b.example.com", "A"): records("b.example.com. 60 CNAME a.example.com."),
        },
        Failed(Reason.DNS_ALIAS_LOOP),
        ["a.example.com", "b.example.com"],
    ),
    "a record of another name is not believed": (
        {("a.example.com", "A"): records("b.example.com. 60 A 192.0.2.66")},
        Failed(Reason.DNS_SERVFAIL, detail="lame referral"),
        ["a.example.com"],
    ),
}


@pytest.mark.requirement("DNS-07")
@pytest.mark.parametrize("sentence", ALIASES)
async def test_aliases_are_followed(serve_names: ServeNames, sentence: str) -> None:
    script, expected, asked = ALIASES[sentence]
    peer = await serve_names(script)
    asker = Asker({"10.10.5.61": peer}, (0,))
    assert await asker.resolver.addresses("a.example.com", "A") == expected
    assert peer.asked == [f"udp {name} A" for name in asked]


@pytest.mark.requirement("DNS-07")
@pytest.mark.parametrize(
    ("links", "expected"),
    [(16, Found(("192.0.2.1",))), (17, Failed(Reason.DNS_ALIAS_LOOP))],
    ids=["sixteen aliases are followed", "seventeen are too many"],
)
async def test_chains_are_bounded(
    serve_names: ServeNames, links: int, expected: Lookup[object]
) -> None:
    steps = [f"n{at}.example.com. 60 CNAME n{at + 1}.example.com." for at in range(links)]
    chain = (*steps, f"n{links}.example.com. 60 A 192.0.2.1")
    asker = await ask(serve_names, {("n0.example.com", "A"): records(*chain)})
    assert await asker.resolver.addresses("n0.example.com", "A") == expected


async def test_the_log_shows_question_server_packet_and_what_was_kept(
    serve_names: ServeNames,
) -> None:
    name = "_mta-sts.domain.com"
    script = {(name, "TXT"): records(f'{name}. 0 TXT "v=STSv1; id=12345678598Z;"')}
    asker = await ask(serve_names, script)
    await asker.resolver.txt("_MTA-STS.Domain.com.")
    await asker.resolver.txt(name)
    kept = (("v=STSv1; id=12345678598Z;",),)
    assert asker.events == [
        DnsAsked(name, "TXT"),
        DnsServerChosen(name, "TXT", 0),
        DnsPacketSent(name, "TXT", "10.10.5.61", 60),
        DnsEncached(name, "TXT", 131794459543073830, Security.INSECURE, kept),
        DnsAsked(name, "TXT"),
    ]


async def test_each_alias_is_kept_under_its_own_name(serve_names: ServeNames) -> None:
    chain = ("a.example.com. 60 CNAME b.example.com.", "b.example.com. 60 A 192.0.2.1")
    asker = await ask(serve_names, {("a.example.com", "A"): records(*chain)})
    await asker.resolver.addresses("a.example.com", "A")
    kept = [event for event in asker.events if isinstance(event, DnsEncached)]
    assert [(event.name, event.rdtype, event.records) for event in kept] == [
        ("a.example.com", "CNAME", ("b.example.com",)),
        ("b.example.com", "A", ("192.0.2.1",)),
    ]
    assert asker.asked() == ["a.example.com", "b.example.com"]


@pytest.mark.requirement("DNS-06")
@pytest.mark.parametrize(
    ("reply", "logged", "life"),
    [
        (records("example.com. 60 MX 10 mx-a.example.com."), (10, "mx-a.example.com"), 60),
        (nothing(SOA, dns.rcode.NXDOMAIN), "NXDOMAIN", 900),
        (nothing(SOA.replace(" 3600 SOA", " 90 SOA")), "NODATA", 90),
    ],
    ids=["the TTL", "the SOA's minimum", "the SOA's TTL"],
)
async def test_answers_are_kept_for(
    serve_names: ServeNames, reply: Reply, logged: object, life: int
) -> None:
    peer = await serve_names({("example.com", "MX"): reply})
    asker = Asker({"10.10.5.61": peer}, (0,))
    asker.resolver.adopt(DnsSettings((NameServer("10.10.5.61"),), minimum_ttl=30))
    first = await asker.resolver.mx("example.com")
    assert isinstance(asker.events[-1], DnsEncached)
    assert asker.events[-1].records == (logged,)
    await asker.pass_time(timedelta(seconds=life - 1))
    assert await asker.resolver.mx("example.com") == first
    assert len(peer.asked) == 1
    await asker.pass_time(timedelta(seconds=1))
    await asker.resolver.mx("example.com")
    assert len(peer.asked) == 2


async def test_no_answer_lives_shorter_than_the_minimum(serve_names: ServeNames) -> None:
    peer = await serve_names({("example.com", "MX"): records(*MX_A)})
    asker = Asker({"10.10.5.61": peer}, (0,))
    await asker.resolver.mx("example.com")
    await asker.pass_time(timedelta(seconds=1799))
    await asker.resolver.mx("example.com")
    assert len(peer.asked) == 1


async def test_an_answer_that_may_not_be_kept_is_used_once(serve_names: ServeNames) -> None:
    peer = await serve_names({("example.com", "MX"): records("example.com. 0 MX 10 mx.")})
    asker = Asker({"10.10.5.61": peer}, (0,))
    asker.resolver.adopt(DnsSettings((NameServer("10.10.5.61"),), minimum_ttl=0))
    assert await asker.resolver.mx("example.com") == Found((MxHost(10, "mx"),))


async def test_a_flush_forgets(serve_names: ServeNames) -> None:
    peer = await serve_names({("example.com", "MX"): records(*MX_A)})
    asker = Asker({"10.10.5.61": peer}, (0,))
    await asker.resolver.mx("example.com")
    asker.resolver.flush()
    await asker.resolver.mx("example.com")
    assert len(peer.asked) == 2


@pytest.mark.parametrize(
    ("priorities", "sent"),
    [
        ((0,), [("10.0.0.1", 60)]),
        ((1, 0), [("10.0.0.2", 15), ("10.0.0.1", 45)]),
        ((0, 0), [("10.0.0.2", 15), ("10.0.0.1", 45)]),
        ((0, 1, 2), [("10.0.0.1", 5), ("10.0.0.2", 10), ("10.0.0.3", 45)]),
        (
            (0, 1, 2, 3, 4, 5),
            [(f"10.0.0.{at}", wait) for at, wait in enumerate((1, 3, 11, 45, 1, 1), start=1)],
        ),
    ],
    ids=["one server", "by priority", "equal ones by lot", "three servers", "many servers"],
)
async def test_servers_are_asked_in_turn_by_the_schedule(
    serve_names: ServeNames, priorities: tuple[int, ...], sent: list[tuple[str, int]]
) -> None:
    peer = await serve_names({("example.com", "MX"): refuse(dns.rcode.SERVFAIL)})
    servers = {f"10.0.0.{number}": peer for number in range(1, len(priorities) + 1)}
    asker = Asker(servers, priorities)
    assert isinstance(await asker.resolver.mx("example.com"), Failed)
    assert asker.sent() == sent


async def test_the_next_server_makes_good_for_one_that_fails(serve_names: ServeNames) -> None:
    mute = await serve_names({("example.com", "MX"): silence})
    good = await serve_names({("example.com", "MX"): records(*MX_A)})
    asker = Asker({"10.0.0.1": mute, "10.0.0.2": good}, (0, 1))
    assert await asker.resolver.mx("example.com") == Found((MxHost(10, "mx-a.example.com"),))
    assert asker.events[:5] == [
        DnsAsked("example.com", "MX"),
        DnsServerChosen("example.com", "MX", 0),
        DnsPacketSent("example.com", "MX", "10.0.0.1", 15),
        DnsSoftFailed("example.com", "MX", "10.0.0.1", Reason.TIMED_OUT),
        DnsServerChosen("example.com", "MX", 1),
    ]


async def test_without_servers_nothing_is_known() -> None:
    answer = await Asker({}, ()).resolver.mx("example.com")
    assert answer == Failed(Reason.UNREACHABLE, detail="no DNS servers are configured")


async def test_a_name_that_cannot_exist_is_not_asked_for(serve_names: ServeNames) -> None:
    peer = await serve_names({})
    answer = await Asker({"10.0.0.1": peer}, (0,)).resolver.mx("a..example.com")
    assert isinstance(answer, Failed)
    assert not answer.temporary
    assert peer.asked == []


async def test_concurrent_equal_questions_share_one_flight(serve_names: ServeNames) -> None:
    peer = await serve_names({("example.com", "MX"): records(*MX_A)})
    asker = Asker({"10.0.0.1": peer}, (0,))
    answers = await asyncio.gather(*(asker.resolver.mx("example.com") for _ in range(5)))
    assert set(answers) == {Found((MxHost(10, "mx-a.example.com"),))}
    assert len(peer.asked) == 1
    assert asker.asked() == ["example.com"] * 5


async def test_the_cache_counts_hits_misses_and_what_expired(serve_names: ServeNames) -> None:
    asker = await ask(serve_names, {("example.com", "MX"): records(*MX_A)})
    await asker.resolver.mx("example.com")
    await asker.resolver.mx("example.com")
    await asker.pass_time(timedelta(hours=1))
    await asker.resolver.mx("example.com")
    cache = asker.resolver.cache
    assert (cache.hits, cache.misses, cache.expired, len(cache)) == (1, 2, 1, 1)


def with_alternate(asker: Asker, domain: str, address: str) -> None:
    """Let the questions about a domain go to a server of its own."""
    alternate = AlternateServer(domain, f"dns.{domain}", address)
    servers = (NameServer("10.0.0.1"),)
    asker.resolver.adopt(DnsSettings(servers, alternates={domain: alternate}))


async def test_names_below_a_domain_are_asked_of_its_alternate(serve_names: ServeNames) -> None:
    resolver = await serve_names({("other.test", "MX"): records("other.test. 60 MX 10 mx.test.")})
    alternate = await serve_names({("a.example.com", "MX"): records("a.example.com. 60 MX 10 b.")})
    asker = Asker({"10.0.0.1": resolver, "10.0.0.2": alternate}, (0, 0))
    with_alternate(asker, "example.com", "10.0.0.2")
    assert await asker.resolver.mx("a.example.com") == Found((MxHost(10, "b"),))
    assert asker.events[:3] == [
        DnsAsked("a.example.com", "MX"),
        DnsAlternateChosen("a.example.com", "MX", "dns.example.com"),
        DnsPacketSent("a.example.com", "MX", "10.0.0.2", 60),
    ]
    assert await asker.resolver.mx("other.test") == Found((MxHost(10, "mx.test"),))
    assert (resolver.asked, alternate.asked) == (["udp other.test MX"], ["udp a.example.com MX"])


async def test_nobody_makes_good_for_an_alternate_that_fails(serve_names: ServeNames) -> None:
    resolver = await serve_names({("example.com", "MX"): records(*MX_A)})
    mute = await serve_names({("example.com", "MX"): silence})
    asker = Asker({"10.0.0.1": resolver, "10.0.0.2": mute}, (0, 0))
    with_alternate(asker, "example.com", "10.0.0.2")
    assert isinstance(await asker.resolver.mx("example.com"), Failed)
    assert resolver.asked == []


@pytest.mark.parametrize(
    ("name", "rdtype", "domain"),
    [
        ("example.com.", RdataType.DNSKEY, "example.com"),
        ("example.com.", RdataType.DS, "com"),
        ("com.", RdataType.DS, "."),
        (".", RdataType.DS, "."),
    ],
)
def test_ds_records_are_asked_of_the_parents_servers(
    name: str, rdtype: RdataType, domain: str
) -> None:
    assert Wanted(dns.name.from_text(name), rdtype).domain == domain

"""The validating resolver over signed zones that a name server serves on loopback."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import dns.flags
import dns.message
import dns.rdata
import dns.rrset
import pytest
from dns.rdataclass import IN
from dns.rdatatype import RdataType

from seg_cli.config.dns import AlternateServer, DnsSettings, NameServer
from seg_cli.events import DnsEncached, DnssecAnswered, Event
from seg_cli.net.resolver import Resolver
from seg_cli.net.validator import Validated
from seg_cli.net.world import LAB_PATIENCE
from seg_cli.policy.facts import Absent, Failed, Found, MxHost
from seg_cli.standards.dnssec.walk import Wanted
from seg_cli.standards.tlsa import Tlsa
from seg_cli.terms import Reason, Security
from tests.net.conftest import ServeNames
from tests.net.name_server import Reply, Script
from tests.net.worlds import world_of
from tests.standards.signed_zones import LEAF, NOW, Internet, Key, make_internet, name

SERVER, ALTERNATE = "192.0.2.53", "192.0.2.54"
SECURE, INSECURE, BOGUS = Security.SECURE, Security.INSECURE, Security.BOGUS


async def at_rest() -> None:
    """Nothing is under way between two questions."""


class Serving(Script):
    """Every question is answered from the zones of an internet."""

    def __init__(self, internet: Internet, flags: int = 0) -> None:
        self.internet = internet
        self.flags = flags

    def __getitem__(self, key: tuple[str, str]) -> Reply:
        return self._reply

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def _reply(self, query: dns.message.Message) -> tuple[bytes, ...]:
        question = query.question[0]
        answer = self.internet.ask(Wanted(question.name, question.rdtype))
        answer.id, answer.question = query.id, query.question
        answer.flags |= dns.flags.QR | self.flags
        return (answer.to_wire(),)


class Asker:
    """A resolver in front of one name server, and what it told."""

    def __init__(self, internet: Internet, port: int, *, trusted: bool = False) -> None:
        world = world_of(
            {SERVER: ("127.0.0.1", port), ALTERNATE: ("127.0.0.1", port)},
            patience=replace(LAB_PATIENCE, dns=5.0),
            start=NOW,
            anchors=(internet.anchor,),
            trusted_resolvers=frozenset({SERVER} if trusted else ()),
        )
        self.clock = world.clock
        self.events: list[Event] = []
        self.resolver = Resolver(world, (NameServer(SERVER),), self.events.append)
        self.validating = self.resolver.validating

    def statuses(self) -> list[tuple[str, Security]]:
        return [(e.name, e.security) for e in self.events if isinstance(e, DnsEncached)]


@pytest.fixture
def internet() -> Internet:
    return make_internet()


@pytest.mark.requirement("DNS-01")
@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        pytest.param(
            "secure.test",
            Validated(Found((MxHost(10, "mail.secure.test"),), SECURE), SECURE, "secure.test"),
            id="records of a signed zone are secure",
        ),
        pytest.param(
            "mail.secure.test",
            Validated(Absent(Reason.DNS_NODATA, SECURE), SECURE, "mail.secure.test"),
            id="their absence is proven",
        ),
        pytest.param(
            "nobody.secure.test",
            Validated(Absent(Reason.DNS_NXDOMAIN, SECURE), SECURE, "nobody.secure.test"),
            id="so is that of a name",
        ),
        pytest.param(
            "plain.test",
            Validated(Absent(Reason.DNS_NODATA), INSECURE, "plain.test"),
            id="an unsigned zone is insecure",
        ),
        pytest.param(
            "loop.secure.test",
            Validated(Failed(Reason.DNS_ALIAS_LOOP), BOGUS, "loop.secure.test"),
            id="an alias loop is an error",
        ),
        pytest.param(
            "a..b",
            Validated(
                Failed(Reason.DNS_MALFORMED, temporary=False, detail="A DNS label is empty."),
                Security.INDETERMINATE,
                "a..b",
            ),
            id="what is no name is not asked for",
        ),
    ],
)
async def test_each_answer_has_a_status(
    serve_names: ServeNames, internet: Internet, domain: str, expected: Validated[MxHost]
) -> None:
    peer = await serve_names(Serving(internet))
    assert await Asker(internet, peer.port).validating.mx(domain) == expected


@pytest.mark.parametrize(
    ("alias", "expected"),
    [
        (alias, Validated(Found((address,), security), security, expanded))
        for alias, address, expanded, security in (
            ("www.secure.test", "192.0.2.25", "mail.secure.test", SECURE),
            ("x.old.secure.test", "192.0.2.27", "x.new.secure.test", SECURE),
            ("out.secure.test", "192.0.2.29", "mail.other.test", SECURE),
            ("away.secure.test", "192.0.2.30", "mail.plain.test", INSECURE),
        )
    ],
)
async def test_an_answer_is_as_good_as_its_weakest_alias_whether_asked_or_kept(
    serve_names: ServeNames, internet: Internet, alias: str, expected: Validated[str]
) -> None:
    peer = await serve_names(Serving(internet))
    validating = Asker(internet, peer.port).validating
    assert await validating.addresses(alias, "A") == expected
    asked = len(peer.asked)
    assert await validating.addresses(alias, "A") == expected
    assert len(peer.asked) == asked


async def test_an_alias_has_a_status_of_its_own(
    serve_names: ServeNames, internet: Internet
) -> None:
    peer = await serve_names(Serving(internet))
    validating = Asker(internet, peer.port).validating
    alias = await validating.alias("away.secure.test")
    assert alias == Validated(Found(("mail.plain.test",), SECURE), SECURE, "away.secure.test")


@pytest.mark.requirement("DNS-06")
async def test_what_is_secure_is_kept_with_its_status_and_for_its_own_time(
    serve_names: ServeNames, internet: Internet
) -> None:
    peer = await serve_names(Serving(internet))
    asker = Asker(internet, peer.port)
    answer = await asker.validating.tlsa("_25._tcp.mail.secure.test")
    assert asker.statuses() == [("_25._tcp.mail.secure.test", SECURE)]
    assert DnssecAnswered((str(Tlsa(3, 1, 1, b"\xab" * 32)),), SECURE, 600) in asker.events
    asked = len(peer.asked)
    await asker.clock.advance(timedelta(seconds=599), at_rest)
    assert await asker.validating.tlsa("_25._tcp.mail.secure.test") == answer
    assert len(peer.asked) == asked
    await asker.clock.advance(timedelta(seconds=1), at_rest)
    assert await asker.validating.tlsa("_25._tcp.mail.secure.test") == answer
    assert len(peer.asked) == asked + 1


async def test_an_answer_that_nobody_validated_is_asked_for_again(
    serve_names: ServeNames, internet: Internet
) -> None:
    peer = await serve_names(Serving(internet))
    asker = Asker(internet, peer.port)
    assert await asker.resolver.mx("secure.test") == Found((MxHost(10, "mail.secure.test"),))
    assert (await asker.validating.mx("secure.test")).security is SECURE
    assert (await asker.resolver.mx("secure.test")) == Found(
        (MxHost(10, "mail.secure.test"),), SECURE
    )


async def test_the_way_down_is_walked_once(serve_names: ServeNames, internet: Internet) -> None:
    peer = await serve_names(Serving(internet))
    asker = Asker(internet, peer.port)
    await asyncio.gather(
        asker.validating.mx("secure.test"),
        asker.validating.addresses("mail.secure.test", "A"),
        asker.validating.tlsa("_25._tcp.mail.secure.test"),
    )
    assert max(Counter(peer.asked).values()) == 1
    asked = len(peer.asked)
    await asker.validating.addresses("mail.other.test", "A")
    assert peer.asked[asked:] == [
        "udp mail.other.test A",
        "udp other.test DS",
        "udp other.test DNSKEY",
    ]


async def test_a_flush_forgets_the_keys_too(serve_names: ServeNames, internet: Internet) -> None:
    peer = await serve_names(Serving(internet))
    asker = Asker(internet, peer.port)
    await asker.validating.mx("secure.test")
    asked = len(peer.asked)
    asker.resolver.flush()
    await asker.validating.mx("secure.test")
    assert len(peer.asked) == 2 * asked


async def test_checking_is_left_to_us(serve_names: ServeNames, internet: Internet) -> None:
    peer = await serve_names(Serving(internet))
    await Asker(internet, peer.port).validating.mx("secure.test")
    assert all(query.flags & dns.flags.CD for query in peer.queries)


@pytest.mark.requirement("DNS-01")
async def test_a_forged_answer_is_an_error_and_is_not_kept(serve_names: ServeNames) -> None:
    def forge(message: dns.message.Message) -> None:
        message.answer[0] = dns.rrset.from_text(
            "secure.test.", 3600, "IN", "MX", "10 evil.example."
        )

    internet = make_internet().forge("secure.test.", "MX", forge)
    peer = await serve_names(Serving(internet))
    asker = Asker(internet, peer.port)
    expected: Validated[MxHost]
    expected = Validated(Failed(Reason.DNSSEC_FORGED), BOGUS, "secure.test")
    assert await asker.validating.mx("secure.test") == expected
    assert asker.statuses() == []


@pytest.mark.parametrize("broken", ["secure.test.", "mail.secure.test."])
async def test_a_question_on_the_way_that_fails_leaves_it_indeterminate(
    serve_names: ServeNames, broken: str
) -> None:
    def servfail(message: dns.message.Message) -> None:
        message.set_rcode(dns.rcode.SERVFAIL)

    rdtype = "DNSKEY" if broken == "secure.test." else "A"
    internet = make_internet().forge(broken, rdtype, servfail)
    peer = await serve_names(Serving(internet))
    answer = await Asker(internet, peer.port).validating.addresses("mail.secure.test", "A")
    failed = Failed(Reason.DNS_SERVFAIL, detail="SERVFAIL")
    assert answer == Validated(failed, Security.INDETERMINATE, "mail.secure.test")


@pytest.mark.requirement("DANE-16")
async def test_the_owner_of_tlsa_records_may_be_an_alias(serve_names: ServeNames) -> None:
    alias = "_25._tcp.www 600 IN CNAME _25._tcp.mail\n_25._tcp.round 600 IN CNAME _25._tcp.round\n"
    internet = make_internet(leaf=(LEAF, alias))
    peer = await serve_names(Serving(internet))
    validating = Asker(internet, peer.port).validating
    answer = await validating.tlsa("_25._tcp.www.secure.test")
    assert answer.lookup == Found((Tlsa(3, 1, 1, b"\xab" * 32),), SECURE)
    assert (await validating.tlsa("_25._tcp.round.secure.test")).security is BOGUS


@pytest.mark.requirement("DANE-21")
@pytest.mark.parametrize(
    ("data", "readable"),
    [
        pytest.param(
            ("030101" + "ab" * 32, "030101" + "abcd"),
            (Tlsa(3, 1, 1, b"\xab" * 32), Tlsa(3, 1, 1, b"\xab\xcd")),
            id="half a digest",
        ),
        pytest.param(("0301",), (), id="no digest at all"),
    ],
)
async def test_a_broken_tlsa_record_is_no_failed_look_up(
    serve_names: ServeNames, data: tuple[str, ...], readable: tuple[Tlsa, ...]
) -> None:
    owner = name("_25._tcp.odd.secure.test.")
    records = [dns.rdata.GenericRdata(IN, RdataType.TLSA, bytes.fromhex(one)) for one in data]
    published = dns.rrset.from_rdata_list(owner, 600, records)
    signature = Key.make(number=2).sign(published, name("secure.test."))

    def publish(message: dns.message.Message) -> None:
        message.set_rcode(dns.rcode.NOERROR)
        message.answer = [published, dns.rrset.from_rdata(owner, 600, signature)]

    internet = make_internet().forge("_25._tcp.odd.secure.test.", "TLSA", publish)
    peer = await serve_names(Serving(internet))
    answer = await Asker(internet, peer.port).validating.tlsa("_25._tcp.odd.secure.test")
    assert isinstance(answer.lookup, Found)
    assert (set(answer.lookup.value), answer.security) == (set(readable), SECURE)


@pytest.mark.requirement("DNS-02")
@pytest.mark.parametrize(
    ("flags", "trusted", "security"),
    [
        pytest.param(dns.flags.AD, True, SECURE, id="AD of a trusted resolver"),
        pytest.param(0, True, INSECURE, id="no AD"),
        pytest.param(dns.flags.AD, False, INSECURE, id="AD of any other resolver"),
    ],
)
async def test_ad_is_believed_from_trusted_resolvers_only(
    serve_names: ServeNames, internet: Internet, flags: int, *, trusted: bool, security: Security
) -> None:
    peer = await serve_names(Serving(internet, flags))
    asker = Asker(internet, peer.port, trusted=trusted)
    answer = await asker.validating.addresses("mail.plain.test", "A")
    assert answer == Validated(Found(("192.0.2.30",), security), security, "mail.plain.test")
    if trusted:
        assert len(peer.asked) == 1
        assert not peer.queries[0].flags & dns.flags.CD


@pytest.mark.requirement("DNS-02")
async def test_ad_of_an_alternate_is_not_believed_for_the_resolvers_sake(
    serve_names: ServeNames, internet: Internet
) -> None:
    peer = await serve_names(Serving(internet, dns.flags.AD))
    asker = Asker(internet, peer.port, trusted=True)
    alternate = AlternateServer("plain.test", "dns.plain.test", ALTERNATE)
    asker.resolver.adopt(DnsSettings((NameServer(SERVER),), alternates={"plain.test": alternate}))
    answer = await asker.validating.addresses("mail.plain.test", "A")
    assert answer.security is INSECURE


async def test_a_trusted_resolver_that_fails_is_an_error(serve_names: ServeNames) -> None:
    def servfail(message: dns.message.Message) -> None:
        message.set_rcode(dns.rcode.SERVFAIL)

    internet = make_internet().forge("secure.test.", "MX", servfail)
    peer = await serve_names(Serving(internet))
    asker = Asker(internet, peer.port, trusted=True)
    answer = await asker.validating.mx("secure.test")
    assert answer.lookup == Failed(Reason.DNS_SERVFAIL, detail="SERVFAIL")
    assert (await asker.validating.mx("loop.secure.test")).lookup == Failed(Reason.DNS_ALIAS_LOOP)

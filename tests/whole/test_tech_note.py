"""The tech note, end to end: what the operator types, what the log says, what the host received."""

import secrets

import pytest

from seg_cli.net.dns_cache import NOTED_TICKS, TICKS_PER_SECOND
from tests.whole.conftest import DEBUG_LEVEL, Bench, OpenBench, entry

INFO = [
    "Successfully fetched MTA-STS TXT record for domain(domain.com)",
    "New SMTP DCID 834833 interface 10.1.1.2 address 10.1.1.3 port 25",
    (
        "DCID 834833 TLS success protocol TLSv1.3 cipher TLS_AES_256_GCM_SHA384 "
        "subjectAltName:dNSName=*.mail123.domain.com"
    ),
    "MTA-STS policy for the domain (domain.com) Successful.",
    "Delivery start DCID 834833 MID 5444 to RID [0]",
    "Message finished MID 5444 done",
]

DEBUG = [
    "DNS query: Q(_mta-sts.domain.com, 'TXT')",
    "DNS query: QN(_mta-sts.domain.com, 'TXT', 'recursive_nameserver0.parent')",
    "DNS query: QIP (_mta-sts.domain.com,'TXT','10.10.5.61',15)",
    (
        "DNS encache (_mta-sts.domain.com, TXT, "
        f"[({NOTED_TICKS + 5 * TICKS_PER_SECOND}L, 0, 'insecure', ('v=STSv1; id=12345678598Z;',))])"
    ),
    "Successfully fetched MTA-STS TXT record for domain(domain.com)",
    "Valid cache entry found for the domain (domain.com).",
    "DNS query: Q(domain.com, 'MX')",
    "DNS query: QIP (domain.com,'MX','10.10.5.61',15)",
    "Applying MTA-STS policy for the domain (domain.com)",
    "New SMTP DCID 834834 interface 10.1.1.2 address 10.1.1.3 port 25",
    "DNS query: Q(domain.com, 'MX')",
    (
        "DCID 834834 TLS success protocol TLSv1.3 cipher TLS_AES_256_GCM_SHA384 "
        "subjectAltName:dNSName=*.mail123.domain.com"
    ),
    "MTA-STS policy for the domain (domain.com) Successful.",
    "Delivery start DCID 834834 MID 5445 to RID [0]",
    "Message finished MID 5445 done",
]


def assert_in_order(lines: list[str], log: list[str]) -> None:
    rest = iter(log)
    for line in lines:
        assert line in rest, f"{line!r} is missing or out of order"


async def configure(box: Bench, domain: str = "domain.com", **answers: str) -> None:
    await box.type("destconfig", *entry(domain, **answers))
    await box.type("commit", "MTA-STS", "n")


@pytest.mark.requirement("AOS-20")
@pytest.mark.requirement("STS-52")
async def test_the_info_log(bench: OpenBench) -> None:
    async with bench() as box:
        await configure(box)
        assert await box.type("lab send to=user@domain.com") == "250 ok: Message 5444 accepted\n"
        assert_in_order(INFO, box.log())
        (received,) = (await box.seen()).received
        assert (received.sni, received.protocol) == ("mx1.mail123.domain.com", "TLSv1.3")
        assert received.recipients == ("user@domain.com",)
        assert b"The quick brown fox" in received.message


@pytest.mark.requirement("STS-40")
@pytest.mark.requirement("STS-41")
async def test_the_debug_log(bench: OpenBench) -> None:
    async with bench() as box:
        await configure(box)
        await box.type("lab send")
        await box.type("logconfig", *DEBUG_LEVEL)
        await box.type("commit", "debug", "n")
        await box.type("dnsflush", "y")
        await box.type("lab advance 5s")  # the first connection is closed
        await box.type("lab send")
        assert_in_order(DEBUG, box.log())
        (request,) = (await box.seen()).policy_requests
        assert request.sni == request.host == "mta-sts.domain.com"


SUCCESS = "Successful."
FETCHED = "Successfully fetched MTA-STS TXT record"
APPLYING = "Applying MTA-STS policy"
NAME = "subjectAltName:dNSName"


@pytest.mark.requirement("AOS-25")
@pytest.mark.requirement("STS-44")
@pytest.mark.parametrize(
    ("over", "vanished"),
    [
        pytest.param(
            {"domains": {"domain.com": {"mta_sts_txt": False}}},
            [FETCHED, APPLYING, NAME, SUCCESS],
            id="without its TXT record",
        ),
        pytest.param(
            {"policies": {"domain.com": {"text": "no policy"}}},
            [APPLYING, NAME, SUCCESS],
            id="with an invalid policy",
        ),
    ],
)
async def test_a_line_vanishes_with_its_cause(
    bench: OpenBench, over: dict[str, object], vanished: list[str]
) -> None:
    async with bench(**over) as box:
        await configure(box)
        await box.type("lab send")
        log = "\n".join(box.log())
        assert "Message finished MID 5444 done" in log
        assert not [line for line in vanished if line in log]


@pytest.mark.requirement("STS-53")
@pytest.mark.requirement("TLS-09")
async def test_a_certificate_for_another_name_holds_the_mail(bench: OpenBench) -> None:
    over: dict[str, object] = {
        "hosts": {"mx1.mail123.domain.com": {"certificate": {"names": ["other.example"]}}}
    }
    async with bench(**over) as box:
        await configure(box)
        await box.type("lab send")
        assert_in_order(
            [
                (
                    "DCID 834833 TLS deferring: verify error: "
                    "peer cert does not match domain domain.com"
                ),
                "DCID 834833 TLS was required but could not be successfully negotiated",
                "DCID 834833 close",
            ],
            box.log(),
        )
        assert (await box.seen()).received == []


async def test_switched_off_nothing_is_asked(bench: OpenBench) -> None:
    async with bench() as box:
        await configure(box, mta_sts="n")
        await box.type("lab send")
        asked = {question.name for question in (await box.seen()).questions}
        assert "_mta-sts.domain.com" not in asked
        assert FETCHED not in "\n".join(box.log())


@pytest.mark.requirement("AOS-06")
@pytest.mark.requirement("AOS-27")
async def test_a_hosted_domain_and_its_cure(bench: OpenBench) -> None:
    async with bench() as box:
        await configure(box, "hosted.example", tls="5")
        await box.type("lab send to=user@hosted.example")
        failed = "TLS deferring: verify error: peer cert does not match domain hosted.example"
        assert f"DCID 834833 {failed}" in box.log()
        await box.type(
            "destconfig",
            *(
                "edit",
                "hosted.example",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "6",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
            ),
        )
        await box.type("commit", "cure", "n")
        await box.type("lab advance 60s")
        assert "Message finished MID 5444 done" in box.log()


@pytest.mark.requirement("STS-16")
async def test_the_failed_fetch_through_the_proxy(bench: OpenBench) -> None:
    async with bench() as box:
        await configure(box, "unreachable.example")
        proxy = "http://proxy.lab.example:3128"
        await box.type("updateconfig", "setup", "n", "y", proxy, "")
        await box.type("logconfig", *DEBUG_LEVEL)
        await box.type("commit", "proxy", "n")
        await box.type("lab send to=user@unreachable.example")
        assert_in_order(
            [
                "Successfully fetched MTA-STS TXT record for domain(unreachable.example)",
                "Fetching MTA-STS policy for domain(unreachable.example)",
                "Requesting MTA-STS policy fetch via proxy",
                (
                    "STS policy fetch request failed due to connection timeout. "
                    "domain unreachable.example"
                ),
                (
                    "An error occurred while fetching the MTA-STS policy "
                    "for the domain (unreachable.example)."
                ),
                "Message finished MID 5444 done",
            ],
            box.log(),
        )
        assert [tunnel.host for tunnel in (await box.seen()).tunnels] == [
            "mta-sts.unreachable.example"
        ]


@pytest.mark.requirement("AOS-28")
async def test_an_smtp_route_switches_mta_sts_off(bench: OpenBench) -> None:
    async with bench() as box:
        await configure(box)
        await box.type("smtproutes", "new", "domain.com", "mx1.plain.example", "")
        await box.type("commit", "route", "n")
        await box.type("lab send")
        assert "New SMTP DCID 834833 interface 10.1.1.2 address 192.0.2.25 port 25" in box.log()
        assert FETCHED not in "\n".join(box.log())


async def test_dane_mandatory_holds_the_mail(bench: OpenBench) -> None:
    async with bench() as box:
        answers = (
            "new",
            "domain.com",
            "",
            "",
            "",
            "",
            "",
            "",
            "y",
            "2",
            "y",
            "3",
            "",
            "",
            "",
            "",
            "",
        )
        await box.type("destconfig", *answers)
        await box.type("commit", "dane", "n")
        await box.type("lab send")
        assert "DANE MANDATORY failed for domain.com" in box.log()
        assert (await box.seen()).received == []


@pytest.mark.requirement("STS-09")
async def test_the_policy_domain_is_the_recipient_domain_and_no_other(bench: OpenBench) -> None:
    async with bench() as box:
        await configure(box, ".domain.com")
        await box.type("lab send to=user@Sub.Domain.COM")
        asked = [question.name for question in (await box.seen()).questions]
        assert "_mta-sts.sub.domain.com" in asked
        assert "_mta-sts.domain.com" not in asked


@pytest.mark.requirement("STS-42")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"domains": {"domain.com": {"mta_sts_txt": False}}}, id="no TXT record"),
        pytest.param(
            {
                "domains": {"domain.com": {"mta_sts_txt": "v=STSv1; id=2;"}},
                "policies": {"domain.com": {"text": "no policy"}},
            },
            id="a new id and an invalid policy",
        ),
        pytest.param(
            {
                "domains": {"domain.com": {"mta_sts_txt": "v=STSv1; id=2;"}},
                "policies": {"domain.com": {"reach": "refused"}},
            },
            id="a new id and no policy host",
        ),
    ],
)
async def test_an_unexpired_policy_applies_when_there_is_no_live_one(
    bench: OpenBench, change: dict[str, object]
) -> None:
    async with bench() as box:
        await configure(box)
        await box.type("lab send")
    async with bench(**change) as box:
        await box.type("lab send")
        assert "Message finished MID 5445 done" in box.log()
        assert "Applying MTA-STS policy for the domain (domain.com)" in box.log()
        assert "MTA-STS policy for the domain (domain.com) Successful." in box.log()


async def test_names_that_nobody_knew_before(bench: OpenBench) -> None:
    word = secrets.token_hex(4)
    domain, mail = f"{word}.example", f"mx.{word[::-1]}.example"
    text = f"version: STSv1\nmode: enforce\nmx: {mail}\nmax_age: 86400\n"
    async with bench(
        domains={domain: {"mx": [f"10 {mail}"], "mta_sts_txt": f"v=STSv1; id={word};"}},
        policies={domain: {"addresses": ["198.51.100.77"], "text": text}},
        hosts={mail: {"addresses": ["198.51.100.78"], "certificate": {"names": [mail]}}},
    ) as box:
        await configure(box, domain)
        await box.type(f"lab send to=user@{domain}")
        (received,) = (await box.seen()).received
        assert (received.host, received.sni) == (mail, mail)
        assert_in_order(
            [
                f"Successfully fetched MTA-STS TXT record for domain({domain})",
                "New SMTP DCID 834833 interface 10.1.1.2 address 198.51.100.78 port 25",
                (
                    f"DCID 834833 TLS success protocol {received.protocol} "
                    f"cipher {received.cipher} subjectAltName:dNSName={mail}"
                ),
                f"MTA-STS policy for the domain ({domain}) Successful.",
            ],
            box.log(),
        )

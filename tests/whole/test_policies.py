"""Policies on the whole appliance: modes, several mail hosts, the last look, and `lab policies`."""

from dataclasses import replace

import pytest

from seg_cli.config.bounce_profiles import BounceProfile
from seg_cli.lab.reading import parse_spec
from seg_cli.shell.loop import Status
from tests.whole.conftest import LAB, OpenBench
from tests.whole.test_tech_note import assert_in_order, configure

MX = "mx1.mail123.domain.com"
OTHER_NAME: dict[str, object] = {"certificate": {"names": ["other.example"]}}

Tables = dict[str, object]


def policy(mode: str = "enforce", mx: str = "*.mail123.domain.com", max_age: int = 604_800) -> str:
    return f"version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: {max_age}\n"


def with_policy(text: str, **more: object) -> Tables:
    return {"policies": {"domain.com": {"text": text}}, **more}


@pytest.mark.requirement("AOS-26")
@pytest.mark.requirement("STS-55")
@pytest.mark.parametrize(
    ("over", "tls", "result"),
    [
        pytest.param(
            with_policy(policy("testing")),
            "DCID 834833 TLS success protocol TLSv1.3 cipher TLS_AES_256_GCM_SHA384",
            f"MX host {MX} passes the MTA-STS policy in testing mode for the domain (domain.com)",
            id="all in order",
        ),
        pytest.param(
            with_policy(policy("testing"), hosts={MX: OTHER_NAME}),
            "DCID 834833 TLS success protocol TLSv1.3 cipher TLS_AES_256_GCM_SHA384",
            f"MX host {MX} fails the MTA-STS policy in testing mode for the domain (domain.com): "
            "peer cert does not match domain domain.com",
            id="a certificate for another name",
        ),
        pytest.param(
            with_policy(policy("testing", mx="mx.elsewhere.example")),
            "DCID 834833 TLS success protocol TLSv1.3 cipher TLS_AES_256_GCM_SHA384",
            f"MX host {MX} fails the MTA-STS policy in testing mode for the domain (domain.com): "
            "the mail host is not listed in the MTA-STS policy",
            id="a host that is not listed",
        ),
        pytest.param(
            with_policy(policy("testing"), hosts={MX: {"tls": []}}),
            "DCID 834833 STARTTLS command not supported.",
            f"MX host {MX} fails the MTA-STS policy in testing mode for the domain (domain.com): "
            "STARTTLS command not supported",
            id="no TLS",
        ),
    ],
)
async def test_testing_delivers_by_the_tls_setting_and_tells(
    bench: OpenBench, over: Tables, tls: str, result: str
) -> None:
    async with bench(**over) as box:
        await configure(box)
        await box.type("lab send")
        told = "MTA-STS policy for the domain (domain.com) is in mode testing and is not enforced"
        assert_in_order([told, tls, result, "Message finished MID 5444 done"], box.log())
        assert len((await box.seen()).received) == 1


@pytest.mark.requirement("AOS-26")
async def test_none_is_as_without_a_policy(bench: OpenBench) -> None:
    async with bench(**with_policy(policy("none"), hosts={MX: OTHER_NAME})) as box:
        await configure(box)
        await box.type("lab send")
        told = "MTA-STS policy for the domain (domain.com) is in mode none and is not enforced"
        assert_in_order([told, "Message finished MID 5444 done"], box.log())
        assert "in testing mode" not in "\n".join(box.log())


BACKUP = "mx2.mail123.domain.com"


@pytest.mark.requirement("STS-54")
@pytest.mark.parametrize(
    "first",
    [
        pytest.param(OTHER_NAME, id="its certificate is for another name"),
        pytest.param({"tls": []}, id="it offers no TLS"),
        pytest.param({"reach": "refused"}, id="it refuses the connection"),
        pytest.param(None, id="it is not listed"),
    ],
)
async def test_a_host_that_fails_the_policy_is_passed_over_like_an_unreachable_one(
    bench: OpenBench, first: Tables | None
) -> None:
    over: Tables = {
        "domains": {"domain.com": {"mx": [f"10 {MX}", f"20 {BACKUP}"]}},
        "hosts": {MX: first or {}, BACKUP: {"addresses": ["10.1.1.30"]}},
    }
    if first is None:
        over |= with_policy(policy(mx=BACKUP))
    async with bench(**over) as box:
        await configure(box)
        await box.type("lab send")
        assert [received.host for received in (await box.seen()).received] == [BACKUP]
        assert "MTA-STS policy for the domain (domain.com) Successful." in box.log()


@pytest.mark.requirement("STS-55")
async def test_domains_that_share_a_host_share_no_connection(bench: OpenBench) -> None:
    """What one domain's policy allows says nothing about the other's."""
    over: Tables = {
        "domains": {"sharing.example": {"mx": [f"10 {MX}"], "mta_sts_txt": "v=STSv1; id=1;"}},
        "policies": {
            "sharing.example": {
                "addresses": ["198.51.100.77"],
                "text": policy(mx="mx.else.example"),
            }
        },
    }
    async with bench(**over) as box:
        await configure(box, "domain.com")
        await configure(box, "sharing.example")
        await box.type("lab send to=a@domain.com,b@sharing.example")
        (received,) = (await box.seen()).received
        assert received.recipients == ("a@domain.com",)
        assert f"MX host {MX} is not listed in the MTA-STS policy" in "\n".join(box.log())


@pytest.mark.requirement("STS-53")
@pytest.mark.parametrize(
    ("id_", "outcome"),
    [
        pytest.param("2", "Message finished MID 5444 done", id="a new policy: tried once more"),
        pytest.param("1", "Bounced: DCID 0 MID 5444 to RID 0 - 5.4.7", id="the same: bounced"),
    ],
)
async def test_before_mail_is_bounced_a_new_policy_is_looked_for(
    bench: OpenBench, id_: str, outcome: str
) -> None:
    """The DNS cache still holds the old record, so no attempt before the last one sees the new."""
    lasting: Tables = {"mta_sts_ttl": 864_000, "mta_sts_txt": "v=STSv1; id=1;"}
    unlisted = with_policy(policy(mx="mx.old.example"), domains={"domain.com": lasting})
    async with bench(**unlisted) as box:
        await configure(box)
        network = await box.station.appliance.network()
        brief = BounceProfile("Default", max_queue_lifetime=3600)
        config = replace(box.station.appliance.config, bounce_profiles={"Default": brief})
        network.adopt(config)
        await box.type("lab send")
        changed = with_policy(
            policy(), domains={"domain.com": lasting | {"mta_sts_txt": f"v=STSv1; id={id_};"}}
        )
        lab = await box.station.lab()
        lab.adopt(parse_spec({"like": LAB, **changed}))
        lab.journal.questions.clear()
        await box.type("lab advance 2h")
        assert outcome in "\n".join(box.log())
        assert sum(asked.rdtype == "TXT" for asked in lab.journal.questions) == 1
        received = [one for one in lab.journal.received if one.sender]  # notices have none
        assert len(received) == (id_ == "2")


TABLE = """\
Domain      ID            Mode     Age  Valid till                    Last failure  Next try after
==========  ============  =======  ===  ============================  ============  ==============
domain.com  12345678598Z  enforce  2h   Thu Oct  3 15:23:39 2024 GMT  -             -
"""
DOWN: Tables = {"policies": {"domain.com": {"reach": "refused"}}}
FAILED = """\
Domain      ID            Mode  Age  Valid till  Last failure        Next try after
==========  ============  ====  ===  ==========  ==================  ============================
domain.com  12345678598Z  -     -    -           connection refused  Thu Sep 26 15:28:39 2024 GMT
"""
NOTHING = "No MTA-STS policy is cached, and none has failed to be fetched.\n"
REFETCHED = (
    "domain.com: fetched the enforce policy with id 12345678598Z, "
    "valid till Thu Oct  3 17:23:39 2024 GMT.\n"
)


async def test_lab_policies_shows_what_is_cached(bench: OpenBench) -> None:
    async with bench() as box:
        await configure(box)
        assert await box.type("lab policies") == NOTHING
        assert await box.type("lab policies refetch") == NOTHING
        await box.type("lab send")
        await box.type("lab advance 2h")
        assert await box.type("lab policies") == TABLE
        assert await box.type("lab policies refetch") == REFETCHED
        assert await box.type("lab policies refetch Domain.COM") == REFETCHED
        assert "enforce  0s " in await box.type("lab policies")
        assert len((await box.seen()).policy_requests) == 3


async def test_lab_policies_shows_a_failure_and_how_long_it_holds_deliveries_back(
    bench: OpenBench,
) -> None:
    async with bench(**DOWN) as box:
        await configure(box)
        await box.type("lab send")
        assert await box.type("lab policies") == FAILED
        await box.station.restart()
        box.login()
        assert await box.type("lab policies") == FAILED
        await box.type("lab advance 5m")
        assert (await box.type("lab policies")).endswith("connection refused  -\n")
        assert await box.type("lab policies refetch") == (
            "domain.com: the policy could not be fetched (connection refused). There is no other.\n"
        )


async def test_lab_policies_when_the_host_is_down(bench: OpenBench) -> None:
    async with bench() as box:
        await configure(box)
        await box.type("lab send")
    async with bench(**DOWN) as box:
        assert await box.type("lab policies refetch domain.com") == (
            "domain.com: the policy could not be fetched (connection refused). "
            "The one from before still applies.\n"
        )
        await box.type("lab advance 8d")
        assert "Thu Oct  3 15:23:39 2024 GMT (expired)" in await box.type("lab policies")
        warning = (
            "MTA-STS policy for the domain (domain.com) could not be refreshed 3 times in a row. "
            "The cached policy is valid till Thu Oct  3 15:23:39 2024"
        )
        assert warning in box.log()


async def test_lab_policies_of_a_domain_without_any(bench: OpenBench) -> None:
    async with bench() as box:
        assert await box.type("lab policies refetch plain.example") == (
            "plain.example has no MTA-STS TXT record and no cached policy.\n"
        )


@pytest.mark.parametrize("words", ["again", "refetch a.example b.example"])
async def test_lab_policies_refuses_what_makes_no_sense(bench: OpenBench, words: str) -> None:
    async with bench() as box:
        shown = await box.type(f"lab policies {words}")
        assert shown == f"Invalid arguments when processing lab: policies {words}\n"
        assert box.status is Status.FAILED


async def test_lab_questions_counts_what_the_name_servers_were_asked(bench: OpenBench) -> None:
    async with bench() as box:
        nothing = "The name servers of the lab have not been asked anything yet.\n"
        assert await box.type("lab questions") == nothing
        for _ in range(2):
            await box.type("dig @10.10.5.61 domain.com mx")
        assert (await box.type("lab questions")).endswith("MX    2          1\n")
        shown = await box.type("lab questions TXT")
        assert shown == "Invalid arguments when processing lab: questions TXT\n"

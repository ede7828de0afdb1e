"""Which policy is in force: by the record, the cache and the fetch, and in this order."""

import asyncio
import socket
from datetime import timedelta
from pathlib import Path

import pytest

from seg_cli.events import (
    DnsAsked,
    MtaStsCachedPolicyFound,
    MtaStsFetchFailed,
    MtaStsFetchPutOff,
    MtaStsFetchStarted,
    MtaStsTxtFetched,
    MtaStsTxtUnusable,
)
from seg_cli.net.world import LAB_PATIENCE
from seg_cli.policy.requirement import InForce, NoPolicy
from seg_cli.standards.mta_sts import Policy
from seg_cli.terms import PolicyMode, Reason
from tests.delivery.messages import NOW
from tests.delivery.policy_lab import RESOLVER, PolicyLab, Tables, policy_lab, world

LISTED = ("mx.domain.com",)
ENFORCE = InForce(Policy(PolicyMode.ENFORCE, LISTED, 604_800))
TESTING = InForce(Policy(PolicyMode.TESTING, LISTED, 604_800))
DOWN: Tables = {"reach": "refused"}
SEVERAL: Tables = {"mta_sts_txt": ["v=STSv1; id=1;", "v=STSv1; id=2;"]}
ALIAS_LOOP = {"_mta-sts.domain.com": {"CNAME": "_mta-sts.domain.com"}}

UNUSABLE: dict[str, tuple[Tables, Reason]] = {
    "no record": (world(domain={"mta_sts_txt": []}), Reason.STS_NO_RECORD),
    "a record of somebody else": (
        world(domain={"mta_sts_txt": "v=spf1 -all"}),
        Reason.STS_NO_RECORD,
    ),
    "several records": (world(domain=SEVERAL), Reason.STS_SEVERAL_RECORDS),
    "bad syntax": (world(domain={"mta_sts_txt": "v=STSv1; id=;"}), Reason.STS_RECORD_INVALID),
    "no domain at all": ({"records": {"other.example": {"A": "192.0.2.1"}}}, Reason.STS_NO_RECORD),
}


@pytest.mark.requirement("STS-06")
@pytest.mark.parametrize("case", UNUSABLE)
async def test_without_a_usable_record_there_is_no_live_policy(tmp_path: Path, case: str) -> None:
    tables, reason = UNUSABLE[case]
    async with policy_lab(tmp_path, tables) as lab:
        assert await lab.ask() == NoPolicy(reason)
        assert lab.told(MtaStsTxtUnusable) == [MtaStsTxtUnusable("domain.com", reason)]
        assert lab.gets == 0


@pytest.mark.requirement("STS-06")
@pytest.mark.parametrize("case", UNUSABLE)
async def test_an_unexpired_policy_still_applies_without_a_record(
    tmp_path: Path, case: str
) -> None:
    async with policy_lab(tmp_path, world()) as lab:
        await lab.ask()
        lab.change(UNUSABLE[case][0])
        assert await lab.ask() == ENFORCE
        assert lab.told(MtaStsCachedPolicyFound)


@pytest.mark.requirement("STS-07")
async def test_a_server_that_fails_leaves_the_cached_policy_or_the_tls_setting(
    tmp_path: Path,
) -> None:
    failing = world(domain={"mta_sts_txt": []}, records=ALIAS_LOOP)
    async with policy_lab(tmp_path, failing) as lab:
        assert await lab.ask() == NoPolicy(Reason.STS_LOOKUP_FAILED)
        lab.change(world())
        assert await lab.ask() == ENFORCE
        lab.change(failing)
        assert await lab.ask() == ENFORCE


@pytest.mark.requirement("STS-07")
async def test_so_does_one_that_does_not_answer(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        async with policy_lab(tmp_path, world(), LAB_PATIENCE) as lab:
            lab.detours[RESOLVER] = silent.getsockname()
            assert await lab.ask() == NoPolicy(Reason.STS_LOOKUP_FAILED)
            lab.detours.clear()
            assert await lab.ask() == ENFORCE
            lab.resolver.flush()
            lab.detours[RESOLVER] = silent.getsockname()
            assert await lab.ask() == ENFORCE


@pytest.mark.requirement("STS-08")
async def test_an_alias_is_followed_and_the_policy_host_stays_the_domains_own(
    tmp_path: Path,
) -> None:
    records = {
        "_mta-sts.domain.com": {"CNAME": "one.provider.example"},
        "one.provider.example": {"CNAME": "two.provider.example"},
        "two.provider.example": {"TXT": '"v=STSv1; id=7;"'},
    }
    async with policy_lab(tmp_path, world(domain={"mta_sts_txt": []}, records=records)) as lab:
        assert await lab.ask() == ENFORCE
        assert await lab.ask() == ENFORCE
        (request,) = lab.lab.journal.policy_requests
        assert request.sni == request.host == "mta-sts.domain.com"


@pytest.mark.requirement("STS-41")
async def test_the_same_id_is_not_fetched_again_and_another_one_is(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world()) as lab:
        await lab.ask()
        lab.change(world("testing"))
        assert await lab.ask() == ENFORCE
        assert lab.gets == 1
        lab.change(world("testing", id_="2"))
        assert await lab.ask() == TESTING
        assert lab.gets == 2


@pytest.mark.requirement("STS-43")
async def test_an_expired_policy_is_as_good_as_none(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world(max_age=7200)) as lab:
        await lab.ask()
        lab.change(world(max_age=7200, policy=DOWN))
        await lab.advance(seconds=7199)
        assert isinstance(await lab.ask(), InForce)
        await lab.advance(seconds=1)
        assert await lab.ask() == NoPolicy(Reason.STS_FETCH_ERROR)


@pytest.mark.requirement("STS-45")
async def test_messages_that_come_together_share_one_fetch(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world()) as lab:
        answers = await asyncio.gather(*(lab.ask() for _ in range(20)))
        assert answers == [ENFORCE] * 20
        assert lab.gets == lab.txt_questions == 1


@pytest.mark.requirement("STS-45")
async def test_a_failed_fetch_is_not_repeated_for_five_minutes(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world(policy=DOWN)) as lab:
        assert await lab.ask() == NoPolicy(Reason.STS_FETCH_ERROR)
        await lab.advance(seconds=299)
        assert await lab.ask() == NoPolicy(Reason.STS_FETCH_ERROR)
        assert len(lab.told(MtaStsFetchStarted)) == 1
        due = NOW + timedelta(minutes=5)
        assert lab.told(MtaStsFetchPutOff) == [MtaStsFetchPutOff("domain.com", due)]
        await lab.advance(seconds=1)
        await lab.ask()
        assert len(lab.told(MtaStsFetchStarted)) == 2


@pytest.mark.requirement("STS-45")
async def test_a_restart_does_not_cut_the_pause_short(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world(policy=DOWN)) as lab:
        await lab.ask()
        lab.restart()
        await lab.advance(seconds=299)
        assert await lab.ask() == NoPolicy(Reason.STS_FETCH_ERROR)
        assert len(lab.told(MtaStsFetchStarted)) == 1
        await lab.advance(seconds=1)
        await lab.ask()
        assert len(lab.told(MtaStsFetchStarted)) == 2
        lab.change(world())
        await lab.advance(minutes=5)
        assert await lab.ask() == ENFORCE
        lab.restart()
        assert lab.policies.source.failures.all() == ()


@pytest.mark.requirement("STS-45")
async def test_the_pause_is_for_one_id(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world(policy={"text": "no policy"})) as lab:
        assert await lab.ask() == NoPolicy(Reason.STS_POLICY_INVALID)
        assert lab.told(MtaStsFetchFailed) == [MtaStsFetchFailed("domain.com", "invalid policy")]
        lab.change(world(id_="2"))
        assert await lab.ask() == ENFORCE


@pytest.mark.requirement("STS-46")
@pytest.mark.parametrize("max_age", [0, 60], ids=["max_age 0", "a small max_age"])
async def test_a_policy_is_withdrawn_by_mode_none(tmp_path: Path, max_age: int) -> None:
    """Even one that is not to be kept takes the place of the one before it."""
    async with policy_lab(tmp_path, world()) as lab:
        await lab.ask()
        lab.change(world("none", id_="2", max_age=max_age))
        assert await lab.ask() == InForce(Policy(PolicyMode.NONE, LISTED, max_age))
        await lab.advance(seconds=max_age)
        lab.change(world(domain={"mta_sts_txt": []}))
        assert await lab.ask() == NoPolicy(Reason.STS_NO_RECORD)


@pytest.mark.requirement("STS-47")
async def test_a_policy_outlives_a_restart_of_the_appliance(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world()) as lab:
        await lab.ask()
        lab.restart()
        assert await lab.ask() == ENFORCE
        assert lab.gets == 1


async def test_a_decision_from_the_cache_costs_no_question_no_fetch_and_no_disk(
    tmp_path: Path,
) -> None:
    async with policy_lab(tmp_path, world()) as lab:
        await lab.ask()
        await lab.ask()
        lab.events.clear()
        statements: list[str] = []
        lab.journal._db.set_trace_callback(statements.append)
        for _ in range(100):
            assert await lab.ask() == ENFORCE
        assert (lab.gets, lab.txt_questions, statements) == (1, 1, [])
        assert lab.events[:3] == [
            DnsAsked("_mta-sts.domain.com", "TXT"),
            MtaStsTxtFetched("domain.com"),
            MtaStsCachedPolicyFound("domain.com"),
        ]
        assert len(lab.events) == 300


@pytest.mark.parametrize("loss", ["the answer is flushed", "the answer expires", "midnight"])
async def test_a_remembered_decision_ends_with_what_it_rests_on(tmp_path: Path, loss: str) -> None:
    async with policy_lab(tmp_path, world()) as lab:
        await lab.ask()
        await lab.ask()
        if loss == "the answer is flushed":
            lab.change(world("testing", id_="2"))
        else:
            await lab.advance(hours=1 if loss == "the answer expires" else 9)
            lab.change(world("testing", id_="2"))
        assert await lab.ask() == TESTING


@pytest.mark.requirement("STS-53")
async def test_before_mail_is_given_up_the_dns_is_asked_past_the_cache(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world()) as lab:
        discovery = lab.policies.discovery
        assert not await discovery.is_renewed("domain.com", None)
        await lab.ask()
        assert not await discovery.is_renewed("domain.com", None)
        assert lab.txt_questions == 2
        lab.change(world("testing", id_="2"))
        await lab.resolver.txt("_mta-sts.domain.com")
        assert await discovery.is_renewed("domain.com", None)


async def refetched(lab: PolicyLab, domain: str = "domain.com") -> object:
    return await lab.policies.refetch(domain, None)


@pytest.mark.requirement("STS-41")
async def test_a_policy_is_fetched_anew_by_hand_whatever_the_id(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world()) as lab:
        await lab.ask()
        lab.change(world("testing"))
        assert await lab.ask() == ENFORCE
        assert await refetched(lab) == lab.policies.cache.get("domain.com")
        assert await lab.ask() == TESTING


async def test_by_hand_no_pause_is_kept(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world(policy=DOWN)) as lab:
        await lab.ask()
        failure = lab.policies.source.failures.of("domain.com")
        assert failure is not None
        lab.change(world(domain={"mta_sts_txt": []}))
        await refetched(lab)
        assert lab.policies.source.failures.all() == ()
        assert await refetched(lab) == lab.policies.cache.get("domain.com")


async def test_by_hand_nothing_is_fetched_for_a_domain_without_mta_sts(tmp_path: Path) -> None:
    async with policy_lab(tmp_path, world()) as lab:
        assert await refetched(lab, "other.example") is None

"""`check` on every domain of the lab: what it finds, and that it foresees what the engine does.

The forecast is made of a survey; the engine's own story of a delivery is the other side.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from seg_cli.config.codec.words import with_words
from seg_cli.delivery.destination import Destination
from seg_cli.delivery.forecast import CHOICES, Choice, Fate, Forecast, forecast
from seg_cli.delivery.story import (
    HostChosen,
    HostSkipped,
    Judged,
    NoHosts,
    Sent,
    Step,
    Story,
    Unreached,
)
from seg_cli.delivery.survey import Survey, listed, survey
from seg_cli.policy.dane import NoTlsa
from seg_cli.policy.facts import Failed
from seg_cli.policy.verdict import Course
from seg_cli.programs.check.findings import Standing, Weight, findings_of, standing_of
from seg_cli.programs.check.program import look
from seg_cli.terms import DaneMode, Dcid, Mid, MtaStsSupport, Reason, TlsMode
from tests.whole.conftest import Bench, OpenBench, fail
from tests.whole.test_real_world import only, real

TLS = {
    TlsMode.NO: "off",
    TlsMode.PREFERRED: "on",
    TlsMode.REQUIRED: "require",
    TlsMode.PREFERRED_VERIFY: "on_verify",
    TlsMode.REQUIRED_VERIFY: "require_verify",
    TlsMode.REQUIRED_VERIFY_HOSTED: "require_verify_hosted",
}
HELD_AGAINST = [
    choice
    for choice in CHOICES
    if choice.mta_sts is MtaStsSupport.ON
    and (choice.dane is DaneMode.NONE or choice.tls is TlsMode.PREFERRED)
    and choice.tls is not TlsMode.NO
]

R = Reason
IN_ORDER = {
    "domain.com",
    "hosted.example",
    "dane.example",
    "dane-ta.example",
    "dane-rollover.example",
    "dane-alias.example",
}
UNKNOWN = {"servfail.example": (R.DNS_SERVFAIL,)}
TO_BE_MENDED = {
    "unreachable.example": (R.STS_FETCH_ERROR,),
    "testing.example": (R.STS_TESTING, R.CERTIFICATE_HOST_MISMATCH),
    "invalid-policy.example": (R.STS_POLICY_INVALID,),
    "two-records.example": (R.STS_SEVERAL_RECORDS,),
    "unlisted.example": (R.STS_MX_NOT_LISTED,),
    "redirect.example": (R.STS_FETCH_ERROR,),
    "wrong-certificate.example": (R.STS_WEBPKI_INVALID,),
    "media-type.example": (R.STS_FETCH_ERROR,),
    "large-policy.example": (R.STS_FETCH_ERROR,),
    "slow-policy.example": (R.STS_FETCH_ERROR,),
    "expired.example": (R.CERTIFICATE_EXPIRED,),
    "not-yet-valid.example": (R.CERTIFICATE_NOT_YET_VALID,),
    "untrusted-ca.example": (R.CERTIFICATE_NOT_TRUSTED,),
    "missing-intermediate.example": (R.CERTIFICATE_NOT_TRUSTED,),
    "self-signed.example": (R.CERTIFICATE_SELF_SIGNED,),
    "common-name.example": (R.CERTIFICATE_HOST_MISMATCH,),
    "no-starttls.example": (R.STARTTLS_NOT_SUPPORTED,),
    "starttls-refused.example": (R.STARTTLS_REFUSED,),
    "injected.example": (R.STARTTLS_INJECTION,),
    "cut-handshake.example": (R.DISCONNECTED,),
    "client-certificate.example": (R.HANDSHAKE_FAILED,),
    "client-certificate-tls12.example": (R.HANDSHAKE_FAILED,),
    "equal-mx.example": (R.STS_NO_RECORD, R.REFUSED),
    "unequal-mx.example": (R.STS_NO_RECORD, R.REFUSED),
    "down.example": (R.STS_NO_RECORD, R.REFUSED),
    "null-mx.example": (R.NULL_MX,),
    "nxdomain.example": (R.DNS_NXDOMAIN,),
    "dane-mismatch.example": (R.STS_NO_RECORD, R.TLSA_INVALID),
    "dane-unusable.example": (R.STS_NO_RECORD, R.TLSA_UNUSABLE),
    "dane-insecure-mx.example": (R.STS_NO_RECORD, R.DANE_MX_INSECURE),
    "dane-servfail.example": (R.STS_NO_RECORD, R.DNSSEC_INVALID),
    "bogus-expired.example": (R.STS_NO_RECORD, R.DNSSEC_EXPIRED),
    "bogus-ds.example": (R.STS_NO_RECORD, R.DNSSEC_DS_MISMATCH),
    "bogus-stripped.example": (R.STS_NO_RECORD, R.DNSSEC_NO_SIGNATURE),
    "dane-before-sts.example": (R.STS_MX_NOT_LISTED,),
    "dane-fails-sts-passes.example": (R.TLSA_INVALID,),
    **dict.fromkeys(
        (
            "plain.example",
            "client.example.com",
            "refuses.example",
            "half.example",
            "defers.example",
            "ipv6.example",
            "dane-insecure-address.example",
        ),
        (R.STS_NO_RECORD,),
    ),
}
BY_OPENSSL = {"tls11.example"}
"""How a handshake with TLS 1.1 fails is told by the library in words of its own."""

MENDED = (
    ("domain.com", "no-txt", Reason.STS_NO_RECORD),
    ("domain.com", "two-txt", Reason.STS_SEVERAL_RECORDS),
    ("domain.com", "policy-refused", Reason.STS_FETCH_ERROR),
    ("domain.com", "policy-mx", Reason.STS_MX_NOT_LISTED),
    ("domain.com", "expired-certificate", Reason.CERTIFICATE_EXPIRED),
    ("domain.com", "wrong-certificate", Reason.CERTIFICATE_HOST_MISMATCH),
    ("domain.com", "untrusted-ca", Reason.CERTIFICATE_NOT_TRUSTED),
    ("domain.com", "mx-down", Reason.REFUSED),
    ("dane.example", "tlsa-mismatch", Reason.TLSA_INVALID),
    ("dane.example", "dnssec-expired", Reason.DNSSEC_EXPIRED),
)
"""Faults of the lab, and what `check` finds of each."""

DEBUG = {"mail_logs": {"log_level": "debug"}}
SILENT = {"client-certificate.example"}
"""Hosts that hang up after a good handshake: the story has no reason for that."""

SLOW = {"dns-timeout.example"}
"""Every attempt waits for name servers that never answer."""


@dataclass(frozen=True)
class Seen:
    """What became of a message, by the engine's story of its first attempt."""

    fate: Fate
    peer: str = ""
    reasons: frozenset[Reason] = frozenset()


def domains_of(box: Bench) -> list[str]:
    return [domain.name for domain in box.station.spec.domains if domain.name not in SLOW]


async def surveys_of(box: Bench) -> dict[str, Survey]:
    """What there is to be seen of each domain of the lab."""
    parts = (await box.station.appliance.network()).parts
    config = box.session.staged.config
    return {
        domain: await survey(parts, Destination.of(config, domain)) for domain in domains_of(box)
    }


def problems_of(surveyed: Survey) -> tuple[Reason, ...]:
    found = findings_of(surveyed)
    return tuple(each.reason for each in found if each.weight is Weight.PROBLEM)


@dataclass
class Engine:
    """Sends to every domain of the lab, and reads its stories."""

    box: Bench
    judged: dict[Dcid, Judged] = field(default_factory=dict)
    """The verdict on each connection: one that is kept is not judged again."""

    async def send(self, choice: Choice) -> dict[str, Seen]:
        """What becomes of a message under this choice, by domain."""
        box = self.box
        domains = domains_of(box)
        entry = {
            "table_tls": TLS[choice.tls],
            "dane": choice.dane.name.lower(),
            "mta_sts": choice.mta_sts.name.lower(),
        }
        staged = box.session.staged
        entries = dict.fromkeys(domains, entry)
        staged.stage(with_words(staged.config, {"destconfig": entries, "logconfig": DEBUG}))
        await box.type("commit", "", "n")
        to = ",".join(f"user@{domain}" for domain in domains)
        accepted = await box.type(f"lab send to={to}")
        network = await box.station.appliance.network()
        stories = network.parts.stories.of(Mid(int(accepted.split()[3])))
        return {story.domain: self.seen_of(story) for story in stories}

    def seen_of(self, story: Story) -> Seen:
        steps = story.steps
        self.judged |= {step.dcid: step for step in steps if isinstance(step, Judged)}
        match steps[-1]:
            case Sent(dcid):
                return self.sent_over(dcid, steps)
            case NoHosts(why):
                fate = Fate.BOUNCED if why.permanent else Fate.HELD
                return Seen(fate, reasons=frozenset({why.reason}))
            case _:
                return Seen(Fate.HELD, reasons=frozenset(refusals(steps)))

    def sent_over(self, dcid: Dcid, steps: list[Step]) -> Seen:
        judged = self.judged.get(dcid)
        if judged is None or judged.verdict.course is not Course.SEND:
            return Seen(Fate.CLEAR)
        chosen = [step.requirement for step in steps if isinstance(step, HostChosen)]
        peer = judged.verdict.peer
        is_verified = bool(peer or chosen[-1].checks)
        return Seen(Fate.VERIFIED if is_verified else Fate.ENCRYPTED, peer)


def refusals(steps: list[Step]) -> Iterator[Reason]:
    for step in steps:
        match step:
            case HostSkipped(_, refusal):
                yield refusal.reason
            case Unreached(failed=failed):
                yield failed.reason
            case Judged(verdict=verdict) if verdict.course is Course.REFUSE:
                yield verdict.reasons[-1]


def foreseen(answer: Forecast) -> Seen:
    """A forecast in the same words."""
    is_kept = answer.fate in {Fate.HELD, Fate.BOUNCED}
    return Seen(answer.fate, answer.peer, frozenset(answer.reasons if is_kept else ()))


@pytest.mark.requirement("AOS-20")
@pytest.mark.requirement("AOS-25")
async def test_the_forecast_is_what_the_engine_does(bench: OpenBench) -> None:
    async with bench() as box:
        surveys = await surveys_of(box)
        engine = Engine(box)
        for choice in HELD_AGAINST:
            seen = await engine.send(choice)
            assert set(seen) == set(surveys)
            for domain, surveyed in surveys.items():
                expected = foreseen(forecast(surveyed, choice))
                if domain in SILENT:
                    expected = replace(expected, reasons=seen[domain].reasons)
                assert (choice, domain, seen[domain]) == (choice, domain, expected)


async def test_what_is_found_of_every_domain(bench: OpenBench) -> None:
    async with bench() as box:
        surveys = await surveys_of(box)
        for domain in BY_OPENSSL:
            assert standing_of(surveys.pop(domain)) is Standing.TO_BE_MENDED
        problems = {domain: problems_of(each) for domain, each in surveys.items()}
        standings = {domain: standing_of(each) for domain, each in surveys.items()}
        assert problems == TO_BE_MENDED | UNKNOWN | dict.fromkeys(IN_ORDER, ())
        assert standings == {
            **dict.fromkeys(IN_ORDER, Standing.IN_ORDER),
            **dict.fromkeys(TO_BE_MENDED, Standing.TO_BE_MENDED),
            **dict.fromkeys(UNKNOWN, Standing.UNKNOWN),
        }
        cures = {each.cure for surveyed in surveys.values() for each in findings_of(surveyed)}
        assert all(cure.startswith("For ") and cure.endswith(".") for cure in cures)


async def test_before_and_after_mending(bench: OpenBench) -> None:
    async with bench() as box:
        for domain, fault, reason in MENDED:
            await box.type(f"lab break {domain} {fault}")
            broken = await looked_at(box, domain)
            assert (fault, standing_of(broken)) == (fault, Standing.TO_BE_MENDED)
            assert reason in problems_of(broken), fault
            await box.type(f"lab mend {domain}")
            mended = await looked_at(box, domain)
            assert (fault, standing_of(mended)) == (fault, Standing.IN_ORDER)


async def looked_at(box: Bench, domain: str) -> Survey:
    """As the program looks: by an engine of its own, that remembers nothing."""
    destination = Destination.of(box.session.staged.config, domain)
    return await look(box.station, destination, fail)


async def test_a_route_of_the_appliance_is_told_of(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("smtproutes new domain.com mx1.mail123.domain.com")
        surveyed = await looked_at(box, "domain.com")
        assert problems_of(surveyed) == (Reason.MTA_STS_ROUTE,)
        by_route = forecast(surveyed, HELD_AGAINST[0])
        assert (by_route.fate, by_route.reasons) == (Fate.ENCRYPTED, (Reason.MTA_STS_ROUTE,))


async def test_in_the_real_world(tmp_path: Path) -> None:
    """Every address of which leads to a lab here."""
    async with real(tmp_path, only(allow_private=True)) as box:
        config = box.station.appliance.config
        surveyed = await look(box.station, Destination.of(config, "domain.com"), fail)
        assert standing_of(surveyed) is Standing.IN_ORDER
    async with real(tmp_path / "public", only()) as box:
        surveyed = await look(box.station, Destination.of(config, "domain.com"), fail)
        assert problems_of(surveyed) == (Reason.STS_FETCH_ERROR,)
        assert surveyed.cause == "the address of the policy host is not public"


async def test_an_address_that_cannot_be_reached_beside_one_that_can(bench: OpenBench) -> None:
    name, far = "mx1.mail123.domain.com", "2001:db8::99"
    async with bench(hosts={name: {"addresses": ["10.1.1.3", far]}}) as box:
        surveyed = await looked_at(box, "domain.com")
        assert len(surveyed.shown) == 2
        lost = {call: Failed(Reason.UNREACHABLE) for call in surveyed.shown if call.address == far}
        one = replace(surveyed, shown={**surveyed.shown, **lost})
        assert standing_of(one) is Standing.IN_ORDER
        weights = {each.reason: each.weight for each in findings_of(one)}
        assert weights[Reason.UNREACHABLE] is Weight.NOTE
        both = replace(one, shown=dict.fromkeys(one.shown, Failed(Reason.UNREACHABLE)))
        assert problems_of(both) == (Reason.UNREACHABLE, Reason.UNREACHABLE)


async def test_records_in_a_zone_that_is_not_signed_are_to_be_mended(bench: OpenBench) -> None:
    async with bench() as box:
        surveyed = await looked_at(box, "domain.com")
        hosts = tuple(
            replace(host, tlsa=NoTlsa(Reason.TLSA_INSECURE)) for host in listed(surveyed.validated)
        )
        assert problems_of(replace(surveyed, validated=hosts)) == (Reason.TLSA_INSECURE,)

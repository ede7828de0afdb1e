"""`check` foresees what the engine does: every domain of the lab under every TLS setting.

The forecast is made of a survey; the engine's own story of a delivery is the other side.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

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
from seg_cli.delivery.survey import survey
from seg_cli.policy.verdict import Course
from seg_cli.terms import DaneMode, Dcid, Mid, MtaStsSupport, Reason, TlsMode
from tests.whole.conftest import Bench, OpenBench

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
        network = await box.station.appliance.network()
        config, parts = box.session.staged.config, network.parts
        surveys = {
            domain: await survey(parts, Destination.of(config, domain))
            for domain in domains_of(box)
        }
        engine = Engine(box)
        for choice in HELD_AGAINST:
            seen = await engine.send(choice)
            assert set(seen) == set(surveys)
            for domain, surveyed in surveys.items():
                expected = foreseen(forecast(surveyed, choice))
                if domain in SILENT:
                    expected = replace(expected, reasons=seen[domain].reasons)
                assert (choice, domain, seen[domain]) == (choice, domain, expected)

"""`tlsverify`, `lab explain` and mail_logs say the same of every mail host of every lab domain."""

import pytest

from seg_cli.config.codec.words import with_words
from seg_cli.delivery.story import Judged, Sent, Unreached
from seg_cli.policy.verdict import Course
from seg_cli.terms import Mid, Reason
from tests.whole.conftest import Bench, OpenBench

DEFAULT = {"destconfig": {"DEFAULT": {"table_tls": "require_verify"}}}
DANE = {"destconfig": {"DEFAULT": {"table_tls": "require", "dane": "mandatory"}}}


async def test_for_every_domain_of_the_lab(bench: OpenBench) -> None:
    async with bench() as box:
        staged = box.session.staged
        staged.stage(with_words(staged.config, DEFAULT))
        await box.type("commit", "", "n")
        judged = 0
        for domain in box.station.spec.domains:
            accepted = await box.type(f"lab send to=user@{domain.name}")
            judged += await agree(box, domain.name, Mid(int(accepted.split()[3])))
        assert judged > len(box.station.spec.domains) / 2


@pytest.mark.requirement("AOS-33")
async def test_about_dane_for_every_domain_of_the_lab(bench: OpenBench) -> None:
    """`daneverify` says what DANE Mandatory does with a message, and `lab explain` says why."""
    async with bench() as box:
        staged = box.session.staged
        staged.stage(with_words(staged.config, DANE))
        await box.type("commit", "", "n")
        delivered = 0
        for domain in box.station.spec.domains:
            accepted = await box.type(f"lab send to=user@{domain.name}")
            mid = Mid(int(accepted.split()[3]))
            done = f"Message finished MID {mid} done" in box.log()
            verified = await box.type(f"daneverify {domain.name}")
            explained = await box.type(f"lab explain {mid}")
            secured = f"DANE SUCCESS for {domain.name}\n" in verified
            assert ("matches its TLSA records" in explained) >= secured, domain.name
            if Reason.NULL_MX.value not in explained and Reason.DNS_NXDOMAIN.value not in explained:
                assert done is secured, (domain.name, verified, explained)
            delivered += secured
        assert delivered >= 5


async def agree(box: Bench, domain: str, mid: Mid) -> int:
    """Hold the three against each other, host by host; how many hosts were judged."""
    network = await box.station.appliance.network()
    explained = await box.type(f"lab explain {mid}")
    log = box.log()
    judged = 0
    host = ""
    for story in network.parts.stories.of(mid):
        for step in story.steps:
            match step:
                case Judged():
                    judged += 1
                    await agree_on_tls(box, (domain, step.address), step, explained)
                case Unreached(dcid, address):
                    line = f"Connection Error: DCID {dcid} domain: {domain} IP: {address}"
                    assert any(line in text for text in log), (host, line)
                    probed = await box.type(f"tlsverify {domain} {address}")
                    assert f"Failed to connect to {address} on port 25: " in probed
                case Sent(dcid):
                    assert any(f"Delivery start DCID {dcid} " in line for line in log)
    return judged


async def agree_on_tls(box: Bench, where: tuple[str, str], step: Judged, explained: str) -> None:
    domain, address = where
    probed = await box.type(f"tlsverify {domain} {address}")
    log = [line for line in box.log() if f"DCID {step.dcid} " in line]
    delivered = step.verdict.course is Course.SEND
    assert any("TLS success" in line for line in log) is delivered
    assert any("TLS was required" in line for line in log) is not delivered
    assert ("TLS successfully connected to" in probed) is delivered, probed
    if delivered:
        assert step.verdict.peer in explained
        assert step.verdict.peer.rpartition("=")[2] in probed
        return
    reason = step.verdict.reasons[-1]
    assert reason.value in explained
    if reason is Reason.CERTIFICATE_HOST_MISMATCH:
        assert f"TLS certificate does not match {domain}." in probed
    elif reason is not Reason.STARTTLS_NOT_SUPPORTED:
        assert step.verdict.why in probed

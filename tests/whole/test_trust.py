"""Whom the appliance believes, as committed: mail hosts, policy hosts, kept connections."""

import pytest

from tests.whole.conftest import Bench, OpenBench, entry

UNKNOWN_ISSUER = "verify error: unable to get local issuer certificate"
FETCH_ERROR = "An error occurred while fetching the MTA-STS policy for the domain"
DONE = "Message done DCID 834833 MID 5444 to RID [0] "


async def commit(box: Bench) -> None:
    await box.type("commit", "trust", "")


async def believe(box: Bench, *typed: str) -> None:
    await box.type("certconfig", "certauthority", *typed, "", "", "")
    await commit(box)


@pytest.mark.requirement("AOS-08")
async def test_without_the_system_list_neither_host_nor_policy_host_is_believed(
    bench: OpenBench,
) -> None:
    async with bench() as box:
        await box.type("destconfig", *entry("domain.com", tls="6"))
        await believe(box, "system", "disable")
        await box.type("lab send to=user@domain.com")
        log = box.log()
        assert f"{FETCH_ERROR} (domain.com)." in log
        assert any(UNKNOWN_ISSUER in line for line in log)
        assert DONE not in log


async def test_a_custom_list_counts_from_its_commit_on(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("destconfig", *entry("untrusted-ca.example", tls="6", mta_sts=""))
        await commit(box)
        await box.type("lab send to=user@untrusted-ca.example")
        assert any(UNKNOWN_ISSUER in line for line in box.log())
        await box.type("lab certificates")
        await box.type(
            "certconfig", "certauthority", "custom", "enable", "import", "private.pem", "", "", ""
        )
        await box.type("lab advance 60s")
        assert not any("Message finished MID 5444 done" in line for line in box.log())
        await commit(box)
        await box.type("lab advance 10m")
        assert "Message finished MID 5444 done" in box.log()


async def test_a_kept_connection_of_former_credentials_serves_no_more_mail(
    bench: OpenBench,
) -> None:
    async with bench() as box:
        await box.type("destconfig", *entry("domain.com", tls="6"))
        await commit(box)
        await box.type("lab send to=user@domain.com")
        await box.type("lab send to=user@domain.com")
        assert sum(line.startswith("New SMTP DCID") for line in box.log()) == 1
        await believe(box, "system", "disable")
        await box.type("lab send to=user@domain.com")
        assert any(f"DCID 834834 TLS deferring: {UNKNOWN_ISSUER}" in line for line in box.log())


async def test_the_system_list_is_the_lab_s_root(bench: OpenBench) -> None:
    async with bench() as box:
        shown = await box.type(
            "certconfig", "certauthority", "system", "print", "export", "system.pem", "", "", ""
        )
        assert "\n1. CN=Lab root CA (expires " in shown
        await box.type("lab certificates")
        store = box.station.appliance.store
        assert store.read_file("system.pem") == store.read_file("root.pem")


async def test_lab_certificates_takes_no_words(bench: OpenBench) -> None:
    async with bench() as box:
        shown = await box.type("lab certificates x")
        assert shown == "Invalid arguments when processing lab: certificates x\n"

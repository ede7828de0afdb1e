"""tlsverify: a real handshake with a mail host of the lab, judged by the Verify rules."""

import pytest

from seg_cli.shell.loop import Status
from tests.whole.conftest import OpenBench, entry


@pytest.mark.requirement("AOS-34")
async def test_a_certificate_for_the_domain_is_verified(bench: OpenBench) -> None:
    async with bench() as box:
        shown = await box.type("tlsverify", "mx1.mail123.domain.com", "")
    assert shown.partition("\n\nConnecting")[2] == (
        " to 10.1.1.3 on port 25.\n"
        "Connected to 10.1.1.3 from interface 10.1.1.2.\n"
        "Checking TLS connection.\n"
        "TLS connection established: protocol TLSv1.3, cipher TLS_AES_256_GCM_SHA384.\n"
        "Verifying peer certificate.\n"
        "Verifying certificate common name *.mail123.domain.com.\n"
        "TLS certificate match *.mail123.domain.com\n"
        "TLS certificate verified.\n"
        "TLS connection to 10.1.1.3 succeeded.\n"
        "\n"
        "TLS successfully connected to mx1.mail123.domain.com.\n"
        "TLS verification completed.\n"
    )


@pytest.mark.requirement("AOS-34")
async def test_hosted_verify_is_never_applied(bench: OpenBench) -> None:
    """Setting 6 delivers to this domain, whose certificate names the provider's hosts only."""
    host = "hosted-example.mail.provider.example"
    async with bench() as box:
        await box.type("destconfig", *entry("hosted.example", tls="6", mta_sts="n"))
        await box.type("commit", "", "n")
        shown = await box.type(f"tlsverify hosted.example {host}")
        await box.type("lab send to=user@hosted.example")
        assert any("TLS success" in line for line in box.log())
    assert "TLS certificate does not match hosted.example.\n" in shown
    assert f"\nFailed to connect to {host}.\nTLS verification completed.\n" in shown


async def test_nobody_there(bench: OpenBench) -> None:
    async with bench() as box:
        refused = await box.type("tlsverify domain.com 10.1.1.3:26")
        unknown = await box.type("tlsverify domain.com nope.example")
    assert "Failed to connect to 10.1.1.3 on port 26: " in refused
    assert "Failed to look up nope.example: no address.\n" in unknown


@pytest.mark.parametrize(
    "line",
    [
        "tlsverify x",
        "tlsverify a b c",
        "tlsverify d.com h:0",
        "tlsverify d.com h:x",
        "tlsverify - h",
    ],
)
async def test_lines_that_make_no_sense(bench: OpenBench, line: str) -> None:
    async with bench() as box:
        shown = await box.type(line)
        assert shown.startswith("Invalid arguments when processing tlsverify: ")
        assert box.status is Status.FAILED

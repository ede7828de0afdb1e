"""daneverify: the look-ups and the handshake of DANE with the hosts of a lab domain."""

import pytest

from tests.whole.conftest import OpenBench

ESTABLISHED = "TLS connection established: protocol TLSv1.3, cipher TLS_AES_256_GCM_SHA384.\n"


def looked_up(domain: str, host: str, address: str, mx: str = "SECURE") -> str:
    proceed = f"{mx} MX record({host}) found. The command will still proceed.\n"
    return (
        f"{mx} MX record({host}) found for {domain}\n"
        f"{proceed if mx == 'INSECURE' else ''}"
        f"SECURE A record ({address}) found for MX({host}) in {domain}\n"
        f"Connecting to {address} on port 25.\n"
        f"Connected to {address} from interface 10.1.1.2.\n"
    )


def secure(domain: str, host: str, address: str, mx: str = "SECURE") -> str:
    """All that comes before the verdict on the certificate."""
    found = f"SECURE TLSA record found for MX({host}) in {domain}\n"
    return f"{looked_up(domain, host, address, mx)}{found}Checking TLS connection.\n{ESTABLISHED}"


def ended(domain: str, outcome: str) -> str:
    return f"DANE {outcome} for {domain}\nDANE verification completed.\n"


def succeeds(domain: str) -> str:
    return (
        f"Certificate verification successful\nTLS connection succeeded {domain}.\n"
        f"{ended(domain, 'SUCCESS')}"
    )


UNMATCHED = "Certificate verification failed: no TLSA record matches the certificate.\n"
INSECURE = "dane-insecure-mx.example"
PLAIN = "plain.example"


@pytest.mark.requirement("AOS-33")
@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        pytest.param(
            "dane.example",
            secure("dane.example", "mx.dane.example", "192.0.2.140") + succeeds("dane.example"),
            id="good",
        ),
        pytest.param(
            "dane-ta.example",
            secure("dane-ta.example", "mx.dane-ta.example", "192.0.2.141")
            + succeeds("dane-ta.example"),
            id="by an authority",
        ),
        pytest.param(
            "dane-mismatch.example",
            secure("dane-mismatch.example", "mx.dane-mismatch.example", "192.0.2.142")
            + UNMATCHED
            + ended("dane-mismatch.example", "FAILED"),
            id="a mismatch",
        ),
        pytest.param(
            INSECURE,
            secure(INSECURE, "mx.signed-host.example", "192.0.2.145", mx="INSECURE")
            + f"Certificate verification successful\nTLS connection succeeded {INSECURE}.\n"
            + ended(INSECURE, "FAILED"),
            id="insecure MX records",
        ),
        pytest.param(
            "dane-insecure-address.example",
            "SECURE MX record(mx.unsigned-host.example) found for dane-insecure-address.example\n"
            "INSECURE A record (192.0.2.146) found for MX(mx.unsigned-host.example) "
            "in dane-insecure-address.example\n" + ended("dane-insecure-address.example", "FAILED"),
            id="an insecure address",
            marks=pytest.mark.requirement("DANE-10"),
        ),
        pytest.param(
            "dane-unusable.example",
            looked_up("dane-unusable.example", "mx.dane-unusable.example", "192.0.2.144")
            + "SECURE TLSA record found for MX(mx.dane-unusable.example) in dane-unusable.example\n"
            "There is no usable TLSA record to verify the certificate against.\n"
            + ended("dane-unusable.example", "FAILED"),
            id="no usable record",
        ),
        pytest.param(
            "dane-servfail.example",
            looked_up("dane-servfail.example", "mx.dane-servfail.example", "192.0.2.148")
            + "BOGUS TLSA record found for MX(mx.dane-servfail.example) in dane-servfail.example\n"
            + ended("dane-servfail.example", "FAILED"),
            id="a failed look-up",
        ),
        pytest.param(
            "bogus-expired.example",
            "BOGUS MX record found for bogus-expired.example\n"
            + ended("bogus-expired.example", "FAILED"),
            id="bogus",
        ),
        pytest.param(
            "nxdomain.example",
            "No MX record found for nxdomain.example: "
            "DNS Hard Error looking up nxdomain.example (MX):  NXDomain.\n"
            + ended("nxdomain.example", "FAILED"),
            id="no such domain",
        ),
    ],
)
async def test_each_domain(bench: OpenBench, domain: str, expected: str) -> None:
    async with bench() as box:
        assert await box.type(f"daneverify {domain}") == expected


@pytest.mark.requirement("AOS-33")
@pytest.mark.requirement("DANE-19")
async def test_without_a_resolver_that_knows_dnssec_nothing_succeeds(bench: OpenBench) -> None:
    async with bench(appliance={"resolving": "unaware"}) as box:
        shown = await box.type("daneverify", "dane.example")
    assert "\nDANE FAILED for dane.example\nDANE verification completed.\n" in shown


@pytest.mark.requirement("DNS-02")
async def test_a_resolver_that_validates_is_believed(bench: OpenBench) -> None:
    async with bench(appliance={"resolving": "validating"}) as box:
        shown = await box.type("daneverify dane.example")
        bogus = await box.type("daneverify bogus-ds.example")
        asked = [question.rdtype for question in (await box.seen()).questions]
    assert "DANE SUCCESS for dane.example" in shown
    assert "DANE FAILED for bogus-ds.example" in bogus
    assert "DNSKEY" not in asked


async def test_a_host_that_is_down_leaves_it_to_the_next(bench: OpenBench) -> None:
    down = {"domains": {"dane.example": {"mx": ["5 mx.down.dane.example", "10 mx.dane.example"]}}}
    async with bench(**down) as box:
        shown = await box.type("daneverify dane.example")
    assert "\nTrying next MX record in dane.example\n" in shown
    assert "DANE SUCCESS for dane.example" in shown


@pytest.mark.parametrize("line", ["daneverify a b", "daneverify -"])
async def test_a_line_that_is_wrong(bench: OpenBench, line: str) -> None:
    async with bench() as box:
        assert "Invalid arguments when processing daneverify: " in await box.type(line)

"""The certificate that mail hosts are shown when they ask: the one of `destconfig > SETUP`."""

from pathlib import Path

import pytest

from seg_cli.standards.identities import key_pem, read_certificates, read_key
from tests.whole.conftest import Bench, OpenBench

TLS_1_3, TLS_1_2 = "client-certificate.example", "client-certificate-tls12.example"
MESSAGE_DONE = "Message done DCID 834833 MID 5444 to RID [0] "


async def show(box: Bench, folder: Path, name: str) -> None:
    """Paste a certificate of the lab's authority, and apply it to all destinations."""
    await box.station.lab()  # it writes them
    text = (folder / "appliance" / "lab" / f"{name}.pem").read_text()
    leaf, *above = (certificate.pem for certificate in read_certificates(text))
    key = key_pem(read_key(text))
    paste = [*leaf.splitlines(), ".", *key.splitlines(), "."]
    for intermediate in above:
        paste += ["y", *intermediate.splitlines(), "."]
    await box.type("certconfig", "certificate", "paste", name, *paste, "", "", "")
    await box.type("destconfig", "setup", name, "", "")
    await box.type("commit", "a certificate to show", "")


async def sent(box: Bench, domain: str) -> str:
    """What the log tells of one message's connection."""
    await box.type(f"lab send to=user@{domain}")
    return "\n".join(line for line in box.log() if "DCID 834833" in line)


@pytest.mark.requirement("AOS-13")  # its certificate
@pytest.mark.requirement("TLS-08")
@pytest.mark.parametrize("domain", [TLS_1_3, TLS_1_2])
async def test_one_of_the_right_authority(bench: OpenBench, tmp_path: Path, domain: str) -> None:
    async with bench() as box:
        await show(box, tmp_path, "client")
        assert MESSAGE_DONE in await sent(box, domain)


@pytest.mark.parametrize(
    ("domain", "told"),
    [
        pytest.param(TLS_1_3, "details: tlsv1 alert unknown ca", id="behind the handshake"),
        pytest.param(TLS_1_2, "TLS failed: tlsv1 alert unknown ca", id="within the handshake"),
    ],
)
async def test_nobody_believes_the_demo_certificate(
    bench: OpenBench, domain: str, told: str
) -> None:
    async with bench() as box:
        log = await sent(box, domain)
        assert told in log
        assert MESSAGE_DONE not in log


@pytest.mark.parametrize("domain", [TLS_1_3, TLS_1_2])
async def test_one_that_has_expired(bench: OpenBench, tmp_path: Path, domain: str) -> None:
    async with bench() as box:
        await show(box, tmp_path, "client-expired")
        log = await sent(box, domain)
        assert "421 4.7.0 client certificate has expired" in log
        assert MESSAGE_DONE not in log


async def test_one_that_is_in_use_is_not_deleted(bench: OpenBench, tmp_path: Path) -> None:
    async with bench() as box:
        await show(box, tmp_path, "client")
        shown = await box.type("certconfig", "certificate", "print", "delete", "1", "", "")
        assert "Outbound SMTP  client" in shown
        assert '"client" is in use: Outbound SMTP.' in shown
        assert "client" in box.station.appliance.config.certificates.profiles

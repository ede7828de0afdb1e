"""showconfig: the committed configuration on the screen, and what becomes of passphrases."""

from dataclasses import replace

import pytest

from seg_cli.commands.showconfig import run
from seg_cli.config.certificates import CertificateProfile
from seg_cli.config.codec.xml_reader import from_xml, read_file
from seg_cli.config.passphrases import ENCRYPTED, PassphraseCipher
from seg_cli.config.updates import UpdateSettings
from seg_cli.dialogue.console import MORE, Console
from seg_cli.dialogue.memory import MemoryTeletype
from seg_cli.errors import BadFile
from seg_cli.shell.command import Arguments
from seg_cli.shell.loop import Status
from tests.commands.conftest import Desk
from tests.commands.entries import FULL, stage
from tests.commands.scripts import answers, screen

OPTION = """\
Choose the passphrase option:
1. Mask passphrases (Files with masked passphrases cannot be loaded using loadconfig command)
2. Encrypt passphrases
3. Plain passphrases
[1]> """

OPENING = """
<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE config SYSTEM "config.dtd">
<!--
  Product: Cisco C100V Email Security Virtual Appliance
  Model Number: C100V
  Version: 16.0.3-025
  Serial Number: """

PROXY = "http://user:p%40ss&word@proxy.example.com:3128"
KEY = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----"


async def with_secrets(desk: Desk) -> None:
    config = replace(
        desk.staged,
        updates=UpdateSettings(https_proxy=PROXY),
        certificates=desk.staged.certificates.with_profile(
            CertificateProfile("partner.com", CERTIFICATE, KEY)
        ),
    )
    desk.session.staged.stage(config)
    await desk.type("commit -y")


def document(shown: str) -> bytes:
    """The file that was shown, after the question."""
    return shown[shown.index("<?xml") :].encode("iso-8859-1")


async def test_the_committed_configuration_is_shown(desk: Desk) -> None:
    stage(desk, FULL)
    await desk.type("commit -y")
    await desk.type("smtproutes new ALL USEDNS")
    shown = await desk.type("showconfig", *answers(f"{OPTION}<Enter>"))
    assert shown.startswith(screen(f"{OPTION}<Enter>\n{OPENING}"))
    assert "  Current Time: Thu Sep 26 15:23:39 2024\n" in shown
    assert shown.endswith("</config>\n")
    assert from_xml(document(shown)) == desk.committed


@pytest.mark.parametrize("answer", ["", "1", "mask"])
async def test_passphrases_are_masked(desk: Desk, answer: str) -> None:
    await with_secrets(desk)
    shown = await desk.type("showconfig", answer)
    assert "<https_proxy_server>http://user:*****@proxy.example.com:3128<" in shown
    assert "<key>*****</key>" in shown
    assert "PRIVATE" not in shown
    with pytest.raises(BadFile, match="are masked: it cannot be loaded"):
        read_file(document(shown), reveal=PassphraseCipher(desk.appliance.directory).decrypt)


async def test_encrypted_passphrases_are_read_by_the_same_appliance_only(desk: Desk) -> None:
    await with_secrets(desk)
    shown = await desk.type("showconfig 2")
    assert f"<https_proxy_server>http://user:{ENCRYPTED}" in shown
    assert f"<key>{ENCRYPTED}" in shown
    assert "PRIVATE" not in shown
    assert shown != await desk.type("showconfig 2")
    here = desk.appliance.directory
    read = read_file(document(shown), reveal=PassphraseCipher(here).decrypt)
    assert read.config == desk.committed
    (here / "other").mkdir()
    with pytest.raises(BadFile, match="were encrypted elsewhere"):
        read_file(document(shown), reveal=PassphraseCipher(here / "other").decrypt)


async def test_plain_passphrases(desk: Desk) -> None:
    await with_secrets(desk)
    shown = await desk.type("showconfig 3")
    assert f"<key>{KEY}</key>" in shown
    assert from_xml(document(shown)) == desk.committed
    cipher = PassphraseCipher(desk.appliance.directory)
    assert read_file(document(shown), reveal=cipher.decrypt).config == desk.committed


async def test_a_low_screen_is_paged(desk: Desk) -> None:
    lines = (await desk.type("showconfig 1")).count("\n")
    teletype = MemoryTeletype("1", *[" "] * lines, rows=25)
    desk.session.console = Console(teletype)
    await run(desk.session, Arguments())
    assert teletype.output.count(MORE) == (lines - 1) // 24 > 0


@pytest.mark.parametrize("typed", ["4", "0", "x", "2 3", "9" * 5000, "\x1b[2J"])
async def test_another_option_is_asked_for_again(desk: Desk, typed: str) -> None:
    shown = await desk.type("showconfig", typed, "1")
    assert f"[1]> {typed}\n\nThat value is not valid.\n\n{OPTION}1\n" in shown


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("showconfig 4", "passphrases: That value is not valid."),
        ("showconfig 1 2", "too many arguments"),
    ],
)
async def test_a_line_that_is_refused(desk: Desk, line: str, sentence: str) -> None:
    shown = await desk.type(line)
    assert shown == f"Invalid arguments when processing showconfig: {sentence}\n"
    assert desk.status is Status.FAILED

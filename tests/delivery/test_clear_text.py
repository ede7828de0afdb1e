"""A host that hangs up on STARTTLS before its 220: clear text, where the setting allows it."""

import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from seg_cli.config.tree import Config
from seg_cli.smtp.profile import Say, Scripted, ServerProfile, Then, TlsOffer
from seg_cli.smtp.replies import Reply
from seg_cli.terms import TlsMode
from tests.delivery.post import Configure, Host, post

GOODBYES = [
    pytest.param(Reply.parse("421 4.3.2 closing"), "STARTTLS unexpected response", id="421"),
    pytest.param(Scripted(then=Then.CLOSE), "EOF", id="not a word"),
]


def hanging_up(goodbye: Say) -> Host:
    offer = TlsOffer(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    return Host(profile=ServerProfile("mx", tls=offer, starttls=goodbye))


def by(setting: TlsMode) -> Configure:
    def change(config: Config) -> Config:
        table = config.destinations
        return replace(
            config, destinations=replace(table, default=replace(table.default, tls=setting))
        )

    return change


@pytest.mark.requirement("AOS-02")
@pytest.mark.requirement("AOS-04")
@pytest.mark.requirement("TLS-03")
@pytest.mark.parametrize("setting", [TlsMode.PREFERRED, TlsMode.PREFERRED_VERIFY])
@pytest.mark.parametrize(("goodbye", "why"), GOODBYES)
async def test_a_preferring_setting_delivers_over_a_new_connection(
    tmp_path: Path, setting: TlsMode, goodbye: Say, why: str
) -> None:
    async with post(tmp_path, {"mx1": hanging_up(goodbye)}, by(setting)) as box:
        await box.deliver("a@domain.com")
        assert box.received("mx1") == [("a@domain.com",)]
        about = [line for line in box.lines if "DCID" in line]
        assert about[1:4] == [
            f"DCID 1 TLS failed: {why}",
            "DCID 1 close",
            "New SMTP DCID 2 interface 10.1.1.2 address 192.0.2.1 port 25",
        ]


@pytest.mark.requirement("AOS-03")
@pytest.mark.parametrize(("goodbye", "why"), GOODBYES)
async def test_a_requiring_setting_does_not(tmp_path: Path, goodbye: Say, why: str) -> None:
    hosts = {"mx1": hanging_up(goodbye)}
    async with post(tmp_path, hosts, by(TlsMode.REQUIRED)) as box:
        await box.deliver("a@domain.com")
        assert box.received("mx1") == []
        about = [line for line in box.lines if "DCID 1 TLS" in line]
        assert about == [
            f"DCID 1 TLS failed: {why}",
            "DCID 1 TLS was required but could not be successfully negotiated",
        ]

"""updateconfig and dnsflush: their dialogues to the letter."""

import pytest

from seg_cli.errors import Interrupted
from tests.commands.conftest import Desk
from tests.commands.scripts import answers, screen

PROXIES = """\
Proxy server: not enabled
HTTPS Proxy server: not enabled

Choose the operation you want to perform:
- SETUP - Edit update configuration.
[]> setup

Do you want to set up a proxy server for HTTP updates? [N]> <Enter>

Do you want to set up an HTTPS proxy server for HTTPS updates? [N]> y

Enter the HTTPS proxy server (Ex: "http://user:pass@proxy.example.com:3128"):
[]> http://user:secret@proxy.example.com:3128

Proxy server: not enabled
HTTPS Proxy server: http://user@proxy.example.com:3128

Choose the operation you want to perform:
- SETUP - Edit update configuration.
[]> <Enter>
"""


async def test_the_https_proxy_is_shown_without_its_password(desk: Desk) -> None:
    assert await desk.type("updateconfig", *answers(PROXIES)) == screen(PROXIES)
    updates = desk.staged.updates
    assert updates.http_proxy is None
    assert updates.https_proxy == "http://user:secret@proxy.example.com:3128"


async def test_enter_keeps_a_proxy_and_no_removes_it(desk: Desk) -> None:
    await desk.type("updateconfig", "setup", "y", "p.example:3128", "", "")
    shown = await desk.type("updateconfig", "setup", "", "", "", "setup", "n", "", "")
    assert "[p.example:3128]> \n" in shown
    assert shown.count("\nProxy server: http://p.example:3128\n") == 1
    assert not desk.session.staged.changed


SECRET_PROXY = "http://user:secret@proxy.example.com:3128"
MASKED_PROXY = "http://user:*****@proxy.example.com:3128"


@pytest.mark.parametrize("typed", ["", MASKED_PROXY])
async def test_the_password_of_a_proxy_is_masked_and_kept(desk: Desk, typed: str) -> None:
    await desk.type("updateconfig", "setup", "y", SECRET_PROXY, "", "")
    shown = await desk.type("updateconfig", "setup", "", typed, "", "")
    assert f"\n[{MASKED_PROXY}]> " in shown
    assert "secret" not in shown
    assert desk.staged.updates.http_proxy == SECRET_PROXY


@pytest.mark.parametrize("typed", ["http://user:*****@other.example:3128", "user:*****@p.example"])
async def test_a_mask_is_no_password_for_another_proxy(desk: Desk, typed: str) -> None:
    await desk.type("updateconfig", "setup", "y", SECRET_PROXY, "", "")
    shown = await desk.type("updateconfig", "setup", "", typed, "p.example", "", "")
    assert "The password is masked: type it, or press Enter to keep the proxy as it is." in shown
    assert desk.staged.updates.http_proxy == "p.example"


@pytest.mark.parametrize("typed", ["", "ftp://p.example", "p.example:0", "a b"])
async def test_a_refused_proxy_is_asked_for_again(desk: Desk, typed: str) -> None:
    shown = await desk.type("updateconfig", "setup", "y", typed, "p.example", "", "")
    assert shown.count("Enter the HTTP proxy server") == 2
    assert desk.staged.updates.http_proxy == "p.example"


@pytest.mark.parametrize(
    ("line", "typed"), [("logconfig", ["edit", "1"]), ("updateconfig", ["setup", "y"])]
)
async def test_ctrl_c_stages_nothing(desk: Desk, line: str, typed: list[str]) -> None:
    shown = await desk.type(line, *typed, Interrupted)
    assert shown.endswith("\n^C -- Changes not recorded.\n")
    assert not desk.session.staged.changed


async def test_no_to_dnsflush_needs_no_network(desk: Desk) -> None:
    shown = await desk.type("dnsflush", "")
    assert shown == "Are you sure you want to clear out the DNS cache? [N]> \n"

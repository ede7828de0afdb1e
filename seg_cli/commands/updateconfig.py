"""updateconfig: the proxies of the appliance's own HTTP and HTTPS requests.

The MTA-STS policy fetch goes through the HTTPS proxy where one is configured.
"""

from dataclasses import replace
from functools import partial

from seg_cli.config.passphrases import MASK, mask
from seg_cli.config.updates import UpdateSettings, parse_proxy, with_password
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Line
from seg_cli.dialogue.questions import Operation, YesNo
from seg_cli.errors import Invalid
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

HTTP_GUARD = "Do you want to set up a proxy server for HTTP updates?"
HTTPS_GUARD = "Do you want to set up an HTTPS proxy server for HTTPS updates?"
HTTP_PROXY = 'Enter the HTTP proxy server (Ex: "http://user:pass@proxy.example.com:3128"):'
HTTPS_PROXY = 'Enter the HTTPS proxy server (Ex: "http://user:pass@proxy.example.com:3128"):'

MASKED = "The password is masked: type it, or press Enter to keep the proxy as it is."


async def run(session: Session, _: Arguments) -> None:
    """Walk the menu until Enter leaves it; it returns after each operation."""
    while await session.console.ask(menu_for(session.staged.config.updates)):
        updates = await ask_proxies(session.console, session.staged.config.updates)
        session.staged.stage(replace(session.staged.config, updates=updates))


def menu_for(updates: UpdateSettings) -> Operation:
    """The menu under the proxies as they are."""
    state = (
        f"Proxy server: {proxy_state(updates.http_proxy)}",
        f"HTTPS Proxy server: {proxy_state(updates.https_proxy)}",
    )
    return Operation("operation", (("SETUP", "Edit update configuration."),), state=state)


def proxy_state(url: str | None) -> str:
    """Where the proxy is, without the password that may stand in its URL."""
    if url is None:
        return "not enabled"
    proxy = parse_proxy(url)
    user = f"{proxy.user}@" if proxy.user else ""
    return f"http://{user}{proxy.host}:{proxy.port}"


async def ask_proxies(console: Console, updates: UpdateSettings) -> UpdateSettings:
    """Both proxies as the operator wants them; no to a guard means: no proxy."""
    http_proxy = await ask_proxy(
        console, ("http_proxy", HTTP_GUARD, HTTP_PROXY), updates.http_proxy
    )
    https_proxy = await ask_proxy(
        console, ("https_proxy", HTTPS_GUARD, HTTPS_PROXY), updates.https_proxy
    )
    return UpdateSettings(http_proxy, https_proxy)


async def ask_proxy(
    console: Console, wording: tuple[str, str, str], current: str | None
) -> str | None:
    """One proxy; whoever keeps the one that there is sees and types nothing of its password."""
    key, guard, question = wording
    if not await console.ask(YesNo(f"use_{key}", guard, default=current is not None, opens=(key,))):
        return None
    shown = None if current is None else with_password(current, mask)
    url = await console.ask(Line(key, question, default=shown, check=partial(check_proxy, shown)))
    return current if url == shown else url


def check_proxy(shown: str | None, url: str) -> str:
    """The URL as typed, if it names a proxy; raises Invalid, also for a mask in place of the
    password of any proxy but the one that is shown."""
    if parse_proxy(url).password == MASK and url != shown:
        raise Invalid(MASKED)
    return url

"""Update settings: the proxies of the appliance's own HTTP and HTTPS requests (`updateconfig`).

The MTA-STS policy fetch goes through the HTTPS proxy.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from seg_cli.errors import Invalid

DEFAULT_PROXY_PORT = 80

_PROXY_URL = re.compile(
    r"(?:http://)?"
    r"(?:(?P<user>[^\s:@/]*)(?::(?P<password>[^\s@/]*))?@)?"
    r"(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9._-]+))"
    r"(?::(?P<port>[0-9]{1,5}))?/?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class UpdateSettings:
    """Proxy URLs as the operator typed them; None where no proxy is used."""

    http_proxy: str | None = field(default=None, repr=False)
    https_proxy: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where a proxy listens, and the name and password it wants (both empty for none)."""

    host: str
    port: int = DEFAULT_PROXY_PORT
    user: str = ""
    password: str = field(default="", repr=False)


def parse_proxy(url: str) -> Proxy:
    """The proxy a URL such as `http://user:pass@proxy.example.com:3128` names.

    The scheme may be left out; the port then is 80 unless given. User and password may hold
    %-escapes. Raises Invalid for anything else, without repeating the URL: it may hold a password.
    """
    parts = _PROXY_URL.fullmatch(url) if url.isprintable() else None
    port = int(parts["port"] or DEFAULT_PROXY_PORT) if parts else 0
    if not parts or not 1 <= port <= 65_535:
        raise Invalid('A proxy is written like "http://user:pass@proxy.example.com:3128".')
    return Proxy(
        parts["address"] or parts["host"],
        port,
        unquote(parts["user"] or ""),
        unquote(parts["password"] or ""),
    )


def with_password(url: str, change: Callable[[str], str]) -> str:
    """The URL with `change` applied to its password, as it is written there, if it has one."""
    parts = _PROXY_URL.fullmatch(url)
    if parts is None or not parts["password"]:
        return url
    start, end = parts.span("password")
    return url[:start] + change(url[start:end]) + url[end:]

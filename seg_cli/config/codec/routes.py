"""The text form of an SMTP route: `mx1.example.com, [10.1.1.1]:26 /pri=10`, USEDNS or /dev/null."""

import re

from seg_cli.address_literals import is_address
from seg_cli.config.codec.spellings import DOMAIN, quoted
from seg_cli.config.smtp_routes import ALL, DISCARD, USE_DNS, RouteHost, SmtpRoute
from seg_cli.errors import Invalid

_KEYWORDS = {USE_DNS: USE_DNS, DISCARD.upper(): DISCARD}
_MOST_HOSTS = 100
_HOST = re.compile(
    r"(?:\[(?P<bracketed>[A-Za-z0-9._:-]+)\]|(?P<address>[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*)"
    r"|(?P<name>[A-Za-z0-9._-]+))"
    r"(?::(?P<port>[0-9]{1,5}))?(?:\s*/pri=(?P<priority>[0-9]{1,5}))?",
    re.ASCII,
)


def parse_route(domain: str, destination: str) -> SmtpRoute:
    """The route for a domain, a `.partial` domain or ALL to the hosts its destination lists.

    Names come back in lower case. Raises Invalid when the domain or a host cannot be read.
    """
    recipient_domain = ALL if domain.upper() == ALL else DOMAIN.parse(domain)
    if keyword := _KEYWORDS.get(destination.strip().upper()):
        return SmtpRoute(recipient_domain, keyword=keyword)
    parts = destination.split(",")
    if len(parts) > _MOST_HOSTS:
        raise Invalid(f"A route cannot have more than {_MOST_HOSTS} hosts.")
    return SmtpRoute(recipient_domain, tuple(_parse_host(part.strip()) for part in parts))


def _parse_host(given: str) -> RouteHost:
    parts = _HOST.fullmatch(given)
    if parts is None:
        raise Invalid(f"{quoted(given)} is not a destination host.")
    port, priority = int(parts["port"] or 25), int(parts["priority"] or 0)
    if not 1 <= port <= 65_535 or priority > 65_535:
        raise Invalid(f"{quoted(given)} has a port or a priority that is too high.")
    host = (parts["bracketed"] or parts["address"] or parts["name"]).lower()
    if is_address(host):
        return RouteHost(host, priority, port)
    if ":" in host or host.startswith("."):
        raise Invalid(f"{quoted(given)} is not a destination host.")
    return RouteHost(DOMAIN.parse(host), priority, port, by_address=bool(parts["bracketed"]))

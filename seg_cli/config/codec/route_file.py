"""The table of SMTP routes as the text file of IMPORT and EXPORT: domain, blanks, destination.

As in `example.com exchange.example.com` and `.example.com USEDNS`; `#` begins a comment.
"""

from collections.abc import Iterable
from types import MappingProxyType

from seg_cli.config.codec.routes import parse_route
from seg_cli.config.codec.text_file import bad_line, numbered_lines
from seg_cli.config.smtp_routes import MOST_ROUTES, SmtpRoute, SmtpRoutes
from seg_cli.errors import Invalid

HEADING = "# SMTP routes: domain, destination hosts\n"


def route_lines(table: SmtpRoutes) -> list[str]:
    """One line a route, in alphabetical order, the destinations in one column."""
    width = max(map(len, table.routes), default=0)
    return [f"{name:{width}} {route.destination}" for name, route in sorted(table.routes.items())]


def to_route_file(table: SmtpRoutes) -> bytes:
    """The file that `from_route_file` reads."""
    lines = "".join(f"{line}\n" for line in route_lines(table))
    return f"{HEADING}{lines}".encode("ascii")


def from_route_file(data: bytes) -> SmtpRoutes:
    """The table that a file holds; raises BadFile with a sentence that names the line."""
    first_lines: dict[str, int] = {}
    routes: dict[str, SmtpRoute] = {}
    for number, text in numbered_lines(data):
        route = _parse(number, text.split(maxsplit=1))
        if first := first_lines.get(route.domain):
            raise bad_line(number, f'"{route.domain}" is there twice, first in line {first}.')
        if len(routes) == MOST_ROUTES:
            raise bad_line(number, f"there are more than {MOST_ROUTES} routes.")
        first_lines[route.domain] = number
        routes[route.domain] = route
    return SmtpRoutes(MappingProxyType(routes))


def _parse(number: int, words: Iterable[str]) -> SmtpRoute:
    match list(words):
        case [domain, destination]:
            try:
                return parse_route(domain, destination)
            except Invalid as error:
                raise bad_line(number, str(error)) from None
        case _:
            raise bad_line(number, "a domain and a destination are wanted here.")

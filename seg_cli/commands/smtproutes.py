"""smtproutes: fixed next hops for recipient domains, in place of their MX records."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from seg_cli.config.codec.routes import parse_route
from seg_cli.config.smtp_routes import ALL, MOST_ROUTES, SmtpRoute, SmtpRoutes
from seg_cli.dialogue.hosts import HostForm, parse_host
from seg_cli.dialogue.questions import Line, Operation, YesNo
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session

NEW_QUESTION = """\
Enter the domain for which you want to set up a permanent route.
Partial hostnames such as ".example.com" are allowed.
Use "ALL" for the default route."""

HOSTS_QUESTION = """\
Enter the destination hosts, separated by commas, which you want mail
for {domain} to be delivered.
Enter USEDNS by itself to use normal DNS resolution for this route.
Enter /dev/null by itself if you wish to discard the mail.
Enclose in square brackets to force resolution via address (A)
records, ignoring any MX records."""

DOMAIN_FORMS = frozenset({HostForm.HOSTNAME, HostForm.PARTIAL, HostForm.ADDRESS})


async def run(session: Session, _: Arguments) -> None:
    """Walk the menu until Enter leaves it; it returns after each operation."""
    while operation := await session.console.ask(menu_for(session.staged.config.smtp_routes)):
        await OPERATIONS[operation](session)


def menu_for(table: SmtpRoutes) -> Operation:
    """The menu, with the operations that make sense for the table as it is."""
    existing = (
        ("EDIT", "Edit destinations of an existing route."),
        ("DELETE", "Remove a route."),
        ("PRINT", "Display all routes."),
        ("CLEAR", "Remove all routes."),
    )
    operations = (("NEW", "Create a new route."), *(existing if table.routes else ()))
    return Operation("operation", operations, state=(state_line(len(table.routes)),))


def state_line(routes: int) -> str:
    """How many routes there are; the appliance has no singular here."""
    if not routes:
        return "There are no routes configured."
    return f"There are currently {routes} routes configured."


async def new(session: Session) -> None:
    table = session.staged.config.smtp_routes
    if len(table.routes) >= MOST_ROUTES:
        session.console.say(f"The table cannot hold more than {MOST_ROUTES} routes.")
        return
    domain = await session.console.ask(Line("domain", NEW_QUESTION, check=parse_domain))
    if domain in table.routes:
        session.console.say(f'A route for "{domain}" already exists.')
        return
    await change(session, SmtpRoute(domain))
    destination = session.staged.config.smtp_routes.routes[domain].destination
    session.console.say(f"Mapping for {domain} to {destination} created.")


async def edit(session: Session) -> None:
    if route := await choose(session, "edit"):
        await change(session, route)


async def change(session: Session, route: SmtpRoute) -> None:
    """Ask where mail for the domain goes, and stage it."""
    question = Line(
        "destination",
        HOSTS_QUESTION.format(domain=route.domain),
        default=route.destination or None,
        check=lambda text: parse_route(route.domain, text).destination,
    )
    destination = await session.console.ask(question)
    table = session.staged.config.smtp_routes
    stage(session, table.with_route(parse_route(route.domain, destination)))


async def delete(session: Session) -> None:
    if route := await choose(session, "delete"):
        stage(session, session.staged.config.smtp_routes.without(route.domain))


async def choose(session: Session, purpose: str) -> SmtpRoute | None:
    """The route that was named, or None after saying that there is none of that name."""
    question = Line("domain", f"Enter the domain of the route to {purpose}.", check=parse_domain)
    domain = await session.console.ask(question)
    route = session.staged.config.smtp_routes.routes.get(domain)
    if route is None:
        session.console.say(f'There is no route for "{domain}".')
    return route


async def print_routes(session: Session) -> None:
    routes = session.staged.config.smtp_routes.routes
    width = max(len(domain) for domain in routes)
    lines = [f"{name:{width}} {route.destination}" for name, route in sorted(routes.items())]
    await session.console.page(lines)


async def clear(session: Session) -> None:
    question = YesNo("clear", "Are you sure you want to remove all routes?", default=False)
    if await session.console.ask(question):
        stage(session, SmtpRoutes())


def stage(session: Session, table: SmtpRoutes) -> None:
    session.staged.stage(replace(session.staged.config, smtp_routes=table))


def parse_domain(text: str) -> str:
    """A domain, a `.partial` one, an address or ALL; raises Invalid."""
    return ALL if text.upper() == ALL else parse_host(text, DOMAIN_FORMS)


OPERATIONS: Mapping[str, Callable[[Session], Awaitable[None]]] = {
    "NEW": new,
    "EDIT": edit,
    "DELETE": delete,
    "PRINT": print_routes,
    "CLEAR": clear,
}

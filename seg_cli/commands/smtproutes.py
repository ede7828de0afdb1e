"""smtproutes: fixed next hops for recipient domains, in place of their MX records.

An operation asks, and returns the table as it is to be: nothing is staged before its last answer,
in the dialogue as on a batch line. It may raise UserError in place of any table.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from seg_cli.commands.batch_line import BatchLine
from seg_cli.commands.configuration_files import ask_import, export
from seg_cli.config.codec.route_file import from_route_file, route_lines, to_route_file
from seg_cli.config.codec.routes import parse_route
from seg_cli.config.smtp_routes import ALL, MOST_ROUTES, SmtpRoute, SmtpRoutes
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Line
from seg_cli.dialogue.hosts import HostForm, parse_host
from seg_cli.dialogue.questions import Operation, YesNo
from seg_cli.errors import Invalid, UserError
from seg_cli.printable import printable
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
BETWEEN_HOSTS = re.compile(r"\s*,\s*|\s+(?!/pri=)")
"""What stands between two destinations on a batch line."""

Perform = Callable[[Session, Console], Awaitable[SmtpRoutes]]


async def run(session: Session, arguments: Arguments) -> None:
    """A batch line, or the menu until Enter leaves it; it returns after each operation."""
    if arguments.words:
        await run_batch(session, arguments.words[0].lower(), arguments.words[1:])
        return
    while operation := await session.console.ask(menu_for(staged(session))):
        try:
            stage(session, await OPERATIONS[operation](session, session.console))
        except UserError as refusal:
            session.console.say(str(refusal))


def menu_for(table: SmtpRoutes) -> Operation:
    """The menu, with the operations that make sense for the table as it is."""
    new = ("NEW", "Create a new route.")
    existing = (
        ("EDIT", "Edit destinations of an existing route."),
        ("DELETE", "Remove a route."),
        ("PRINT", "Display all routes."),
    )
    import_ = ("IMPORT", "Import new routes from a file.")
    whole = (("EXPORT", "Export all routes to a file."), ("CLEAR", "Remove all routes."))
    operations = (new, *existing, import_, *whole) if table.routes else (new, import_)
    return Operation("operation", operations, state=(state_line(len(table.routes)),))


def state_line(routes: int) -> str:
    """How many routes there are; the appliance has no singular here."""
    if not routes:
        return "There are no routes configured."
    return f"There are currently {routes} routes configured."


async def new(session: Session, console: Console) -> SmtpRoutes:
    table = staged(session)
    if len(table.routes) >= MOST_ROUTES:
        raise Invalid(f"The table cannot hold more than {MOST_ROUTES} routes.")
    question = Line("domain", NEW_QUESTION, check=lambda text: check_new(text, table))
    route = await ask_destination(console, SmtpRoute(await console.ask(question)))
    console.remark(f"Mapping for {route.domain} to {route.destination} created.")
    return table.with_route(route)


def check_new(text: str, table: SmtpRoutes) -> str:
    """The domain, if there is no route for it yet; raises Invalid."""
    domain = parse_domain(text)
    if domain in table.routes:
        raise Invalid(f'A route for "{domain}" already exists.')
    return domain


async def edit(session: Session, console: Console) -> SmtpRoutes:
    table = staged(session)
    route = await choose(console, table, "edit")
    return table.with_route(await ask_destination(console, route))


async def ask_destination(console: Console, route: SmtpRoute) -> SmtpRoute:
    """The route with the hosts that mail for its domain goes to, as answered."""
    question = Line(
        "destination",
        HOSTS_QUESTION.format(domain=route.domain),
        default=route.destination or None,
        check=lambda text: parse_route(route.domain, text).destination,
    )
    return parse_route(route.domain, await console.ask(question))


async def delete(session: Session, console: Console) -> SmtpRoutes:
    table = staged(session)
    return table.without((await choose(console, table, "delete")).domain)


async def choose(console: Console, table: SmtpRoutes, purpose: str) -> SmtpRoute:
    """The route of the domain that is named; a domain without a route is asked for again."""
    question = Line(
        "domain",
        f"Enter the domain of the route to {purpose}.",
        check=lambda text: check_existing(text, table),
    )
    return table.routes[await console.ask(question)]


def check_existing(text: str, table: SmtpRoutes) -> str:
    """The domain, if there is a route for it; raises Invalid."""
    domain = parse_domain(text)
    if domain not in table.routes:
        raise Invalid(f'There is no route for "{domain}".')
    return domain


async def print_routes(session: Session, console: Console) -> SmtpRoutes:
    table = staged(session)
    await console.page(route_lines(table) or [state_line(0)])
    return table


async def import_routes(session: Session, console: Console) -> SmtpRoutes:
    """The table that a file holds, in place of the whole table."""
    table = from_route_file(await ask_import(console, session.appliance))
    console.remark(f"{len(table.routes)} routes imported successfully.")
    return table


async def export_routes(session: Session, console: Console) -> SmtpRoutes:
    table = staged(session)
    await export(console, session.appliance, to_route_file(table))
    return table


async def clear(session: Session, console: Console) -> SmtpRoutes:
    question = YesNo("clear", "Are you sure you want to remove all routes?", default=False)
    return SmtpRoutes() if await console.ask(question) else staged(session)


async def run_batch(session: Session, operation: str, words: tuple[str, ...]) -> None:
    """Do what a line says and stage it, or raise UserError with nothing changed."""
    line = BatchLine("smtproutes", words)
    match operation:
        case "new" | "edit":
            line.take("domain")
            given = " ".join((line.take("destination"), *line.take_rest()))
            line.answers["destination"] = ", ".join(filter(None, BETWEEN_HOSTS.split(given)))
        case "delete":
            stage(session, without(staged(session), line))
            return
        case "import" | "export":
            line.take("file")
        case "clear":
            line.answers["clear"] = "y"
        case "print":
            pass
        case _:
            line.refuse(printable(operation))
    sheet = line.sheet()
    perform = OPERATIONS[operation.upper()]
    table = await perform(session, session.console.answered_by(sheet))
    sheet.check_used()
    stage(session, table)


def without(table: SmtpRoutes, line: BatchLine) -> SmtpRoutes:
    """The table without the routes that a batch line names; raises Invalid if one is not there."""
    words = (line.take("domain"), *line.take_rest())
    try:
        return table.without(*(check_existing(word, table) for word in words))
    except Invalid as refusal:
        line.refuse(f"domain: {refusal}")


def staged(session: Session) -> SmtpRoutes:
    """The table as this login sees it."""
    return session.staged.config.smtp_routes


def stage(session: Session, table: SmtpRoutes) -> None:
    session.staged.stage(replace(session.staged.config, smtp_routes=table))


def parse_domain(text: str) -> str:
    """A domain, a `.partial` one, an address or ALL; raises Invalid."""
    return ALL if text.upper() == ALL else parse_host(text, DOMAIN_FORMS)


OPERATIONS: Mapping[str, Perform] = {
    "NEW": new,
    "EDIT": edit,
    "DELETE": delete,
    "PRINT": print_routes,
    "IMPORT": import_routes,
    "EXPORT": export_routes,
    "CLEAR": clear,
}

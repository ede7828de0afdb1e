"""smtproutes: its dialogue to the letter, its table, and what it refuses."""

from dataclasses import replace

import pytest

from seg_cli.config.smtp_routes import SmtpRoute, SmtpRoutes
from seg_cli.errors import Interrupted
from seg_cli.shell.loop import Status
from tests.commands.conftest import Desk
from tests.commands.scripts import answers, screen

NEW = """\
There are no routes configured.

Choose the operation you want to perform:
- NEW - Create a new route.
- IMPORT - Import new routes from a file.
[]> new

Enter the domain for which you want to set up a permanent route.
Partial hostnames such as ".example.com" are allowed.
Use "ALL" for the default route.
[]> domain.com

Enter the destination hosts, separated by commas, which you want mail
for domain.com to be delivered.
Enter USEDNS by itself to use normal DNS resolution for this route.
Enter /dev/null by itself if you wish to discard the mail.
Enclose in square brackets to force resolution via address (A)
records, ignoring any MX records.
[]> [MX1.example.com]:26, 10.1.1.3 /pri=10

Mapping for domain.com to [mx1.example.com]:26, 10.1.1.3 /pri=10 created.

There are currently 1 routes configured.

Choose the operation you want to perform:
- NEW - Create a new route.
- EDIT - Edit destinations of an existing route.
- DELETE - Remove a route.
- PRINT - Display all routes.
- IMPORT - Import new routes from a file.
- EXPORT - Export all routes to a file.
- CLEAR - Remove all routes.
[]> <Enter>
"""

CLEAR = "\nAre you sure you want to remove all routes? [N]> "


async def route(desk: Desk, domain: str, destination: str) -> None:
    await desk.type("smtproutes", "new", domain, destination, "")


def destinations(desk: Desk) -> dict[str, str]:
    routes = desk.staged.smtp_routes.routes
    return {domain: route.destination for domain, route in routes.items()}


async def test_new_route(desk: Desk) -> None:
    assert await desk.type("smtproutes", *answers(NEW)) == screen(NEW)
    assert destinations(desk) == {"domain.com": "[mx1.example.com]:26, 10.1.1.3 /pri=10"}
    assert not desk.committed.smtp_routes.routes


@pytest.mark.parametrize(
    ("domain", "typed", "destination"),
    [
        ("all", "usedns", "USEDNS"),
        (".Partial.example", "/DEV/NULL", "/dev/null"),
        ("domain.com", "2001:db8::1", "2001:db8::1"),
    ],
)
async def test_what_a_destination_may_be(
    desk: Desk, domain: str, typed: str, destination: str
) -> None:
    await route(desk, domain, typed)
    assert list(destinations(desk).values()) == [destination]


@pytest.mark.parametrize(
    "typed",
    ["", "a b", "host:0", "host:65536", "host /pri=65536", "a.example,,b.example", ".a.example"],
)
async def test_a_refused_destination_is_asked_for_again(desk: Desk, typed: str) -> None:
    shown = await desk.type("smtproutes", "new", "domain.com", typed, "b.example", "")
    assert shown.count("Enter USEDNS by itself") == 2
    assert destinations(desk) == {"domain.com": "b.example"}


async def test_edit_offers_the_destination_that_is_there(desk: Desk) -> None:
    await route(desk, "domain.com", "a.example")
    shown = await desk.type("smtproutes", "edit", "domain.com", "", "edit", "domain.com", "b.c", "")
    assert "\n[a.example]> \n" in shown
    assert "Mapping for" not in shown
    assert destinations(desk) == {"domain.com": "b.c"}


async def test_print_aligns_the_destinations(desk: Desk) -> None:
    await route(desk, "domain.com", "a.example")
    await route(desk, "ALL", "USEDNS")
    shown = await desk.type("smtproutes", "print", "")
    assert "[]> print\n\nALL        USEDNS\ndomain.com a.example\n\nThere are currently 2" in shown


@pytest.mark.parametrize(
    ("operation", "domain", "sentence"),
    [
        ("new", "DOMAIN.com", 'A route for "domain.com" already exists.'),
        ("edit", "nope.example", 'There is no route for "nope.example".'),
        ("delete", "nope.example", 'There is no route for "nope.example".'),
        ("new", "a..b", "A hostname is a string that must match the following rules:"),
        ("new", "x" * 300, "A hostname is a string that must match the following rules:"),
        ("new", "a\x1b[2J.com", "A hostname is a string that must match the following rules:"),
        ("new", "10.0.0", "The IP address must be 4 numbers separated by periods."),
    ],
)
async def test_a_domain_that_cannot_be_taken_is_asked_for_again(
    desk: Desk, operation: str, domain: str, sentence: str
) -> None:
    await route(desk, "domain.com", "a.example")
    shown = await desk.type("smtproutes", operation, domain, Interrupted)
    _, refused, again = shown.rpartition(f"\n{sentence}")
    assert refused
    assert again.count("]> ") == 1
    assert "-- Changes not recorded" in again
    assert destinations(desk) == {"domain.com": "a.example"}


async def test_an_internationalised_domain_is_kept_in_a_labels(desk: Desk) -> None:
    await route(desk, "пример.рф", "a.example")
    assert destinations(desk) == {"xn--e1afmkfd.xn--p1ai": "a.example"}


async def test_delete_asks_for_no_confirmation_and_clear_does(desk: Desk) -> None:
    for domain in ("a.example", "b.example", "c.example"):
        await route(desk, domain, "USEDNS")
    shown = await desk.type("smtproutes", "delete", "b.example", "clear", "", "clear", "y", "")
    assert shown.count(CLEAR) == 2
    assert "There are currently 2 routes configured." in shown
    assert "There are no routes configured." in shown
    assert not destinations(desk)


FILES = """
Enter a name for the exported file:
[]> routes.txt

Export completed.

There are currently 3 routes configured.
"""

IMPORT = """
Enter the name of the file on machine "mail3.example.com" to import:
[]> routes.txt

3 routes imported successfully.

There are currently 3 routes configured.
"""

EXPORTED = b"""\
# SMTP routes: domain, destination hosts
.partial.example USEDNS
ALL              /dev/null
domain.com       [a.example]:26 /pri=5, 10.1.1.3
"""


async def test_what_was_exported_is_imported_in_place_of_the_table(desk: Desk) -> None:
    await desk.type("smtproutes new domain.com [a.example]:26 /pri=5 10.1.1.3")
    await desk.type("smtproutes new .partial.example usedns")
    await desk.type("smtproutes new ALL /dev/null")
    exported = desk.staged.smtp_routes
    assert screen(FILES) in await desk.type("smtproutes", "export", *answers(FILES), "")
    assert desk.appliance.store.read_file("routes.txt") == EXPORTED
    await desk.type("smtproutes clear")
    await desk.type("smtproutes new other.example a.example")
    assert screen(IMPORT) in await desk.type("smtproutes", "import", *answers(IMPORT), "")
    assert desk.staged.smtp_routes == exported


async def test_a_bad_file_changes_nothing_and_the_menu_returns(desk: Desk) -> None:
    await route(desk, "domain.com", "a.example")
    desk.appliance.store.save_file("routes.txt", b"a.com b.com\nc.com\n")
    shown = await desk.type("smtproutes", "import", "routes.txt", "")
    assert "\nLine 2: a domain and a destination are wanted here.\n\nThere are currently 1" in shown
    assert destinations(desk) == {"domain.com": "a.example"}


@pytest.mark.parametrize(
    ("hosts", "destination"),
    [
        ("b.example", "b.example"),
        ("b.example c.example", "b.example, c.example"),
        ("b.example, c.example", "b.example, c.example"),
        ("b.example /pri=5 c.example/pri=6", "b.example /pri=5, c.example /pri=6"),
        ("USEDNS", "USEDNS"),
    ],
)
async def test_new_and_edit_on_one_line(desk: Desk, hosts: str, destination: str) -> None:
    assert await desk.type(f"smtproutes new domain.com {hosts}") == ""
    await desk.type("smtproutes new other.example a.example")
    assert await desk.type(f"smtproutes edit other.example {hosts}") == ""
    assert destinations(desk) == {"domain.com": destination, "other.example": destination}


async def test_print_export_import_delete_and_clear_on_one_line(desk: Desk) -> None:
    for domain in ("a.example", "b.example", "c.example", "d.example"):
        await desk.type(f"smtproutes new {domain} USEDNS")
    assert await desk.type("smtproutes delete b.example C.example") == ""
    assert await desk.type("smtproutes print") == "a.example USEDNS\nd.example USEDNS\n"
    assert await desk.type("smtproutes export routes.txt") == ""
    assert await desk.type("smtproutes clear") == ""
    assert await desk.type("smtproutes print") == "There are no routes configured.\n"
    assert await desk.type("smtproutes import routes.txt") == ""
    assert list(destinations(desk)) == ["a.example", "d.example"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("frob", "frob"),
        ("new", "domain is missing"),
        ("new a.com", "destination is missing"),
        ("new domain.com b.com", 'domain: A route for "domain.com" already exists.'),
        ("new a.com b.com:0", 'destination: "b.com:0" has a port or a priority that is too high.'),
        ("edit domain.com", "destination is missing"),
        ("edit nope.example b.com", 'domain: There is no route for "nope.example".'),
        ("delete domain.com nope.example", 'domain: There is no route for "nope.example".'),
        ("print x", "too many arguments"),
        ("clear x", "too many arguments"),
        ("import nope.txt", 'file: File "nope.txt" does not exist.'),
        ("export ../routes.txt", "file: A file name holds letters"),
    ],
)
async def test_a_line_that_is_refused_changes_nothing(desk: Desk, line: str, sentence: str) -> None:
    await route(desk, "domain.com", "a.example")
    shown = await desk.type(f"smtproutes {line}")
    assert shown.startswith(f"Invalid arguments when processing smtproutes: {sentence}")
    assert desk.status is Status.FAILED
    assert destinations(desk) == {"domain.com": "a.example"}


async def test_a_table_that_is_full_takes_no_route(desk: Desk) -> None:
    names = (f"d{number}.example" for number in range(40_000))
    table = SmtpRoutes({name: SmtpRoute(name, keyword="USEDNS") for name in names})
    desk.session.staged.stage(replace(desk.staged, smtp_routes=table))
    shown = await desk.type("smtproutes", "new", "")
    assert "\nThe table cannot hold more than 40000 routes.\n\nThere are currently 40000" in shown

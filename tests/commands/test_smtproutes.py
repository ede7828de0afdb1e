"""smtproutes: its dialogue to the letter, its table, and what it refuses."""

import pytest

from tests.commands.conftest import Desk
from tests.commands.scripts import answers, screen

NEW = """\
There are no routes configured.

Choose the operation you want to perform:
- NEW - Create a new route.
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
    "typed", ["", "a b", "host:0", "host:65536", "host /pri=65536", "a.example,,b.example"]
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


async def test_a_route_that_exists_and_one_that_does_not(desk: Desk) -> None:
    await route(desk, "domain.com", "a.example")
    shown = await desk.type("smtproutes", "new", "DOMAIN.com", "delete", "nope.example", "")
    assert '\nA route for "domain.com" already exists.\n\nThere are currently 1 routes' in shown
    assert '\nThere is no route for "nope.example".\n\nThere are currently 1 routes' in shown
    assert "domain.com" in destinations(desk)


async def test_delete_asks_for_no_confirmation_and_clear_does(desk: Desk) -> None:
    for domain in ("a.example", "b.example", "c.example"):
        await route(desk, domain, "USEDNS")
    shown = await desk.type("smtproutes", "delete", "b.example", "clear", "", "clear", "y", "")
    assert shown.count(CLEAR) == 2
    assert "There are currently 2 routes configured." in shown
    assert "There are no routes configured." in shown
    assert not destinations(desk)

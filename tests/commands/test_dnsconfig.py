"""dnsconfig: its dialogue to the letter, its servers and alternates, and what it refuses."""

from dataclasses import replace

import pytest

from seg_cli.config.dns import AlternateServer, DnsSettings, NameServer
from seg_cli.errors import Interrupted
from seg_cli.shell.loop import Status
from tests.commands.conftest import Desk
from tests.commands.scripts import answers, screen

MENU = """
Choose the operation you want to perform:
- NEW - Add a new server.
- EDIT - Edit a server.
- DELETE - Remove a server.
- SETUP - Configure general settings.
"""

NEW = f"""\
No local DNS cache servers configured.

Choose the operation you want to perform:
- NEW - Add a new server.
- SETUP - Configure general settings.
[]> new

Do you want to add a secondary DNS server or an alternate domain server?
1. Add a new local DNS cache server.
2. Add a new alternate domain server.
[]> 1

Please enter the IP address of your DNS server.
Separate multiple IPs with commas.
[]> 10.1.10.9, 10.1.10.10

Please enter the priority for 10.1.10.9.
A value of 0 has the highest priority.
The IP will be chosen at random if they have the same priority.
[0]> <Enter>

Please enter the priority for 10.1.10.10.
A value of 0 has the highest priority.
The IP will be chosen at random if they have the same priority.
[0]> 1

Currently using the local DNS cache servers:
1. Priority: 0  10.1.10.9
2. Priority: 1  10.1.10.10
{MENU}[]> <Enter>
"""

ALTERNATE = f"""\
Currently using the local DNS cache servers:
1. Priority: 0  10.1.10.9
{MENU}[]> new

Do you want to add a secondary DNS server or an alternate domain server?
1. Add a new local DNS cache server.
2. Add a new alternate domain server.
[]> 2

Please enter the domain this server is authoritative for. (Ex: "com").
[]> Example.com

Please enter the fully qualified hostname of the DNS server for the domain "example.com".
(Ex: "dns.example.com").
[]> dns.example.com

Please enter the IP address of dns.example.com.
[]> 10.1.10.11

Currently using the local DNS cache servers:
1. Priority: 0  10.1.10.9

Alternate authoritative DNS servers:
1. example.com: dns.example.com (10.1.10.11)
{MENU}[]> <Enter>
"""

SETUP = f"""\
Currently using the local DNS cache servers:
1. Priority: 0  10.1.10.9
{MENU}[]> setup

Do you want the Gateway to use the Internet's root DNS servers or would you like
it to use your own DNS servers?
1. Use Internet root DNS servers
2. Use own DNS cache servers
[2]> 1

The Internet's root DNS servers cannot be used here: \
this emulator resolves names through DNS cache servers only.

Do you want the Gateway to use the Internet's root DNS servers or would you like
it to use your own DNS servers?
1. Use Internet root DNS servers
2. Use own DNS cache servers
[2]> <Enter>

Choose the IP interface for DNS traffic.
1. Auto
2. Management (192.168.42.42/24: mail3.example.com)
[1]> 2

Enter the number of seconds to wait before timing out reverse DNS lookups.
[20]> 5

Enter the minimum TTL in seconds for DNS cache.
[1800]> 60

Currently using the local DNS cache servers:
1. Priority: 0  10.1.10.9
{MENU}[]> <Enter>
"""

FIRST, SECOND = NameServer("10.1.10.9", 0), NameServer("10.1.10.10", 1)
OWN = AlternateServer("example.com", "dns.example.com", "10.1.10.11")


def lay(desk: Desk, *servers: NameServer, alternates: tuple[AlternateServer, ...] = ()) -> None:
    """Lay servers into a login, as if they had been typed in."""
    dns = DnsSettings(servers, alternates={each.domain: each for each in alternates})
    desk.session.staged.stage(replace(desk.staged, dns=dns))


def servers(desk: Desk) -> tuple[NameServer, ...]:
    return desk.staged.dns.servers


def alternates(desk: Desk) -> list[AlternateServer]:
    return list(desk.staged.dns.alternates.values())


async def test_new_servers_with_their_priorities(desk: Desk) -> None:
    assert await desk.type("dnsconfig", *answers(NEW)) == screen(NEW)
    assert servers(desk) == (FIRST, SECOND)
    assert not desk.committed.dns.servers


async def test_new_alternate_of_a_domain(desk: Desk) -> None:
    lay(desk, FIRST)
    assert await desk.type("dnsconfig", *answers(ALTERNATE)) == screen(ALTERNATE)
    assert alternates(desk) == [OWN]


async def test_setup_refuses_the_root_servers_in_a_sentence(desk: Desk) -> None:
    lay(desk, FIRST)
    assert await desk.type("dnsconfig", *answers(SETUP)) == screen(SETUP)
    assert desk.staged.dns == DnsSettings((FIRST,), 60, 5, interface="Management")


async def test_setup_offers_what_is_set_and_asks_for_servers_where_there_are_none(
    desk: Desk,
) -> None:
    await desk.type("dnsconfig", "setup", "", "10.1.10.9", "", "2", "0", "7", "")
    shown = await desk.type("dnsconfig", "setup", "", "", "", "", "")
    assert "mail3.example.com)\n[2]> " in shown
    assert "reverse DNS lookups.\n[0]> " in shown
    assert "DNS cache.\n[7]> " in shown
    assert desk.staged.dns == DnsSettings((FIRST,), 7, 0, interface="Management")


async def test_edit_offers_what_is_there(desk: Desk) -> None:
    lay(desk, FIRST, SECOND)
    shown = await desk.type("dnsconfig", "edit", "2", "", "", "edit", "1", "2001:DB8::1", "9", "")
    assert "\nEnter the number of the server you wish to edit.\n[]> 2\n" in shown
    assert "DNS server.\n[10.1.10.10]> " in shown
    assert "the same priority.\n[1]> " in shown
    assert servers(desk) == (SECOND, NameServer("2001:db8::1", 9))


async def test_delete_asks_for_no_confirmation(desk: Desk) -> None:
    lay(desk, FIRST, SECOND)
    shown = await desk.type("dnsconfig", "delete", "1", "delete", "1", "")
    assert shown.count("the server you wish to delete.") == 2
    assert "\nNo local DNS cache servers configured.\n" in shown
    assert not servers(desk)


async def test_edit_and_delete_ask_which_kind_is_meant_where_there_are_both(desk: Desk) -> None:
    lay(desk, FIRST, alternates=(OWN,))
    shown = await desk.type(
        "dnsconfig", "edit", "2", "1", "ns.example.com", "", "delete", "1", "1", "edit", "1", "",
        "10.1.10.12", "delete", "1", "",
    )  # fmt: skip
    assert shown.count("a local DNS cache server or an alternate domain server?") == 2
    assert '"example.com".\n(Ex: "dns.example.com").\n[dns.example.com]> ' in shown
    assert "ns.example.com.\n[10.1.10.11]> " in shown
    assert desk.staged.dns == DnsSettings()


async def test_an_alternate_edited_stays_where_it_is(desk: Desk) -> None:
    other = AlternateServer("net", "dns.net", "10.1.10.13")
    lay(desk, alternates=(OWN, other))
    await desk.type("dnsconfig", "edit", "1", "ns.example.com", "10.1.10.12", "")
    assert alternates(desk) == [
        AlternateServer("example.com", "ns.example.com", "10.1.10.12"),
        other,
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "You must enter a value."),
        ("10.1.10", "The IP address must be 4 numbers separated by periods."),
        ("dns.example.com", "The IP address must be 4 numbers separated by periods."),
        ("10.1.10.300", "The IP address must be 4 numbers separated by periods."),
        ("2001:db8::x", "Invalid IP or IP range."),
        ("10.1.10.7,", "The IP address must be 4 numbers separated by periods."),
        ("10.1.10.9", '"10.1.10.9" already exists.'),
        ("10.1.10.7, 10.1.10.7", '"10.1.10.7" already exists.'),
    ],
)
async def test_an_address_that_cannot_be_taken_is_asked_for_again(
    desk: Desk, typed: str, sentence: str
) -> None:
    lay(desk, FIRST)
    shown = await desk.type("dnsconfig", "new", "1", typed, Interrupted)
    _, refused, again = shown.rpartition(f"\n{sentence}")
    assert refused
    assert again.count("Please enter the IP address of your DNS server.") == 1
    assert again.endswith("-- Changes not recorded.\n")
    assert servers(desk) == (FIRST,)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("edit", "3"), "The value must be an integer from 1 to 2."),
        (("delete", "0"), "The value must be an integer from 1 to 2."),
        (("new", "1", "10.1.10.7", "101"), "The value must be an integer from 0 to 100."),
        (("edit", "1", "10.1.10.10"), '"10.1.10.10" already exists.'),
        (("new", "3"), "That value is not valid."),
        (("new", "2", "a..b"), "A hostname is a string that must match the following rules:"),
        (("new", "2", "com", "10.1.1.1"), "A hostname is a string that must match"),
        (("new", "2", "com", "a.com", "b.com"), "The IP address must be 4 numbers"),
        (("setup", "", "", "3601"), "The value must be an integer from 0 to 3600."),
    ],
)
async def test_refused_answers_stage_nothing(
    desk: Desk, typed: tuple[str, ...], sentence: str
) -> None:
    lay(desk, FIRST, SECOND)
    shown = await desk.type("dnsconfig", *typed, Interrupted)
    assert f"\n{sentence}" in shown
    assert servers(desk) == (FIRST, SECOND)


async def test_servers_on_one_line(desk: Desk) -> None:
    assert await desk.type("dnsconfig parent new 10.1.10.9 0") == ""
    assert await desk.type("dnsconfig PARENT new 10.1.10.10,2001:db8::1 1") == ""
    assert len(servers(desk)) == 3
    assert servers(desk)[2] == NameServer("2001:db8::1", 1)
    assert await desk.type("dnsconfig parent delete 2001:DB8:0::1") == ""
    assert servers(desk) == (FIRST, SECOND)


async def test_alternates_on_one_line(desk: Desk) -> None:
    assert await desk.type("dnsconfig alt new example.com,NET dns.example.com 10.1.10.11") == ""
    assert alternates(desk) == [OWN, replace(OWN, domain="net")]
    assert await desk.type("dnsconfig alt delete example.com") == ""
    assert alternates(desk) == [replace(OWN, domain="net")]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("frob", "frob"),
        ("parent", "parent"),
        ("parent edit 10.1.10.9", "parent edit"),
        ("parent new", "address is missing"),
        ("parent new 10.1.10.7", "priority is missing"),
        ("parent new 10.1.10.9 0", 'address: "10.1.10.9" already exists.'),
        ("parent new 10.1.10.7 x", "priority: The value must be an integer from 0 to 100."),
        ("parent new 10.1.10.7 0 0", "too many arguments"),
        ("parent delete", "address is missing"),
        ("parent delete 10.1.10.7", 'address: There is no DNS server "10.1.10.7".'),
        ("parent delete x", "address: The IP address must be 4 numbers"),
        ("alt new com dns.com", "address is missing"),
        ("alt new example.com dns.com 10.1.10.7", 'domain: "example.com" already exists.'),
        ("alt new com,com dns.com 10.1.10.7", 'domain: "com" already exists.'),
        ("alt delete com", 'domain: There is no alternate server for "com".'),
        ("alt delete a..b", "domain: A hostname is a string"),
    ],
)
async def test_a_line_that_is_refused_changes_nothing(desk: Desk, line: str, sentence: str) -> None:
    lay(desk, FIRST, alternates=(OWN,))
    before = desk.staged.dns
    shown = await desk.type(f"dnsconfig {line}")
    assert shown.startswith(f"Invalid arguments when processing dnsconfig: {sentence}")
    assert desk.status is Status.FAILED
    assert desk.staged.dns == before


async def test_the_servers_stand_in_the_configuration_file(desk: Desk) -> None:
    lay(desk, FIRST, alternates=(OWN,))
    await desk.type("dnsconfig", "setup", "", "2", "", "", "")
    await desk.type("commit -y")
    shown = await desk.type("showconfig 1")
    assert '<dns_ip priority="0">10.1.10.9</dns_ip>' in shown
    assert "<dns_domain>example.com</dns_domain>" in shown
    assert "<nameserver_name>dns.example.com</nameserver_name>" in shown
    assert "<dns_interface>Management</dns_interface>" in shown

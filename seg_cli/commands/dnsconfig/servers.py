"""The local DNS cache servers of dnsconfig: addresses, each with its priority."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from seg_cli.config.dns import DnsSettings, NameServer
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Line, Number
from seg_cli.dialogue.hosts import ADDRESS_RULE, HostForm, parse_host
from seg_cli.errors import Invalid

ADDRESSES = """\
Please enter the IP address of your DNS server.
Separate multiple IPs with commas."""
ADDRESS = "Please enter the IP address of your DNS server."
PRIORITY = """\
Please enter the priority for {address}.
A value of 0 has the highest priority.
The IP will be chosen at random if they have the same priority."""
LOWEST_PRIORITY = 100
ADDRESS_FORM = frozenset({HostForm.ADDRESS})


async def add_servers(console: Console, settings: DnsSettings) -> DnsSettings:
    """The settings with one or more servers added, each with a priority of its own."""
    known = {server.address for server in settings.servers}
    question = Line("address", ADDRESSES, check=lambda text: ", ".join(new_addresses(text, known)))
    addresses = (await console.ask(question)).split(", ")
    added = [NameServer(address, await ask_priority(console, address, 0)) for address in addresses]
    return replace(settings, servers=by_priority((*settings.servers, *added)))


async def edit_server(console: Console, settings: DnsSettings) -> DnsSettings:
    """The settings with one server changed."""
    servers = settings.servers
    chosen = servers[await ask_number(console, len(servers), "edit") - 1]
    others = {server.address for server in servers if server is not chosen}
    question = Line(
        "address", ADDRESS, default=chosen.address, check=lambda text: new_address(text, others)
    )
    address = await console.ask(question)
    edited = NameServer(address, await ask_priority(console, address, chosen.priority))
    changed = (edited if server is chosen else server for server in servers)
    return replace(settings, servers=by_priority(changed))


async def delete_server(console: Console, settings: DnsSettings) -> DnsSettings:
    """The settings without one of the servers."""
    number = await ask_number(console, len(settings.servers), "delete")
    return without_server(settings, settings.servers[number - 1].address)


def without_server(settings: DnsSettings, text: str) -> DnsSettings:
    """The settings without the server of this address; raises Invalid if there is none."""
    address = parse_address(text)
    rest = tuple(server for server in settings.servers if server.address != address)
    if len(rest) == len(settings.servers):
        raise Invalid(f'There is no DNS server "{address}".')
    return replace(settings, servers=rest)


def by_priority(servers: Iterable[NameServer]) -> tuple[NameServer, ...]:
    """The servers as the list shows them: in the order in which they are asked."""
    return tuple(sorted(servers, key=lambda server: server.priority))


async def ask_number(console: Console, servers: int, purpose: str) -> int:
    """The number, in the list above the menu, of the server that is meant."""
    prompt = f"Enter the number of the server you wish to {purpose}."
    return await console.ask(Number("number", prompt, low=1, high=servers))


async def ask_priority(console: Console, address: str, default: int) -> int:
    """The priority of one server; 0 is asked first."""
    prompt = PRIORITY.format(address=address)
    return await console.ask(
        Number("priority", prompt, low=0, high=LOWEST_PRIORITY, default=default)
    )


def new_addresses(text: str, known: Collection[str]) -> list[str]:
    """Addresses between commas, none of which is known or there twice; raises Invalid."""
    addresses: list[str] = []
    for part in text.split(","):
        addresses.append(new_address(part.strip(), [*known, *addresses]))
    return addresses


def new_address(text: str, known: Collection[str]) -> str:
    """An address that is not known yet; raises Invalid."""
    address = parse_address(text)
    if address in known:
        raise Invalid(f'"{address}" already exists.')
    return address


def parse_address(text: str) -> str:
    """An IPv4 or IPv6 address in its shortest form; raises Invalid."""
    if not text[-1:].isdigit() and ":" not in text:
        raise Invalid(ADDRESS_RULE)
    return parse_host(text, ADDRESS_FORM)

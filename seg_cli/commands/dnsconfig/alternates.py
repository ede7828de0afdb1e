"""The alternate domain servers of dnsconfig: for each domain the server that knows it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from seg_cli.commands.dnsconfig.servers import ask_number, parse_address
from seg_cli.config.dns import AlternateServer, DnsSettings
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.entries import Host, Line
from seg_cli.dialogue.hosts import HostForm, parse_host
from seg_cli.errors import Invalid

DOMAIN = 'Please enter the domain this server is authoritative for. (Ex: "com").'
HOST = """\
Please enter the fully qualified hostname of the DNS server for the domain "{domain}".
(Ex: "dns.example.com")."""
ADDRESS = "Please enter the IP address of {host}."
NAME_FORM = frozenset({HostForm.HOSTNAME})


async def add_alternates(console: Console, settings: DnsSettings) -> DnsSettings:
    """The settings with a server for a domain, or for several that stand between commas."""
    known = settings.alternates
    question = Line("domain", DOMAIN, check=lambda text: ", ".join(new_domains(text, known)))
    domains = await console.ask(question)
    server = await ask_server(console, AlternateServer(domains, "", ""))
    added = (replace(server, domain=domain) for domain in domains.split(", "))
    return with_alternates(settings, (*known.values(), *added))


async def edit_alternate(console: Console, settings: DnsSettings) -> DnsSettings:
    """The settings with another server for one of the domains."""
    alternates = list(settings.alternates.values())
    number = await ask_number(console, len(alternates), "edit")
    alternates[number - 1] = await ask_server(console, alternates[number - 1])
    return with_alternates(settings, alternates)


async def ask_server(console: Console, server: AlternateServer) -> AlternateServer:
    """Name and address of the domain's server, as answered."""
    question = HOST.format(domain=server.domain)
    host = await console.ask(Host("host", question, default=server.host or None))
    question = ADDRESS.format(host=host)
    address = await console.ask(
        Line("address", question, default=server.address or None, check=parse_address)
    )
    return AlternateServer(server.domain, host, address)


async def delete_alternate(console: Console, settings: DnsSettings) -> DnsSettings:
    """The settings without the server of one domain."""
    number = await ask_number(console, len(settings.alternates), "delete")
    return without_alternate(settings, list(settings.alternates)[number - 1])


def without_alternate(settings: DnsSettings, text: str) -> DnsSettings:
    """The settings without the server of this domain; raises Invalid if there is none."""
    domain = parse_host(text, NAME_FORM)
    if domain not in settings.alternates:
        raise Invalid(f'There is no alternate server for "{domain}".')
    rest = (server for server in settings.alternates.values() if server.domain != domain)
    return with_alternates(settings, rest)


def with_alternates(settings: DnsSettings, alternates: Iterable[AlternateServer]) -> DnsSettings:
    """The settings with these alternate servers in place of all others."""
    table: Mapping[str, AlternateServer] = {server.domain: server for server in alternates}
    return replace(settings, alternates=MappingProxyType(table))


def new_domains(text: str, known: Collection[str]) -> list[str]:
    """Domains between commas, none of which is known or there twice; raises Invalid."""
    domains: list[str] = []
    for part in text.split(","):
        domain = parse_host(part.strip(), NAME_FORM)
        if domain in known or domain in domains:
            raise Invalid(f'"{domain}" already exists.')
        domains.append(domain)
    return domains

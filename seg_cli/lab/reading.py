"""From TOML to LabSpec: the worlds shipped with the package, and those written into a transcript.

    load_spec("tech-note-222782")                 a shipped world, worlds/<name>.toml
    parse_spec({"domains": …, "hosts": …})        a world of one's own
    parse_spec({"like": "tech-note-222782", …})   a shipped world with tables laid over it

Laid over means: tables merge key by key, at every depth; any other value replaces the one it
meets; and `false` takes an entry away. A domain of the tech note without its TXT record:

    [lab]
    like = "tech-note-222782"
    domains."domain.com".mta_sts_txt = false

What `lab break` breaks may be broken from the beginning (faults.py):

    faults."domain.com" = ["policy-500", "mx-down"]
"""

from collections.abc import Iterator
from ipaddress import ip_interface

from seg_cli.errors import UserError
from seg_cli.lab.entries import read_domain, read_host, read_policy, read_records
from seg_cli.lab.faults import break_domain
from seg_cli.lab.spec import Appliance, Client, Domain, LabSpec, PolicyHost, Proxy
from seg_cli.lab.table import Table
from seg_cli.lab.worlds import Tables, overlay, shipped, world_names

__all__ = ["load_spec", "overlay", "parse_spec", "world_names"]


def load_spec(name: str) -> LabSpec:
    """A world shipped with the package; UserError lists the worlds there are if it is none."""
    return _read(Table("lab", shipped(name)))


def parse_spec(tables: Tables) -> LabSpec:
    """The world that parsed TOML describes; UserError says in a sentence what does not fit."""
    match tables.get("like"):
        case None:
            base: Tables = {}
        case str(name):
            base = shipped(name)
        case _:
            raise UserError("lab: like must be the name of a lab.")
    return _read(Table("lab", overlay(base, {k: v for k, v in tables.items() if k != "like"})))


def _read(table: Table) -> LabSpec:
    domains = tuple(read_domain(*entry) for entry in table.named_tables("domains"))
    spec = LabSpec(
        name=table.text("name", "inline"),
        shows=table.text("shows", ""),
        appliance=_appliance(table.table("appliance")),
        client=_client(table.table("client")),
        proxy=_proxy(table.table("proxy")) if table.has("proxy") else None,
        domains=domains,
        policies=tuple(_policies(table, domains)),
        hosts=tuple(read_host(*entry) for entry in table.named_tables("hosts")),
        records=tuple(r for entry in table.named_tables("records") for r in read_records(*entry)),
    )
    faults = table.table("faults")
    table.end()
    _check_addresses(spec)
    return _broken(spec, faults)


def _policies(table: Table, domains: tuple[Domain, ...]) -> Iterator[PolicyHost]:
    mx = {domain.name: domain.mx for domain in domains}
    for name, entry in table.named_tables("policies"):
        yield read_policy(name, entry, mx.get(name, ()))


def _broken(spec: LabSpec, table: Table) -> LabSpec:
    """The world with its faults, domain by domain in the order they are written."""
    for name in table.keys_left():
        for fault in table.texts(name):
            spec = break_domain(spec, name.lower(), fault)
    return spec


def _appliance(table: Table) -> Appliance:
    usual = Appliance()
    written = table.text("address", f"{usual.address}/{usual.prefix_length}")
    try:
        interface = ip_interface(written)
    except ValueError:
        raise UserError(f"{table.place}: {written!r} is not an address with a prefix.") from None
    appliance = Appliance(
        hostname=table.name("hostname", usual.hostname),
        interface=table.text("interface", usual.interface),
        address=str(interface.ip),
        prefix_length=interface.network.prefixlen,
        resolvers=table.addresses("resolvers") or usual.resolvers,
        resolving=table.choice("resolving", usual.resolving),
    )
    table.end()
    return appliance


def _client(table: Table) -> Client:
    usual = Client()
    client = Client(table.name("hostname", usual.hostname), table.address("address", usual.address))
    table.end()
    return client


def _proxy(table: Table) -> Proxy:
    proxy = Proxy(table.name("hostname"), table.address("address"), table.number("port", 3128))
    table.end()
    return proxy


def _check_addresses(spec: LabSpec) -> None:
    owners: dict[str, str] = {}
    for host in spec.hosts:
        for address in host.addresses:
            first = owners.setdefault(address, host.name)
            if first != host.name:
                raise UserError(f"lab: {address} belongs to both {first} and {host.name}.")

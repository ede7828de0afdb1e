"""From TOML to LabSpec: the worlds shipped with the package, and those written into a transcript.

    load_spec("tech-note-222782")                 a shipped world, worlds/<name>.toml
    parse_spec({"domains": …, "hosts": …})        a world of one's own
    parse_spec({"like": "tech-note-222782", …})   a shipped world with tables laid over it

Laid over means: tables merge key by key, at every depth; any other value replaces the one it
meets; and `false` takes an entry away. A domain of the tech note without its TXT record:

    [lab]
    like = "tech-note-222782"
    domains."domain.com".mta_sts_txt = false
"""

import tomllib
from collections.abc import Mapping
from http import HTTPStatus
from ipaddress import ip_interface

from seg_cli.errors import UserError
from seg_cli.lab.spec import (
    Appliance,
    Certificate,
    Client,
    Domain,
    Issuer,
    LabSpec,
    MailHost,
    PolicyHost,
    Proxy,
    Reach,
    Record,
    TlsVersion,
)
from seg_cli.lab.table import Table, name_at
from seg_cli.policy.facts import MxHost

Tables = Mapping[str, object]

COMMON_NAME_LIMIT = 64
"""Characters of a common name (RFC 5280, ub-common-name); a longer name is in the SAN only."""


def load_spec(name: str) -> LabSpec:
    """A world shipped with the package; UserError lists the worlds there are if it is none."""
    return _read(Table("lab", _shipped(name)))


def parse_spec(tables: Tables) -> LabSpec:
    """The world that parsed TOML describes; UserError says in a sentence what does not fit."""
    match tables.get("like"):
        case None:
            base: Tables = {}
        case str(name):
            base = _shipped(name)
        case _:
            raise UserError("lab: like must be the name of a lab.")
    return _read(Table("lab", overlay(base, {k: v for k, v in tables.items() if k != "like"})))


def overlay(base: Tables, over: Tables) -> dict[str, object]:
    """Tables merge, other values replace, `false` takes away."""
    merged = dict(base)
    for key, value in over.items():
        if isinstance(value, Mapping):
            below = merged.get(key)
            merged[key] = overlay(below if isinstance(below, Mapping) else {}, value)
        elif value is False:
            merged.pop(key, None)
        else:
            merged[key] = value
    return merged


def world_names() -> tuple[str, ...]:
    """The worlds shipped with the package, sorted."""
    return tuple(sorted(_worlds()))


def _worlds() -> dict[str, str]:
    from importlib.resources import files  # noqa: PLC0415 - 15 ms that most commands never need

    folder = files("seg_cli.lab").joinpath("worlds")
    return {
        file.name.removesuffix(".toml"): file.read_text("utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }


def _shipped(name: str) -> Tables:
    worlds = _worlds()
    if name not in worlds:
        raise UserError(f"There is no lab named {name!r}; there are: {', '.join(sorted(worlds))}.")
    return tomllib.loads(worlds[name])


def _read(table: Table) -> LabSpec:
    spec = LabSpec(
        name=table.text("name", "inline"),
        shows=table.text("shows", ""),
        appliance=_appliance(table.table("appliance")),
        client=_client(table.table("client")),
        proxy=_proxy(table.table("proxy")) if table.has("proxy") else None,
        domains=tuple(_domain(*entry) for entry in table.named_tables("domains")),
        policies=tuple(_policy(*entry) for entry in table.named_tables("policies")),
        hosts=tuple(_host(*entry) for entry in table.named_tables("hosts")),
        records=tuple(r for entry in table.named_tables("records") for r in _records(*entry)),
    )
    table.end()
    _check_addresses(spec)
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


def _domain(name: str, table: Table) -> Domain:
    domain = Domain(
        name=name,
        shows=table.text("shows", ""),
        mx=tuple(_mx(table.place, text) for text in table.texts("mx")),
        mta_sts_txt=table.texts("mta_sts_txt"),
        mta_sts_ttl=table.number("mta_sts_ttl", 3600),
    )
    table.end()
    return domain


def _mx(place: str, text: str) -> MxHost:
    preference, _, name = text.partition(" ")
    if not (preference.isascii() and preference.isdigit() and int(preference) <= 0xFFFF):
        raise UserError(f'{place}: an mx must read "preference name", not {text!r}.')
    return MxHost(int(preference), "." if name == "." else name_at(f"{place}: mx", name))


def _policy(domain: str, table: Table) -> PolicyHost:
    policy = PolicyHost(
        domain=domain,
        addresses=table.addresses("addresses"),
        text=table.text("text", ""),
        certificate=_certificate(table.table("certificate"), f"mta-sts.{domain}"),
        reach=table.choice("reach", Reach.OPEN),
        status=_status(table),
        content_type=table.text("content_type", "text/plain"),
    )
    table.end()
    return policy


def _status(table: Table) -> int:
    number = table.number("status", 200)
    try:
        return HTTPStatus(number)
    except ValueError:
        raise UserError(f"{table.place}: {number} is not an HTTP status.") from None


def _host(name: str, table: Table) -> MailHost:
    ptr = table.text("ptr", name)
    host = MailHost(
        name=name,
        addresses=table.addresses("addresses"),
        ptr=name_at(f"{table.place}: ptr", ptr) if ptr else "",
        certificate=_certificate(table.table("certificate"), name),
        tls=table.choices("tls", tuple(TlsVersion)),
        reach=table.choice("reach", Reach.OPEN),
    )
    table.end()
    return host


def _certificate(table: Table, name: str) -> Certificate:
    names = table.texts("names") if table.has("names") else (name,)
    for dns_name in names:
        name_at(f"{table.place}: names", dns_name.removeprefix("*."))
    first = next(iter(names), name)
    common_name = table.text("common_name", first if len(first) <= COMMON_NAME_LIMIT else "")
    if len(common_name) > COMMON_NAME_LIMIT:
        limit = f"at most {COMMON_NAME_LIMIT} characters"
        raise UserError(f"{table.place}: common_name must have {limit}.")
    certificate = Certificate(
        names=names,
        common_name=common_name,
        issuer=table.choice("issuer", Issuer.INTERMEDIATE),
        days_old=table.number("days_old", 1),
        days_left=table.number("days_left", 89),
    )
    table.end()
    return certificate


def _records(name: str, table: Table) -> tuple[Record, ...]:
    ttl = table.number("ttl", 3600)
    kinds = ("A", "AAAA", "CNAME", "MX", "NS", "PTR", "TXT")
    found = tuple(Record(name, kind, table.texts(kind), ttl) for kind in kinds)
    table.end()
    return tuple(record for record in found if record.data)


def _check_addresses(spec: LabSpec) -> None:
    owners: dict[str, str] = {}
    for host in spec.hosts:
        for address in host.addresses:
            first = owners.setdefault(address, host.name)
            if first != host.name:
                raise UserError(f"lab: {address} belongs to both {first} and {host.name}.")

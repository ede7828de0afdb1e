"""The entries of a world: one domain, policy host or mail host, each read from its table."""

from http import HTTPStatus

from seg_cli.errors import UserError
from seg_cli.lab.dnssec import Dnssec
from seg_cli.lab.spec import (
    MODERN,
    Answering,
    Certificate,
    Chain,
    ClientCertificate,
    Domain,
    Issuer,
    MailHost,
    Pace,
    PolicyHost,
    Reach,
    Record,
    Starttls,
)
from seg_cli.lab.table import Table, name_at
from seg_cli.lab.tlsa_words import parse_tlsa
from seg_cli.policy.facts import MxHost

COMMON_NAME_LIMIT = 64
"""Characters of a common name (RFC 5280, ub-common-name); a longer name is in the SAN only."""

USUAL_MAX_AGE = 604_800


def read_domain(name: str, table: Table) -> Domain:
    """A recipient domain."""
    domain = Domain(
        name=name,
        shows=table.text("shows", ""),
        group=table.text("group", ""),
        mx=tuple(_mx(table.place, text) for text in table.texts("mx")),
        mta_sts_txt=table.texts("mta_sts_txt"),
        mta_sts_ttl=table.number("mta_sts_ttl", 3600),
        dns=table.choice("dns", Answering.NORMAL),
        txt_dns=table.choice("txt_dns", Answering.NORMAL),
        dnssec=table.choice("dnssec", Dnssec.UNSIGNED),
    )
    table.end()
    return domain


def _mx(place: str, text: str) -> MxHost:
    preference, _, name = text.partition(" ")
    if not (preference.isascii() and preference.isdigit() and int(preference) <= 0xFFFF):
        raise UserError(f'{place}: an mx must read "preference name", not {text!r}.')
    return MxHost(int(preference), "." if name == "." else name_at(f"{place}: mx", name))


def read_policy(domain: str, table: Table, mx: tuple[MxHost, ...]) -> PolicyHost:
    """A policy host; without a text of its own it enforces what the domain has as its MX."""
    policy = PolicyHost(
        domain=domain,
        addresses=table.addresses("addresses"),
        text=table.text("text", usual_policy(mx)),
        certificate=_certificate(table.table("certificate"), f"mta-sts.{domain}"),
        reach=table.choice("reach", Reach.OPEN),
        status=_status(table),
        content_type=table.text("content_type", "text/plain"),
        location=table.text("location", ""),
        size=table.number("size", 0),
        pace=table.choice("pace", Pace.AT_ONCE),
    )
    table.end()
    return policy


def usual_policy(mx: tuple[MxHost, ...]) -> str:
    """A policy in enforce mode that names these hosts (RFC 8461 s3.2)."""
    hosts = "".join(f"mx: {host.name}\n" for host in mx)
    return f"version: STSv1\nmode: enforce\n{hosts}max_age: {USUAL_MAX_AGE}\n"


def _status(table: Table) -> int:
    number = table.number("status", 200)
    try:
        return HTTPStatus(number)
    except ValueError:
        raise UserError(f"{table.place}: {number} is not an HTTP status.") from None


def read_host(name: str, table: Table) -> MailHost:
    """A mail host."""
    ptr = table.text("ptr", name)
    certificate = _certificate(table.table("certificate"), name)
    host = MailHost(
        name=name,
        addresses=table.addresses("addresses"),
        ptr=name_at(f"{table.place}: ptr", ptr) if ptr else "",
        certificate=certificate,
        tls=table.choices("tls", MODERN),
        reach=table.choice("reach", Reach.OPEN),
        starttls=table.choice("starttls", Starttls.NORMAL),
        client_certificate=table.choice("client_certificate", ClientCertificate.NOT_ASKED),
        recipients=_refusal(table),
        unknown=table.texts("unknown"),
        dnssec=table.choice("dnssec", Dnssec.UNSIGNED),
        tlsa=tuple(parse_tlsa(table.place, text, certificate) for text in table.texts("tlsa")),
        tlsa_dns=table.choice("tlsa_dns", Answering.NORMAL),
    )
    table.end()
    return host


def _refusal(table: Table) -> str:
    """What a host says to every RCPT; the empty text where it takes them."""
    text = table.text("recipients", "")
    code, _, words = text.partition(" ")
    if text and not (len(code) == 3 and code[0] in "45" and code.isdecimal() and words):
        raise UserError(f'{table.place}: recipients must read "550 words" or "450 words".')
    return text


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
        chain=table.choice("chain", Chain.WHOLE),
        days_old=table.number("days_old", 1),
        days_left=table.number("days_left", 89),
    )
    table.end()
    return certificate


def read_records(name: str, table: Table) -> tuple[Record, ...]:
    """Further records of one name."""
    ttl = table.number("ttl", 3600)
    kinds = ("A", "AAAA", "CNAME", "MX", "NS", "PTR", "TXT")
    found = tuple(Record(name, kind, table.texts(kind), ttl) for kind in kinds)
    table.end()
    return tuple(record for record in found if record.data)

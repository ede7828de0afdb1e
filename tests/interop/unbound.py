"""Unbound, a validating resolver of Debian, that forwards to a server of ours or of others."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seg_cli.lab.internet import DNS_PORT, Lab
from seg_cli.lab.spec import Answering, Domain, MailHost
from seg_cli.standards.dnssec.keys import TrustAnchor
from tests.interop.agreement import Agreement, Ground
from tests.interop.asking import Socket, Walker, compare, theirs, wanted
from tests.interop.processes import command, free_port, server

CONFIGURATION = """\
server:
  interface: 127.0.0.1
  port: {port}
  directory: "{directory}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  do-daemonize: no
  num-threads: 1
  do-ip6: no
  do-not-query-localhost: no
  unblock-lan-zones: yes
  insecure-lan-zones: no
  module-config: "validator iterator"
  trust-anchor-file: "{directory}/anchors"
  val-sig-skew-min: 0
  val-sig-skew-max: 0
  local-zone: "invalid." nodefault
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: {host}@{upstream}
"""
"""Signatures hold for as long as they say, without the day that Unbound adds of itself.

Names that resolvers keep for themselves (RFC 6303, RFC 6761) are asked of the server as well."""


@contextmanager
def unbound(directory: Path, upstream: Socket, anchors: str) -> Iterator[Socket]:
    """An Unbound that trusts these DS records; where it answers."""
    directory.mkdir()
    (directory / "anchors").write_text(anchors)
    port = free_port()
    file = directory / "unbound.conf"
    file.write_text(
        CONFIGURATION.format(port=port, directory=directory, host=upstream[0], upstream=upstream[1])
    )
    with server(command("unbound", "-d", "-c", file), port):
        yield "127.0.0.1", port


def agreements(ground: Ground) -> Iterator[Agreement]:
    """Every name of the lab. Names that are met with silence come last: Unbound takes a server
    that does not answer for one that is down."""
    lab = ground.lab
    upstream = lab.where(lab.spec.appliance.resolvers[0], DNS_PORT)
    walker = Walker(upstream, (TrustAnchor.read(lab.trust_anchor),))
    with unbound(ground.directory / "unbound", upstream, lab.trust_anchor) as resolver:
        for row, name, rdtype in questions(lab):
            question = wanted(name, rdtype)
            case = rdtype if name == row else f"{name} {rdtype}"
            yield compare(row, case, theirs(resolver, question), walker.reading(question))


def questions(lab: Lab) -> Iterator[tuple[str, str, str]]:
    """The row of the table, the name, and the type."""
    silent = [domain for domain in lab.spec.domains if domain.dns is Answering.SILENT]
    for domain in lab.spec.domains:
        if domain not in silent:
            yield from questions_about(domain, lab)
    for host in lab.spec.hosts:
        yield from questions_about_host(host)
    for domain in silent:
        yield domain.name, domain.name, "MX"


def questions_about(domain: Domain, lab: Lab) -> Iterator[tuple[str, str, str]]:
    name = domain.name
    for rdtype in ("MX", "A", "DS", "DNSKEY"):
        yield name, name, rdtype
    yield name, f"_mta-sts.{name}", "TXT"
    yield name, f"mta-sts.{name}", "A"
    yield name, f"nothing.{name}", "A"
    for mx in domain.mx:
        if any(record.name == mx.name for record in lab.spec.records):
            yield name, mx.name, "A"
            yield name, f"_25._tcp.{mx.name}", "TLSA"


def questions_about_host(host: MailHost) -> Iterator[tuple[str, str, str]]:
    name = host.name
    yield name, name, "A"
    yield name, name, "AAAA"
    yield name, f"_25._tcp.{name}", "TLSA"

"""`lab hosts`: the domains of the lab by group, what each shows and what of it is broken; one
domain in detail; and the way to its policy from another shell."""

import shlex
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from seg_cli.errors import Invalid
from seg_cli.lab.breaking import faults_of
from seg_cli.lab.faults import FAULTS, present
from seg_cli.lab.finding import domain_of, mail_hosts_of, policy_host_of
from seg_cli.lab.internet import Lab
from seg_cli.lab.spec import Domain, LabSpec, Proxy, TlsVersion
from seg_cli.lab.station import Station
from seg_cli.lab.tls import speaks_tls_1_1
from seg_cli.net.clock import Clock, machine_time
from seg_cli.printable import printable
from seg_cli.shell.session import Session
from seg_cli.standards.mta_sts import POLICY_PATH

NO_TLS_1_1 = "    This OpenSSL has no TLS 1.1: the handshake fails for that reason."
OUT_OF_STEP = timedelta(days=1)


async def run(station: Station, session: Session, words: tuple[str, ...]) -> None:
    """All domains, or one."""
    if len(words) > 1:
        word = printable(" ".join(words))
        raise Invalid(f"Invalid arguments when processing lab: hosts {word}")
    spec = station.spec
    if words:
        await session.console.page(list(domain_lines(spec, domain_of(spec, words[0]))))
        return
    network = await session.appliance.network()
    lab = await station.lab()
    hostname = spec.appliance.hostname
    lines = [*group_lines(spec), *listener_lines(hostname, network.listener_address)]
    if spec.proxy is not None:
        lines += proxy_lines(lab, spec.proxy, station.lab_directory, station.plan.clock)
    await session.console.page(lines)


def listener_lines(hostname: str, address: tuple[str, int]) -> Iterator[str]:
    """The way into the appliance from another shell: its port is another one at each start."""
    host, port = address
    yield ""
    yield f"{hostname}: takes mail from other shells of this machine at {host} port {port}:"
    yield f"swaks --server {host}:{port} --from user@client.example.com --to user@domain.com"


def group_lines(spec: LabSpec) -> Iterator[str]:
    """Each group under its title, with a line for each domain and each of its faults."""
    group = ""
    for domain in spec.domains:
        if domain.group != group:
            if group:
                yield ""
            group = domain.group
            yield group
        yield f"{domain.name}: {domain.shows}"
        yield from fault_lines(spec, domain)
        yield from old_openssl(spec, domain)


def fault_lines(spec: LabSpec, domain: Domain) -> Iterator[str]:
    """What is broken about a domain now."""
    for fault in faults_of(spec.broken, domain):
        yield f"    broken ({fault}): {FAULTS[fault].of(spec, domain)}"


def old_openssl(spec: LabSpec, domain: Domain) -> Iterator[str]:
    """What a host of TLS 1.1 cannot show on this machine."""
    hosts = mail_hosts_of(present(spec), domain)
    if any(host.tls == (TlsVersion.V1_1,) for host in hosts) and not speaks_tls_1_1():
        yield NO_TLS_1_1


def domain_lines(spec: LabSpec, domain: Domain) -> Iterator[str]:
    """One domain with its records and hosts, as they are now."""
    yield f"{domain.name}: {domain.shows}"
    yield from fault_lines(spec, domain)
    yield from old_openssl(spec, domain)
    now = present(spec)
    domain = domain_of(now, domain.name)
    addresses = {host.name: ", ".join(host.addresses) for host in now.hosts}
    for mx in domain.mx:
        yield f"    MX {mx.preference} {mx.name} {addresses.get(mx.name, '')}".rstrip()
    for text in domain.mta_sts_txt:
        yield f'    TXT _mta-sts.{domain.name} "{text}"'
    policy = policy_host_of(now, domain)
    if policy is not None:
        yield f"    policy host {policy.name} {', '.join(policy.addresses)}"


def proxy_lines(lab: Lab, proxy: Proxy, directory: Path, clock: Clock) -> list[str]:
    """The proxy as the appliance knows it, and as another shell on this machine reaches it."""
    host, port = lab.where(proxy.address, proxy.port)
    root = shlex.quote(str((directory / "root.pem").absolute()))
    url = f"https://mta-sts.{sample_domain(lab.spec)}{POLICY_PATH}"
    lines = [
        "",
        f"{proxy.hostname}: HTTP proxy at http://{proxy.hostname}:{proxy.port}",
        "The same from another shell, as long as this lab runs:",
        f"curl --proxy http://{host}:{port} --cacert {root} {url}",
    ]
    if abs(clock.now() - machine_time()) > OUT_OF_STEP:
        lines.append("(The lab's time is not this machine's, by which curl judges certificates.)")
    return lines


def sample_domain(spec: LabSpec) -> str:
    """The first domain that has a policy host."""
    return next((policy.domain for policy in spec.policies), "domain.com")

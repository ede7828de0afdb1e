"""The engine delivers into a real Postfix under each TLS setting, and under policies that a real
nginx serves: what the engine tells of each message, beside what the other side has of it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from seg_cli.config.tree import Config
from seg_cli.delivery.network import Network, Surroundings
from seg_cli.events import (
    Event,
    MtaStsFetchFailed,
    MtaStsFetchStarted,
    RecipientsDelivered,
    TlsEstablished,
)
from seg_cli.lab.ca import CertificateAuthority
from seg_cli.lab.first_config import first_config
from seg_cli.lab.internet import Lab
from seg_cli.lab.present import HTTPS_PORT, SMTP_PORT
from seg_cli.lab.reading import parse_spec
from seg_cli.lab.spec import Certificate, LabSpec
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import RunningClock, machine_time
from seg_cli.net.world import Patience
from seg_cli.smtp.handler import Envelope
from tests.interop.agreement import Agreement, Ground
from tests.interop.delivery_cases import POSTFIXES, cases, names_of
from tests.interop.nginx import Nginx, nginx
from tests.interop.postfix import Port, Postfix, postfix

NOT_DELIVERED: Final = "not delivered"
POLICY_ADDRESS: Final = "198.51.100.200"
CONTENT: Final = b"Subject: interoperation\r\n\r\nA line.\r\n"
PATIENCE: Final = Patience(dns=5)


def agreements(ground: Ground) -> Iterator[Agreement]:
    """Every case, one after the other."""
    directory = ground.directory / "deliveries"
    directory.mkdir()
    issue = CertificateAuthority(directory / "lab", machine_time).issue
    ports = {name: Port(directory / f"{name}.pem", level) for name, (level, _) in POSTFIXES.items()}
    for name, (_, issuer) in POSTFIXES.items():
        names = names_of(name)
        ports[name].pem.write_bytes(issue(Certificate(names, names[0], issuer)).pem)
    policies = {f"mta-sts.{case.domain}": case.policy for case in cases() if case.policy}
    pem = directory / "policies.pem"
    pem.write_bytes(issue(Certificate(tuple(policies), "policies.example")).pem)
    with (
        postfix(directory / "postfix", ports) as mail,
        nginx(directory / "nginx", pem, policies) as web,
    ):
        ours = asyncio.run(deliver_all(directory, mail, web))
        received, served = mail.received(), web.served()
    for case in cases():
        fetched = f"mta-sts.{case.domain}" in served
        theirs = words(received.get(case.recipient), fetched=fetched)
        yield Agreement(case.title, "delivery", theirs, ours[case.title])


def words(delivery: str | None, *, fetched: bool) -> str:
    policy = "policy fetched, " if fetched else ""
    return f"{policy}{delivery or NOT_DELIVERED}"


# The engine


def addresses() -> dict[str, str]:
    """Of each mail host."""
    hosts = dict.fromkeys(case.host for case in cases())
    return {host: f"198.51.100.{number}" for number, host in enumerate(hosts, 1)}


def spec() -> LabSpec:
    """DNS for all cases; the addresses of their hosts are led to Postfix and nginx."""
    address = addresses()
    hosts = {
        case.host: {
            "addresses": [address[case.host]],
            "certificate": {
                "names": list(names_of(case.port)),
                "issuer": POSTFIXES[case.port][1].value,
            },
            "tlsa": list(case.tlsa),
        }
        for case in cases()
    }
    domains = {
        case.domain: {
            "mx": [f"10 {case.host}"],
            "mta_sts_txt": "v=STSv1; id=1;" if case.policy else [],
            "dnssec": "signed" if case.tlsa else "unsigned",
        }
        for case in cases()
    }
    policies = {case.domain: {"addresses": [POLICY_ADDRESS]} for case in cases() if case.policy}
    return parse_spec({"domains": domains, "hosts": hosts, "policies": policies})


def config() -> Config:
    made = first_config(spec())
    table = made.destinations
    for case in cases():
        table = table.with_entry(case.control)
    return replace(made, destinations=table)


async def deliver_all(directory: Path, mail: Postfix, web: Nginx) -> dict[str, str]:
    """What the engine tells of each case, by its title."""
    told: list[Event] = []
    found = {}
    async with network(directory, mail, web, told) as outbound:
        for case in cases():
            told.clear()
            mid = await outbound.engine.next_mid()
            await outbound.engine.accept(mid, Envelope("", (case.recipient,)), CONTENT)
            outbound.engine.pump()
            await outbound.quiet()
            found[case.title] = story_of(told)
    return found


def story_of(events: list[Event]) -> str:
    kinds = {type(event) for event in events}
    fetched = MtaStsFetchStarted in kinds and MtaStsFetchFailed not in kinds
    if RecipientsDelivered not in kinds:
        return words(None, fetched=fetched)
    protocols = [event.protocol for event in events if isinstance(event, TlsEstablished)]
    manner = f"over {protocols[-1]}" if protocols else "in clear text"
    return words(f"delivered {manner}", fetched=fetched)


@asynccontextmanager
async def network(
    directory: Path, mail: Postfix, web: Nginx, told: list[Event]
) -> AsyncIterator[Network]:
    """The network side of an appliance whose mail and policies come from the real servers."""
    clock = RunningClock()
    lab = await Lab(spec(), directory / "lab", clock.now).open()
    world = lab.world(clock, SeededChooser(0))
    address = addresses()
    ways = {(address[case.host], SMTP_PORT): mail.ports[case.port] for case in cases()}
    ways[POLICY_ADDRESS, HTTPS_PORT] = web.port

    def where(address: str, port: int) -> tuple[str, int]:
        if (address, port) in ways:
            return "127.0.0.1", ways[address, port]
        return world.where(address, port)

    surroundings = Surroundings(
        replace(world, where=where, patience=PATIENCE),
        directory / "state.sqlite3",
        told.append,
        report,
        {},
        lambda _sentence: None,
    )
    outbound = await Network.bring_up(surroundings, config())
    try:
        yield outbound
    finally:
        await outbound.close()
        await lab.close()


def report(name: str, bug: BaseException) -> None:
    raise RuntimeError(name) from bug

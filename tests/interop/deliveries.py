"""The engine delivers into a real Postfix under each TLS setting, and under policies that a real
nginx serves: what the engine tells of each message, beside what the other side has of it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from seg_cli.config.destinations import DestinationControl
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
from seg_cli.lab.spec import Certificate, Issuer, LabSpec
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import RunningClock, machine_time
from seg_cli.net.world import Patience
from seg_cli.smtp.handler import Envelope
from seg_cli.terms import MtaStsSupport, TlsMode
from tests.interop.agreement import Agreement, Ground
from tests.interop.nginx import Nginx, nginx
from tests.interop.postfix import Port, Postfix, postfix

SETTINGS: Final = {
    TlsMode.NO: "1 No",
    TlsMode.PREFERRED: "2 Preferred",
    TlsMode.REQUIRED: "3 Required",
    TlsMode.PREFERRED_VERIFY: "4 Preferred - Verify",
    TlsMode.REQUIRED_VERIFY: "5 Required - Verify",
    TlsMode.REQUIRED_VERIFY_HOSTED: "6 Required - Verify Hosted Domains",
}

POSTFIXES: Final = {
    "sound": ("may", Issuer.INTERMEDIATE),
    "selfsigned": ("may", Issuer.SELF),
    "clear": ("none", Issuer.INTERMEDIATE),
    "strict": ("encrypt", Issuer.INTERMEDIATE),
}
"""Ports of Postfix by name: smtpd_tls_security_level, and who signed the certificate."""

NOT_DELIVERED: Final = "not delivered"
POLICY_ADDRESS: Final = "198.51.100.200"
CONTENT: Final = b"Subject: interoperation\r\n\r\nA line.\r\n"
PATIENCE: Final = Patience(dns=5)


@dataclass(frozen=True, slots=True)
class Case:
    """One message: its domain, the port of Postfix behind that, the settings, and the policy."""

    title: str
    domain: str
    port: str
    control: DestinationControl
    policy: str = ""

    @property
    def recipient(self) -> str:
        return f"someone@{self.domain}"


def cases() -> tuple[Case, ...]:
    return (*cases_of_settings(), *cases_of_policies())


def cases_of_settings() -> Iterator[Case]:
    """Each setting with each port."""
    for mode, title in SETTINGS.items():
        for port in POSTFIXES:
            domain = f"set{mode.value}.{port}.example"
            control = DestinationControl(domain, tls=mode)
            yield Case(f"{title}: {port}", domain, port, control)


def cases_of_policies() -> Iterator[Case]:
    """TLS Preferred: what holds mail back is the policy alone."""
    for title, port, mode, mx in (
        ("enforce, listed", "sound", "enforce", "mx.sound.example"),
        ("enforce, listed by a wildcard", "sound", "enforce", "*.sound.example"),
        ("enforce, not listed", "sound", "enforce", "mail.other.example"),
        ("enforce, certificate not trusted", "selfsigned", "enforce", "mx.selfsigned.example"),
        ("enforce, no STARTTLS", "clear", "enforce", "mx.clear.example"),
        ("testing, certificate not trusted", "selfsigned", "testing", "mx.selfsigned.example"),
        ("none, no STARTTLS", "clear", "none", "mx.clear.example"),
    ):
        domain = f"{title.replace(',', '').replace(' ', '-').lower()}.example"
        control = DestinationControl(domain, tls=TlsMode.PREFERRED, mta_sts=MtaStsSupport.ON)
        policy = f"version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: 86400\n"
        yield Case(f"MTA-STS: {title}", domain, port, control, policy)


def agreements(ground: Ground) -> Iterator[Agreement]:
    """Every case, one after the other."""
    directory = ground.directory / "deliveries"
    directory.mkdir()
    issue = CertificateAuthority(directory / "lab", machine_time).issue
    ports = {name: Port(directory / f"{name}.pem", level) for name, (level, _) in POSTFIXES.items()}
    for name, (_, issuer) in POSTFIXES.items():
        names = (f"mx.{name}.example", f"*.{name}.example")
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


def spec() -> LabSpec:
    """DNS for all cases; the addresses of their hosts are led to Postfix and nginx."""
    hosts = {
        f"mx.{name}.example": {"addresses": [f"198.51.100.{number}"]}
        for number, name in enumerate(POSTFIXES, 1)
    }
    domains = {
        case.domain: {"mx": [f"10 mx.{case.port}.example"]}
        | ({"mta_sts_txt": "v=STSv1; id=1;"} if case.policy else {})
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
    ways: Mapping[tuple[str, int], int] = {
        (POLICY_ADDRESS, HTTPS_PORT): web.port,
        **{
            (f"198.51.100.{number}", SMTP_PORT): mail.ports[name]
            for number, name in enumerate(POSTFIXES, 1)
        },
    }

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

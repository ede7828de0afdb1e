"""The appliance as in the real world, whose every address leads to a lab: what it does not do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from seg_cli.delivery.quiet import Quiet
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.memory import MemoryTeletype
from seg_cli.errors import EndOfInput
from seg_cli.lab.internet import Lab
from seg_cli.lab.reading import load_spec
from seg_cli.lab.sending import Parcel, send_messages
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import Clock, SteppedClock
from seg_cli.net.dialer import dial
from seg_cli.net.machine import itself, peer, resolvers
from seg_cli.net.world import World
from seg_cli.policy.bounds import Bounds
from seg_cli.policy.facts import Failed
from seg_cli.programs.location import machine_name
from seg_cli.programs.real import (
    RealPlan,
    RealStation,
    bounds_of,
    commands_in_real_world,
    real_session,
)
from seg_cli.shell.help import with_help
from seg_cli.shell.loop import Shell, Status, login
from seg_cli.shell.session import Session
from tests.whole.conftest import LAB, START, fail, fault

WITHHELD = (
    "is not delivered to {}: in the real world mail goes only to the domains named by --deliver-to"
)
NOT_PUBLIC = (
    "STS policy fetch request failed due to the address of the policy host is not public. "
    "domain domain.com"
)


@dataclass
class Real:
    """A login in the real world."""

    station: RealStation
    session: Session
    status: Status = Status.DONE

    async def type(self, line: str, *answers: str) -> str:
        with MemoryTeletype(*answers) as teletype:
            self.session.console = Console(teletype)
            commands = with_help(commands_in_real_world(self.station))
            self.status = await Shell(self.session, commands, fault).perform(line)
        return teletype.output

    async def send(self, to: str) -> None:
        """A message into the listener, from a program on this machine."""
        network = await self.station.appliance.network()
        sock = await dial(replace(network.world, where=itself), *network.listener_address)
        assert not isinstance(sock, Failed)
        parcel = Parcel("me@here.example", (to,), 1, 0)
        replies = await send_messages(sock, "here.example", parcel, START, count(1))
        assert replies[-1].startswith("250 ok")
        assert await self.station.appliance.quiet() == Quiet()

    def log(self) -> list[str]:
        text = self.station.appliance.logs.path("mail_logs").read_text()
        return [line.split(": ", 1)[1] for line in text.splitlines()]


@asynccontextmanager
async def real(directory: Path, bounds: Bounds) -> AsyncIterator[Real]:
    """An appliance that takes the lab for the Internet, with the lab's name servers."""
    lab = await Lab(load_spec(LAB), directory / "lab", lambda: START).open()

    def world(clock: Clock, bounds: Bounds) -> World:
        return replace(lab.world(clock, SeededChooser(0)), bounds=bounds, whence=peer)

    plan = RealPlan(directory / "appliance", SteppedClock(START), fail, bounds, world)
    station = RealStation(plan)
    try:
        box = Real(station, real_session(station, MemoryTeletype()))
        for address in resolvers():
            await box.type(f"dnsconfig parent delete {address}")
        await box.type("dnsconfig parent new 10.10.5.61 0")
        await box.type("destconfig new domain.com use_tls=on mta_sts=on")
        await box.type('commit "ready"')
        yield box
    finally:
        await station.close()
        await lab.close()


def only(*domains: str, allow_private: bool = False) -> Bounds:
    return bounds_of(domains, allow_private=allow_private)


async def test_nothing_is_delivered_unless_a_domain_is_named(tmp_path: Path) -> None:
    async with real(tmp_path, only()) as box:
        await box.send("user@plain.example")
        assert f"MID 1 to RID [0] {WITHHELD.format('plain.example')}" in box.log()
        assert not [line for line in box.log() if "DCID" in line]
        assert "user@plain.example" in await box.type("showrecipients", "3")


async def test_mail_is_delivered_to_a_domain_that_is_named(tmp_path: Path) -> None:
    async with real(tmp_path, only("Plain.Example")) as box:
        await box.send("user@plain.example")
        assert "Message finished MID 1 done" in box.log()
        assert any("reverse dns host unknown verified no" in line for line in box.log())
        assert any("SG RELAYLIST match" in line for line in box.log())


async def test_policies_of_hosts_that_are_not_public_are_refused(tmp_path: Path) -> None:
    async with real(tmp_path, only("domain.com")) as box:
        await box.type("logconfig", "edit", "1", "", "4", "", "", "", "", "", "")
        await box.type('commit "debug"')
        await box.send("user@domain.com")
        assert NOT_PUBLIC in box.log()
        assert "Message finished MID 1 done" in box.log()


async def test_they_are_fetched_where_that_is_allowed(tmp_path: Path) -> None:
    async with real(tmp_path, only("domain.com", allow_private=True)) as box:
        await box.send("user@domain.com")
        assert "MTA-STS policy for the domain (domain.com) Successful." in box.log()


async def test_the_lab_command_says_how_far_the_appliance_goes(tmp_path: Path) -> None:
    async with real(tmp_path, only("b.example", "a.example")) as box:
        lines = (await box.type("lab")).splitlines()
        host, port = (await box.station.appliance.network()).listener_address
        assert host == "127.0.0.1"
        assert lines == [
            "There is no lab in the real world: leave --world real out to have one.",
            f"The listener takes mail in at 127.0.0.1:{port}, from this machine only.",
            "Mail is delivered to a.example, b.example.",
        ]
        assert await box.type("lab send") == f"{lines[0]}\n"
        assert box.status is Status.FAILED
    async with real(tmp_path / "other", only()) as box:
        assert "to nobody: name domains with --deliver-to.\n" in await box.type("lab")


async def test_where_mail_is_taken_in_is_told_before_the_next_prompt(tmp_path: Path) -> None:
    async with real(tmp_path, only()) as box:
        commands = commands_in_real_world(box.station)
        with MemoryTeletype("dnsstatus", EndOfInput) as teletype:
            await login(real_session(box.station, teletype), commands, fault)
        _, port = (await box.station.appliance.network()).listener_address
        notice = (
            f"\n[world] The listener takes mail in at 127.0.0.1:{port}, from this machine only.\n"
        )
        assert notice in teletype.output


async def test_the_first_configuration_is_the_machines(tmp_path: Path) -> None:
    station = RealStation(RealPlan(tmp_path, SteppedClock(START), fail, only()))
    config = station.appliance.config
    assert config.hostname == machine_name()
    assert [server.address for server in config.dns.servers] == list(resolvers())
    assert [server.priority for server in config.dns.servers] == list(range(len(resolvers())))
    assert config.interfaces[0].name == "Management"
    await station.close()

"""The small internet: every server of a lab, real protocols on loopback, in one thread.

    with Lab(spec, directory, now) as lab:
        world = lab.world(clock, chooser)

The lab answers, and does nothing of its own accord.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from typing import Self

from seg_cli.lab.addresses import Addresses, Callers, Socket
from seg_cli.lab.background import LoopThread
from seg_cli.lab.ca import CertificateAuthority
from seg_cli.lab.journal import Journal
from seg_cli.lab.mail_host import MailServer
from seg_cli.lab.nameserver import NameServer
from seg_cli.lab.policy_host import PolicyServer
from seg_cli.lab.proxy import ConnectProxy
from seg_cli.lab.servers import Servers
from seg_cli.lab.sockets import refusing_socket, silent_socket
from seg_cli.lab.spec import LabSpec, MailHost, PolicyHost, Reach
from seg_cli.lab.tls import TlsSetup
from seg_cli.lab.zones import Zones
from seg_cli.net.clock import Clock
from seg_cli.net.world import LAB_PATIENCE, Chooser, World

DNS_PORT, HTTPS_PORT, SMTP_PORT = 53, 443, 25


class Lab:
    """A lab; as a context manager it runs from entry to exit. `journal` tells what it saw.

    UserError, before anything runs, if the spec holds a record that cannot be. `directory` keeps
    the keys of its certificates; `now` dates them, and is called in the lab's thread.
    """

    def __init__(self, spec: LabSpec, directory: Path, now: Callable[[], datetime]) -> None:
        self.spec = spec
        self.journal = Journal()
        self._authority = CertificateAuthority(directory, now)
        self._tls = TlsSetup(self._authority, now)
        self._zones = Zones(spec)
        self._callers = Callers()
        self._running = ExitStack()
        self._addresses: Addresses | None = None

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            background = starting.enter_context(LoopThread("lab"))
            servers = Servers()
            starting.callback(lambda: background.finish(servers.stop()))
            self._addresses = background.finish(self._bring_up(servers, starting))
            self._running = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    async def open(self) -> Self:
        """Enter, for a caller on an event loop."""
        return await asyncio.to_thread(self.__enter__)

    async def close(self) -> None:
        """Exit, for a caller on an event loop."""
        await asyncio.to_thread(self.__exit__)

    def world(self, clock: Clock, chooser: Chooser) -> World:
        """The outside as an appliance in this lab has it."""
        return World(
            clock=clock,
            patience=LAB_PATIENCE,
            chooser=chooser,
            system_roots=(self._authority.root_der,),
            where=self.where,
            whence=self._callers.whence,
        )

    def where(self, address: str, port: int) -> Socket:
        """Where an address of the lab leads on loopback."""
        assert self._addresses is not None
        return self._addresses.where(address, port)

    def socket_from(self, address: str) -> AbstractContextManager[socket.socket]:
        """A socket whose peers take it for an address of the lab."""
        return self._callers.socket_from(address)

    # Bring-up, in the lab's own thread

    async def _bring_up(self, servers: Servers, stack: ExitStack) -> Addresses:
        spec = self.spec
        sockets: dict[Socket, Socket] = {}
        for address in spec.appliance.resolvers:
            resolver = NameServer(address, self._zones, self.journal)
            sockets[address, DNS_PORT] = await servers.resolver(resolver)
        for address, hosts in policy_hosts_by_address(spec).items():
            sockets[address, HTTPS_PORT] = servers.tcp(self._policy_server(hosts).serve)
        for host in spec.hosts:
            if host.reach is Reach.OPEN:
                own = servers.tcp(self._mail_server(host).serve)
                sockets |= {(address, SMTP_PORT): own for address in host.addresses}
        if spec.proxy is not None:
            proxy = ConnectProxy(self._locate, self.journal)
            sockets[spec.proxy.address, spec.proxy.port] = servers.tcp(proxy.serve)
        return Addresses(
            sockets,
            silent_addresses(spec),
            refusing_socket(stack).getsockname(),
            silent_socket(stack).getsockname(),
        )

    def _policy_server(self, hosts: dict[str, PolicyHost]) -> PolicyServer:
        offer = self._tls.offer_by_name({name: host.certificate for name, host in hosts.items()})
        return PolicyServer(hosts, self.journal, offer)

    def _mail_server(self, host: MailHost) -> MailServer:
        offer = self._tls.offer(host.certificate, host.tls) if host.tls else None
        return MailServer(host, self.journal, offer)

    def _locate(self, host: str, port: int) -> Socket | None:
        addresses = self._zones.addresses(host)
        return self.where(addresses[0], port) if addresses else None


def policy_hosts_by_address(spec: LabSpec) -> dict[str, dict[str, PolicyHost]]:
    """The policy hosts that answer, by address and then by name: they may share addresses."""
    found: dict[str, dict[str, PolicyHost]] = {}
    for policy in spec.policies:
        if policy.reach is Reach.OPEN:
            for address in policy.addresses:
                found.setdefault(address, {})[policy.name] = policy
    return found


def silent_addresses(spec: LabSpec) -> frozenset[str]:
    """The addresses that answer nobody: one silent host silences whatever else is there."""
    servers: tuple[PolicyHost | MailHost, ...] = spec.policies + spec.hosts
    return frozenset(a for one in servers if one.reach is Reach.SILENT for a in one.addresses)

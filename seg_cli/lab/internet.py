"""The small internet: every server of a lab, real protocols on loopback, in one thread.

    with Lab(spec, directory, now) as lab:
        world = lab.world(clock, chooser)

The lab answers, and does nothing of its own accord. Its sockets are made once, at the bring-up;
what answers on them is looked up in the present state of the spec (present.py) each time.
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
from seg_cli.lab.dnssec import Resolving
from seg_cli.lab.journal import Journal
from seg_cli.lab.mail_host import MailServer
from seg_cli.lab.nameserver import NameServer
from seg_cli.lab.policy_host import PolicyServer
from seg_cli.lab.present import HTTPS_PORT, SMTP_PORT, Present
from seg_cli.lab.proxy import ConnectProxy
from seg_cli.lab.servers import Servers
from seg_cli.lab.signing import TRUST_ANCHOR
from seg_cli.lab.sockets import refusing_socket, silent_socket
from seg_cli.lab.spec import Certificate, LabSpec
from seg_cli.lab.tls import TlsSetup
from seg_cli.net.clock import Clock
from seg_cli.net.world import LAB_PATIENCE, Chooser, World
from seg_cli.standards.dnssec.keys import TrustAnchor

DNS_PORT = 53


class Lab:
    """A lab; as a context manager it runs from entry to exit. `journal` tells what it saw.

    UserError, before anything runs, if the spec holds a record that cannot be. `directory` keeps
    the keys of its certificates; `now` dates them, and is called in the lab's thread.
    """

    def __init__(self, spec: LabSpec, directory: Path, now: Callable[[], datetime]) -> None:
        self.spec = spec
        self.journal = Journal()
        self._authority = CertificateAuthority(directory, now)
        self._now = Present.of(spec, self._authority)
        self._tls = TlsSetup(self._authority, now)
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
        """The outside as an appliance in this lab has it; it trusts a resolver that validates."""
        appliance = self.spec.appliance
        validating = appliance.resolving is Resolving.VALIDATING
        return World(
            clock=clock,
            patience=LAB_PATIENCE,
            chooser=chooser,
            system_roots=(self._authority.root_der,),
            where=self.where,
            whence=self._callers.whence,
            trust_anchors=(TrustAnchor.read(self.trust_anchor),),
            trusted_resolvers=frozenset(appliance.resolvers if validating else ()),
        )

    def adopt(self, spec: LabSpec) -> None:
        """Go by this spec from the next question and the next connection on.

        It must be the one the lab came up with but for its faults: no socket is added.
        """
        now = Present.of(spec, self._authority)
        self.spec, self._now = spec, now
        if self._addresses is not None:
            self._addresses = now.reached_by(self._addresses)

    def where(self, address: str, port: int) -> Socket:
        """Where an address of the lab leads on loopback."""
        assert self._addresses is not None
        return self._addresses.where(address, port)

    def socket_from(self, address: str) -> AbstractContextManager[socket.socket]:
        """A socket whose peers take it for an address of the lab."""
        return self._callers.socket_from(address)

    def addresses_of(self, name: str) -> tuple[str, ...]:
        """The addresses that the lab's own name servers have for a name at the moment."""
        return self._now.zones.addresses(name)

    @property
    def trust_anchor(self) -> str:
        """The DS record of the lab's root zone; also kept in the directory, in `trust-anchor`."""
        return self._now.zones.signed.keys.trust_anchor()

    # Bring-up, in the lab's own thread

    async def _bring_up(self, servers: Servers, stack: ExitStack) -> Addresses:
        spec = self.spec
        sockets: dict[Socket, Socket] = {}
        for address in spec.appliance.resolvers:
            resolver = NameServer(address, lambda: self._now.zones, self.journal)
            sockets[address, DNS_PORT] = await servers.resolver(resolver)
        for address in dict.fromkeys(a for policy in spec.policies for a in policy.addresses):
            sockets[address, HTTPS_PORT] = servers.tcp(self._policy_server(address).serve)
        for host in spec.hosts:
            own = servers.tcp(self._mail_server(host.name).serve)
            sockets |= {(address, SMTP_PORT): own for address in host.addresses}
        if spec.proxy is not None:
            proxy = ConnectProxy(self._locate, self.journal)
            sockets[spec.proxy.address, spec.proxy.port] = servers.tcp(proxy.serve)
        addresses = Addresses(
            sockets, refusing_socket(stack).getsockname(), silent_socket(stack).getsockname()
        )
        self._write_client_certificates()
        self._authority.write(TRUST_ANCHOR, self.trust_anchor.encode())
        return self._now.reached_by(addresses)

    def _policy_server(self, address: str) -> PolicyServer:
        return PolicyServer(lambda: self._now.policy_hosts[address], self.journal, self._tls)

    def _mail_server(self, name: str) -> MailServer:
        return MailServer(lambda: self._now.mail_hosts[name], self.journal, self._tls)

    def _write_client_certificates(self) -> None:
        """What the appliance may show to a host that demands a certificate, for `certconfig`."""
        name = self.spec.appliance.hostname
        for file, certificate in client_certificates(name).items():
            self._authority.write_pem(file, certificate)

    def _locate(self, host: str, port: int) -> Socket | None:
        addresses = self.addresses_of(host)
        return self.where(addresses[0], port) if addresses else None


def client_certificates(name: str) -> dict[str, Certificate]:
    """Certificates of the lab's authority for the appliance, by the names of their files."""
    return {
        "client": Certificate((name,), name),
        "client-expired": Certificate((name,), name, days_old=90, days_left=-1),
    }

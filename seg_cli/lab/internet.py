"""The small internet: every server of a lab, real protocols on loopback, in one thread.

with Lab(spec, directory, now) as lab:
    world = lab.world(clock, chooser)
"""

import asyncio
import socket
import ssl
import tempfile
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from typing import Self

from seg_cli.lab.addresses import Addresses, Callers, Socket
from seg_cli.lab.ca import CertificateAuthority
from seg_cli.lab.journal import Journal
from seg_cli.lab.mail_host import Mailbox, profile_of
from seg_cli.lab.nameserver import NameServer
from seg_cli.lab.policy_host import PolicyServer
from seg_cli.lab.proxy import ConnectProxy
from seg_cli.lab.sockets import listening_socket, port_pair, refusing_pair, silent_socket
from seg_cli.lab.spec import LabSpec, MailHost, PolicyHost, Reach, TlsVersion
from seg_cli.lab.zones import Zones
from seg_cli.net.clock import Clock
from seg_cli.net.world import LAB_PATIENCE, Chooser, World
from seg_cli.smtp.profile import TlsOffer
from seg_cli.smtp.server import serve_connection

Serve = Callable[[socket.socket], Awaitable[object]]
StreamServe = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

VERSIONS = {
    TlsVersion.V1_2: ssl.TLSVersion.TLSv1_2,
    TlsVersion.V1_3: ssl.TLSVersion.TLSv1_3,
}


class Lab:
    """A lab; as a context manager it runs from entry to exit. `journal` tells what it saw."""

    def __init__(self, spec: LabSpec, directory: Path, now: Callable[[], datetime]) -> None:
        self.spec = spec
        self.journal = Journal()
        self._ca = CertificateAuthority(directory, now)
        self._zones = Zones(spec)
        self._callers = Callers()
        self._stack = ExitStack()
        self._sockets: dict[Socket, Socket] = {}
        self._addresses: Addresses | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="lab", daemon=True)
        self._tasks: set[asyncio.Task[object]] = set()
        self._transports: list[asyncio.DatagramTransport] = []

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._bring_up(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._stack.close()

    def world(self, clock: Clock, chooser: Chooser) -> World:
        """The outside as an appliance in this lab has it."""
        return World(
            clock=clock,
            patience=LAB_PATIENCE,
            chooser=chooser,
            system_roots=(self._ca.root_der,),
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

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _bring_up(self) -> None:
        for address in self.spec.appliance.resolvers:
            await self._start_resolver(address)
        for policy in self.spec.policies:
            self._start_policy_host(policy)
        for host in self.spec.hosts:
            self._start_mail_host(host)
        if self.spec.proxy is not None:
            proxy = ConnectProxy(self._dial, self.journal)
            self._listen(
                (self.spec.proxy.address,), self.spec.proxy.port, self._streams(proxy.serve)
            )
        servers: list[PolicyHost | MailHost] = [*self.spec.policies, *self.spec.hosts]
        silent = {a for one in servers if one.reach is Reach.SILENT for a in one.addresses}
        self._addresses = Addresses(
            self._sockets,
            frozenset(silent),
            refusing_pair(self._stack).tcp.getsockname(),
            silent_socket(self._stack).getsockname(),
        )

    async def _start_resolver(self, address: str) -> None:
        pair = port_pair(self._stack)
        server = NameServer(address, self._zones, self.journal)
        transport, _ = await self._loop.create_datagram_endpoint(lambda: server, sock=pair.udp)
        self._transports.append(transport)
        pair.tcp.listen()
        self._accept(pair.tcp, self._streams(server.serve_tcp))
        self._sockets[address, 53] = pair.tcp.getsockname()

    def _start_policy_host(self, host: PolicyHost) -> None:
        if host.reach is not Reach.OPEN:
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        _load(context, self._ca.issue(host.certificate).pem)
        server = PolicyServer(host, self.journal, TlsOffer(context))
        self._listen(host.addresses, 443, self._streams(server.serve, context))

    def _start_mail_host(self, host: MailHost) -> None:
        if host.reach is not Reach.OPEN:
            return

        pem = self._ca.issue(host.certificate).pem

        async def serve(sock: socket.socket) -> object:
            """Each connection has an offer of its own, for an offer remembers who asked it."""
            profile = profile_of(host, _offer(host, pem) if host.tls else None)
            return await serve_connection(sock, profile, Mailbox(host, self.journal))

        self._listen(host.addresses, 25, serve)

    # Connections

    def _listen(self, addresses: tuple[str, ...], port: int, serve: Serve) -> None:
        listener = listening_socket(self._stack)
        for address in addresses:
            self._sockets[address, port] = listener.getsockname()
        self._accept(listener, serve)

    def _accept(self, listener: socket.socket, serve: Serve) -> None:
        async def accept() -> None:
            while True:
                sock, _ = await self._loop.sock_accept(listener)
                self._start(self._serve(serve, sock))

        self._start(accept())

    async def _serve(self, serve: Serve, sock: socket.socket) -> None:
        """What a client does to a server of the lab is no bug of the lab."""
        try:
            await serve(sock)
        except (OSError, EOFError):
            return

    def _streams(self, serve: StreamServe, context: ssl.SSLContext | None = None) -> Serve:
        """A server of streams as a server of sockets, under TLS where a context is given."""

        async def serve_socket(sock: socket.socket) -> None:
            reader = asyncio.StreamReader(loop=self._loop)
            protocol = asyncio.StreamReaderProtocol(reader, loop=self._loop)
            try:
                transport, _ = await self._loop.connect_accepted_socket(
                    lambda: protocol, sock, ssl=context
                )
            except OSError:
                sock.close()
                return
            writer = asyncio.StreamWriter(transport, protocol, reader, self._loop)
            try:
                await serve(reader, writer)
            finally:
                writer.close()

        return serve_socket

    async def _dial(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """What the proxy does: look the name up itself, and connect."""
        addresses = self._zones.addresses(host)
        if not addresses:
            raise OSError(f"no address of {host}")
        real_host, real_port = self.where(addresses[0], port)
        return await asyncio.open_connection(real_host, real_port)

    def _start(self, work: Coroutine[object, object, object]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _end(self) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for transport in self._transports:
            transport.abort()
        await asyncio.sleep(0)  # transports that were closed let their sockets go


def _offer(host: MailHost, pem: bytes) -> TlsOffer:
    """TLS as the host offers it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    versions = [VERSIONS[version] for version in host.tls]
    context.minimum_version, context.maximum_version = min(versions), max(versions)
    _load(context, pem)
    return TlsOffer(context)


def _load(context: ssl.SSLContext, pem: bytes) -> None:
    """OpenSSL takes certificate chains from files only."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name)

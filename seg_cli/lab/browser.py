"""A browser, as far as policies need one: look up, dial, shake hands, judge, read one page."""

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import dns.name
import dns.rcode
import dns.rdatatype
from cryptography import x509

from seg_cli.net.dialer import dial
from seg_cli.net.dns_exchange import Transport, exchange, question
from seg_cli.net.starttls import client_context, handshake_failure, peer_chain
from seg_cli.net.world import World
from seg_cli.policy.facts import Failed
from seg_cli.standards.identifiers import matches_dns_id
from seg_cli.standards.pkix import TrustAnchors, check_chain, names_of
from seg_cli.terms import Reason

HTTPS_PORT = 443
DNS_TIMEOUT = 5.0
MOST_OCTETS = 1 << 20


@dataclass(frozen=True, slots=True)
class NotThere:
    """There is no page; one sentence says why."""

    why: str


@dataclass(frozen=True, slots=True)
class Page:
    """A response, its field names in lower case; `whole` unless time ran out before its end."""

    status: str
    fields: Mapping[str, str]
    body: bytes
    whole: bool


@dataclass(frozen=True, slots=True)
class CertificateSeen:
    """What a browser shows of a certificate."""

    names: tuple[str, ...]
    issuer: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """How far one visit came: the address, the certificate, and the page or why there is none."""

    end: Page | NotThere
    address: str = ""
    certificate: CertificateSeen | None = None


@dataclass(frozen=True, slots=True)
class Browser:
    """Trusts the roots of its world and asks one name server; keeps nothing between visits."""

    world: World
    name_server: str

    async def visit(self, host: str, path: str) -> Visit:
        """One page; a certificate that does not hold ends the visit, as it should."""
        address = await self._look_up(host)
        if isinstance(address, NotThere):
            return Visit(address)
        sock = await dial(self.world, address, HTTPS_PORT)
        if isinstance(sock, Failed):
            return Visit(NotThere(f"No connection: {sock.detail or sock.reason}."), address)
        with sock:
            return await self._talk(sock, Target(host, address, path))

    async def _look_up(self, host: str) -> str | NotThere:
        name = dns.name.from_text(host)
        for rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA):
            query = question(self.world, name, rdtype)
            answer = await exchange(self.world, self.name_server, query, Transport.UDP, DNS_TIMEOUT)
            if isinstance(answer, Failed):
                return NotThere(f"{host} could not be looked up: {answer.detail}.")
            if answer.rcode() != dns.rcode.NOERROR:
                return NotThere(f"{host}: the name server answers {answer.rcode().name}.")
            for rrset in answer.answer:
                if rrset.rdtype == rdtype:
                    return str(rrset[0])
        return NotThere(f"{host} has no address.")

    async def _talk(self, sock: socket.socket, target: "Target") -> Visit:
        try:
            async with asyncio.timeout(self.world.patience.handshake):
                reader, writer = await asyncio.open_connection(
                    sock=sock, ssl=client_context(), server_hostname=target.host
                )
        except (OSError, EOFError) as error:
            why = f"The TLS handshake failed: {handshake_failure(error)[1]}."
            return Visit(NotThere(why), target.address)
        try:
            chain = peer_chain(writer.get_extra_info("ssl_object"))
            certificate = seen(chain)
            problem = self._judge(chain, target.host)
            end = await self._read(reader, writer, target) if problem is None else problem
            return Visit(end, target.address, certificate)
        finally:
            writer.transport.abort()

    def _judge(self, chain: tuple[bytes, ...], host: str) -> NotThere | None:
        """What is wrong with a certificate at this time, for this name; None if nothing is."""
        anchors = TrustAnchors.of(self.world.system_roots)
        problem = check_chain(chain, anchors, self.world.clock.now())
        if problem is None:
            names = names_of(chain[0])
            assert not isinstance(names, Reason)  # a trusted chain has a readable leaf
            if any(matches_dns_id(pattern, host) for pattern in names.dns_names):
                return None
            problem = Reason.CERTIFICATE_HOST_MISMATCH
        return NotThere(f"A browser refuses this certificate: {problem}.")

    async def _read(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: "Target"
    ) -> Page | NotThere:
        writer.write(f"GET {target.path} HTTP/1.1\r\nHost: {target.host}\r\n\r\n".encode())
        received = bytearray()
        whole = False
        try:
            async with asyncio.timeout(self.world.patience.fetch):
                while len(received) < MOST_OCTETS and (part := await reader.read(65_536)):
                    received += part
                whole = True
        except TimeoutError:
            pass
        except (OSError, EOFError) as error:
            return NotThere(f"The connection broke: {handshake_failure(error)[1]}.")
        return parse_page(bytes(received), whole=whole)


@dataclass(frozen=True, slots=True)
class Target:
    """Where one visit goes."""

    host: str
    address: str
    path: str


def seen(chain: tuple[bytes, ...]) -> CertificateSeen | None:
    """The leaf of a chain for people to read; None for one that cannot be read."""
    names = names_of(chain[0]) if chain else Reason.NO_CERTIFICATE
    if isinstance(names, Reason):
        return None
    leaf = x509.load_der_x509_certificate(chain[0])
    shown = names.dns_names or ((f"CN={names.common_name}",) if names.common_name else ())
    issuer = leaf.issuer.rfc4514_string()
    return CertificateSeen(shown, issuer, leaf.not_valid_before_utc, leaf.not_valid_after_utc)


def parse_page(received: bytes, *, whole: bool) -> Page | NotThere:
    """The response that these bytes are, or that they are none."""
    head, blank, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    if not blank or not status.startswith("HTTP/1."):
        return NotThere("The host sent no HTTP response.")
    fields = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    return Page(status, fields, body, whole)

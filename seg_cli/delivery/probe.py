"""A probe of one mail host's TLS: handshake and verdict of a delivery, without mail."""

from dataclasses import dataclass

from seg_cli.delivery.parts import DeliveryParts
from seg_cli.delivery.tls import Seen
from seg_cli.net.dialer import dial
from seg_cli.policy.facts import Failed, Found, HostNames, TlsFacts
from seg_cli.policy.requirement import TlsRequirement
from seg_cli.policy.verdict import Reference, judge
from seg_cli.smtp.client import SmtpClient
from seg_cli.smtp.replies import Reply
from seg_cli.terms import Reason


@dataclass(frozen=True, slots=True)
class Target:
    """Which host is asked, and which domain its certificate shall vouch for."""

    domain: str
    host: str
    port: int
    mx_hosts: tuple[str, ...] = ()
    """All the MX hosts of the domain, for Hosted Verify; empty is the host alone."""
    route_hosts: tuple[str, ...] = ()
    """The hosts of its SMTP route, which Hosted Verify goes by where there is one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a host showed of TLS, and what its certificate is judged by.

    `silenced` is what the host said to EHLO under TLS, where that ends the connection: in TLS 1.3
    a host that wants a certificate of us says so only there.
    """

    facts: TlsFacts
    reference: Reference
    silenced: Failed | None = None

    def under(self, requirement: TlsRequirement) -> Seen:
        """The facts with the verdict on them under a requirement."""
        return Seen(self.facts, judge(requirement, self.facts, self.reference))


async def probe(
    parts: DeliveryParts, target: Target, address: str, requirement: TlsRequirement, hostname: str
) -> Seen | Failed:
    """Connect to one address of the target, start TLS and judge by the requirement; Failed where
    nobody speaks SMTP there.

    `hostname` is who we say we are.
    """
    shown = await look_at(parts, target, address, requirement.server_name(target.host), hostname)
    return shown if isinstance(shown, Failed) else shown.under(requirement)


async def look_at(
    parts: DeliveryParts, target: Target, address: str, server_name: str, hostname: str
) -> Shown | Failed:
    """What one address of the target shows when it is asked for `server_name` in SNI, to be judged
    under as many requirements as there are; Failed where nobody speaks SMTP there."""
    sock = await dial(parts.world, address, target.port)
    if isinstance(sock, Failed):
        return sock
    client = SmtpClient.over(sock, parts.world.patience)
    try:
        greeted = await _greet(client, hostname)
        if greeted is not None:
            return greeted
        facts = await client.start_tls(parts.connections.context, server_name)
        silenced = await _introduce(client, hostname) if facts.refusal is None else None
    finally:
        await client.quit()
    mx_hosts = target.mx_hosts or (target.host,)
    ptr = await _ptr(parts, address)
    names = HostNames(target.domain, target.host, mx_hosts, target.route_hosts, ptr)
    return Shown(facts, Reference(parts.anchors, parts.world.clock.now(), names), silenced)


async def _greet(client: SmtpClient, hostname: str) -> Failed | None:
    greeting = await client.greet()
    if isinstance(greeting, Failed):
        return greeting
    return await _introduce(client, hostname) if greeting.is_positive else _refused(greeting)


async def _introduce(client: SmtpClient, hostname: str) -> Failed | None:
    hello = await client.ehlo(hostname)
    if isinstance(hello, Failed):
        return hello
    return None if hello.reply.is_positive else _refused(hello.reply)


def _refused(reply: Reply) -> Failed:
    return Failed(Reason.REFUSED, detail=str(reply))


async def _ptr(parts: DeliveryParts, address: str) -> tuple[str, ...]:
    reverse = await parts.resolver.ptr(address)
    return reverse.value if isinstance(reverse, Found) else ()

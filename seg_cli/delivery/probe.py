"""A probe of one mail host's TLS: handshake and verdict of a delivery, without mail."""

from dataclasses import dataclass

from seg_cli.delivery.parts import DeliveryParts
from seg_cli.delivery.tls import Seen
from seg_cli.net.dialer import dial
from seg_cli.policy.facts import Failed, Found, HostNames
from seg_cli.policy.requirement import by_setting
from seg_cli.policy.tls_settings import TLS_SETTINGS
from seg_cli.policy.verdict import Reference, judge
from seg_cli.smtp.client import SmtpClient
from seg_cli.smtp.replies import Reply
from seg_cli.terms import Reason, TlsMode

VERIFY = by_setting(TLS_SETTINGS[TlsMode.REQUIRED_VERIFY])
"""What `tlsverify` demands: the plain Verify algorithm, whatever is configured (AOS-34)."""


@dataclass(frozen=True, slots=True)
class Target:
    """Which host is asked, and which domain its certificate shall vouch for."""

    domain: str
    host: str
    port: int


async def probe(parts: DeliveryParts, target: Target, address: str, hostname: str) -> Seen | Failed:
    """Connect to one address of the target and start TLS; Failed where nobody speaks SMTP there.

    `hostname` is who we say we are.
    """
    sock = await dial(parts.world, address, target.port)
    if isinstance(sock, Failed):
        return sock
    client = SmtpClient.over(sock, parts.world.patience)
    try:
        greeted = await _greet(client, hostname)
        if greeted is not None:
            return greeted
        facts = await client.start_tls(parts.connections.context, target.host)
    finally:
        await client.quit()
    names = HostNames(target.domain, target.host, (target.host,), ptr=await _ptr(parts, address))
    reference = Reference(parts.anchors, parts.world.clock.now(), names)
    return Seen(facts, judge(VERIFY, facts, reference))


async def _greet(client: SmtpClient, hostname: str) -> Failed | None:
    greeting = await client.greet()
    if isinstance(greeting, Failed):
        return greeting
    if not greeting.is_positive:
        return _refused(greeting)
    hello = await client.ehlo(hostname)
    if isinstance(hello, Failed):
        return hello
    return None if hello.reply.is_positive else _refused(hello.reply)


def _refused(reply: Reply) -> Failed:
    return Failed(Reason.REFUSED, detail=str(reply))


async def _ptr(parts: DeliveryParts, address: str) -> tuple[str, ...]:
    reverse = await parts.resolver.ptr(address)
    return reverse.value if isinstance(reverse, Found) else ()

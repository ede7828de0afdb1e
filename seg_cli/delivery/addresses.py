"""Addresses of a host that may be a name or already an address."""

from seg_cli.address_literals import is_address
from seg_cli.net.resolver import Resolver
from seg_cli.policy.facts import Found


async def host_addresses(resolver: Resolver, host: str) -> tuple[str, ...]:
    """A literal address itself, else the IPv4 and then the IPv6 addresses of a name."""
    if is_address(host):
        return (host,)
    found: list[str] = []
    for answer in (await resolver.addresses(host, "A"), await resolver.addresses(host, "AAAA")):
        if isinstance(answer, Found):
            found += answer.value
    return tuple(found)

"""How far this emulator may go outside: in a lab anywhere, in the real world as it was started.

Nothing of it is the appliance's. An appliance delivers to everybody, and fetches from anywhere.
"""

import ipaddress
from dataclasses import dataclass
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""All that IANA gives out of IPv6 (RFC 4291 s2.4)."""

NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses behind a translator (RFC 6052 s2.1)."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """deliver_to: the recipient domains that mail is delivered to, None for all; in lower case.
    private_policy_hosts: whether policies may come from addresses that are not public."""

    deliver_to: frozenset[str] | None = None
    private_policy_hosts: bool = True

    def deliver(self, domain: str) -> bool:
        """Whether a mail host may be dialled for mail to this domain."""
        return self.deliver_to is None or domain.lower() in self.deliver_to

    def fetch_from(self, address: str) -> bool:
        """Whether a policy may be fetched from this address (a literal)."""
        return self.private_policy_hosts or is_public(address)


UNBOUNDED: Final = Bounds()


def is_public(address: str) -> bool:
    """Whether an address is one of the Internet's, and an IPv4 address within it too."""
    ip = embedded(ipaddress.ip_address(address))
    if isinstance(ip, ipaddress.IPv6Address):
        return ip.is_global and ip in GLOBAL_UNICAST
    return ip.is_global and not ip.is_multicast


def embedded(ip: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4 or NAT64; else itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip

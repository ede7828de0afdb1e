"""Addresses of a host that may be a name or already an address."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from seg_cli.address_literals import is_address
from seg_cli.net.resolver import Resolver
from seg_cli.policy.facts import Found
from seg_cli.terms import IpSortPreference

Family = Literal["A", "AAAA"]

BOTH: Final[tuple[Family, ...]] = ("A", "AAAA")
"""The order of asking, whatever the order of trying."""

FAMILIES: Final[Mapping[IpSortPreference, tuple[Family, ...]]] = MappingProxyType(
    {
        IpSortPreference.REQUIRE_V4: ("A",),
        IpSortPreference.PREFER_V4: ("A", "AAAA"),
        IpSortPreference.REQUIRE_V6: ("AAAA",),
        IpSortPreference.PREFER_V6: ("AAAA", "A"),
    }
)
"""Which families are used, the preferred one first."""


async def host_addresses(
    resolver: Resolver, host: str, families: tuple[Family, ...] = BOTH
) -> tuple[str, ...]:
    """A literal address itself, else the IPv4 and then the IPv6 addresses of a name."""
    if is_address(host):
        return (host,)
    found: list[str] = []
    for family in BOTH:
        if family in families:
            answer = await resolver.addresses(host, family)
            found += answer.value if isinstance(answer, Found) else ()
    return tuple(found)


def is_preferred(address: str, preference: IpSortPreference) -> bool:
    """Whether a literal address is of the family that is tried first."""
    family = "AAAA" if ":" in address else "A"
    return family == FAMILIES[preference][0]

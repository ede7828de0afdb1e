"""A survey of one domain: everything a delivery would look at, looked at once, and no mail sent.

By the engine's own doors, so that what is decided by it is what the engine decides. The mail hosts
are looked for twice, as a delivery without DANE does and as one with DANE does: an answer that
does not validate is an answer to the first only.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from seg_cli.delivery.addresses import FAMILIES, host_addresses
from seg_cli.delivery.dane import DaneLookups
from seg_cli.delivery.destination import Destination
from seg_cli.delivery.next_hops import NextHop, NextHops
from seg_cli.delivery.parts import DeliveryParts
from seg_cli.delivery.policies import proxy_of
from seg_cli.delivery.probe import Shown, Target, look_at
from seg_cli.policy.dane import TlsaFacts, UsableTlsa
from seg_cli.policy.facts import Failed
from seg_cli.policy.outcome import NotReached
from seg_cli.policy.requirement import NOT_ASKED, InForce, NoPolicy, NotAsked
from seg_cli.standards.mta_sts import StsRecord
from seg_cli.terms import Reason, Security


@dataclass(frozen=True, slots=True)
class MailHost:
    """A mail host, the addresses that were found for it, and what is known of its TLSA records."""

    hop: NextHop
    addresses: tuple[str, ...]
    tlsa: NotAsked | TlsaFacts = NOT_ASKED

    @property
    def server_names(self) -> tuple[str, ...]:
        """The names that deliveries ask the host for in SNI: its own, and that of its records."""
        base = (self.tlsa.host.base_domain,) if isinstance(self.tlsa, UsableTlsa) else ()
        return tuple(dict.fromkeys((self.hop.host, *base)))


Hosts = tuple[MailHost, ...] | NotReached


@dataclass(frozen=True, slots=True)
class Call:
    """One connection: to an address of a host, asking for a name in SNI."""

    host: str
    address: str
    port: int
    server_name: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is to be seen of a domain at a time.

    `record` is the MTA-STS TXT record, or why there is no usable one; `cause` is why a policy
    could not be fetched, in the words of the log. `mx` is the DNSSEC status of the MX records.
    `hosts` are found without validation, `validated` with it; `shown` holds every connection.
    """

    destination: Destination
    at: datetime
    record: StsRecord | Reason
    sts: InForce | NoPolicy
    cause: str
    mx: Security
    hosts: Hosts
    validated: Hosts
    shown: Mapping[Call, Shown | Failed]

    def of(self, host: MailHost, address: str, server_name: str) -> Shown | Failed:
        """What an address of a host showed when it was asked for this name."""
        return self.shown[Call(host.hop.host, address, host.hop.port, server_name)]


async def survey(parts: DeliveryParts, destination: Destination) -> Survey:
    """Look at everything; what cannot be had is a value in the answer."""
    domain = destination.domain
    record = await parts.discovery.live_record(domain)
    sts = await parts.discovery.policy_for(domain, proxy_of(destination.config.updates))
    failure = parts.discovery.source.failures.of(domain)
    surveyor = Surveyor(parts, destination)
    hosts, validated = await surveyor.hosts(), await surveyor.validated_hosts()
    return Survey(
        destination,
        parts.world.clock.now(),
        record,
        sts,
        failure.cause if failure is not None else "",
        (await parts.resolver.validating.mx(domain)).security,
        hosts,
        validated,
        await surveyor.call(listed(hosts) + listed(validated)),
    )


def listed(hosts: Hosts) -> tuple[MailHost, ...]:
    """The hosts, none where there are none."""
    return () if isinstance(hosts, NotReached) else hosts


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Looks for the mail hosts of one destination, and at them."""

    parts: DeliveryParts
    destination: Destination

    async def hosts(self) -> Hosts:
        """The mail hosts, as a delivery without DANE finds them."""
        resolver, destination = self.parts.resolver, self.destination
        hops = NextHops(resolver.mx, self.parts.world.chooser, self.parts.emit)
        found = await hops.of(destination.domain, destination.route)
        if isinstance(found, NotReached):
            return found
        families = FAMILIES[destination.settings.ip_sort]
        return tuple(
            [MailHost(hop, await host_addresses(resolver, hop.host, families)) for hop in found]
        )

    async def validated_hosts(self) -> Hosts:
        """The mail hosts with their TLSA records, as a delivery under DANE finds them; along an
        SMTP route there is no such delivery (AOS-28)."""
        parts, destination = self.parts, self.destination
        if destination.route is not None:
            return ()
        dane = DaneLookups(parts.resolver.validating, destination.domain, parts.emit)
        hops = NextHops(dane.mx, parts.world.chooser, parts.emit)
        found = await hops.of(destination.domain, None)
        if isinstance(found, NotReached):
            return found
        families = FAMILIES[destination.settings.ip_sort]
        seen = [(hop, await dane.look_at(hop, families)) for hop in found]
        return tuple(MailHost(hop, each.addresses, each.tlsa) for hop, each in seen)

    async def call(self, hosts: Iterable[MailHost]) -> dict[Call, Shown | Failed]:
        """What each address of the hosts shows, for each name it is asked for; all at once."""
        hosts = tuple(hosts)
        calls = dict.fromkeys(
            Call(host.hop.host, address, host.hop.port, name)
            for host in hosts
            for address in host.addresses
            for name in host.server_names
        )
        mx_hosts = tuple(dict.fromkeys(host.hop.host for host in hosts))
        answers = await asyncio.gather(*(self._look_at(call, mx_hosts) for call in calls))
        return dict(zip(calls, answers, strict=True))

    async def _look_at(self, call: Call, mx_hosts: tuple[str, ...]) -> Shown | Failed:
        destination = self.destination
        route = destination.route
        along = () if route is None else tuple(host.host for host in route.hosts)
        names = (call.host,) if along else mx_hosts
        target = Target(destination.domain, call.host, call.port, names, along)
        hostname = destination.config.hostname
        return await look_at(self.parts, target, call.address, call.server_name, hostname)

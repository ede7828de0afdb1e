"""The name servers of the appliance, asked one after the other until one gives a usable answer.

Each step is an event, so that the log shows the server chosen (QN) and each packet (QIP).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Final, TypeVar

import dns.flags
import dns.message
import dns.name
from dns.rdatatype import RdataType

from seg_cli.config.dns import DnsSettings, NameServer, alternate_for, servers_for
from seg_cli.events import (
    DnsAlternateChosen,
    DnsPacketSent,
    DnsServerChosen,
    DnsSoftFailed,
    Event,
)
from seg_cli.net.dns_answers import name_text
from seg_cli.net.dns_exchange import Transport, exchange, question
from seg_cli.net.world import World
from seg_cli.policy.facts import Failed
from seg_cli.terms import Reason

TIMEOUTS: Final = {1: (60,), 2: (15, 45), 3: (5, 10, 45)}
"""Seconds for the first, second, ... server asked, by the number of servers."""

TIMEOUTS_OF_MANY: Final = (1, 3, 11, 45)
"""For four servers or more; each further one has a second."""

CUT: Final = Failed(Reason.DNS_MALFORMED, detail="an answer that was cut over TCP")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question for the servers; `flags` are set in its header, such as CD."""

    name: dns.name.Name
    rdtype: RdataType
    flags: int = 0

    @property
    def domain(self) -> str:
        """The domain whose servers know: DS records stand in the parent (RFC 4035 s3.1.4.1)."""
        is_ds = self.rdtype == RdataType.DS and self.name != dns.name.root
        return name_text(self.name.parent() if is_ds else self.name)


class NameServers:
    """The servers that are configured now."""

    def __init__(self, world: World, settings: DnsSettings, emit: Callable[[Event], None]) -> None:
        self.settings = settings
        self._world = world
        self._emit = emit

    async def ask(
        self, wanted: Wanted, read: Callable[[dns.message.Message], T | Failed]
    ) -> T | Failed:
        """What `read` makes of the first answer it can use, or of the last failure."""
        failure = Failed(Reason.UNREACHABLE, detail="no DNS servers are configured")
        name, rdtype = name_text(wanted.name), wanted.rdtype.name
        for server, timeout in self._schedule(wanted.domain):
            self._emit_chosen(wanted, server)
            self._emit(DnsPacketSent(name, rdtype, server.address, timeout))
            message = await self._exchange(wanted, server, timeout)
            result = message if isinstance(message, Failed) else read(message)
            if not isinstance(result, Failed):
                return result
            failure = result
            self._emit(DnsSoftFailed(name, rdtype, server.address, failure.reason))
        return failure

    def _emit_chosen(self, wanted: Wanted, server: NameServer) -> None:
        name, rdtype = name_text(wanted.name), wanted.rdtype.name
        if alternate := alternate_for(wanted.domain, self.settings):
            self._emit(DnsAlternateChosen(name, rdtype, alternate.host))
        else:
            self._emit(DnsServerChosen(name, rdtype, server.priority))

    def _schedule(self, domain: str) -> Iterator[tuple[NameServer, int]]:
        """The servers by priority, equal ones by lot, each with its timeout in seconds."""
        by_lot = self._world.chooser.shuffled(servers_for(domain, self.settings))
        servers = sorted(by_lot, key=lambda server: server.priority)
        timeouts = TIMEOUTS.get(len(servers), TIMEOUTS_OF_MANY)
        return zip(servers, chain(timeouts, repeat(1)), strict=False)

    async def _exchange(
        self, wanted: Wanted, server: NameServer, timeout: int
    ) -> dns.message.Message | Failed:
        """An answer that was cut is fetched again over TCP, under the same QIP (RFC 7766 s5).

        There nothing need be cut: what still says so is not the whole, and says nothing.
        """
        query = question(self._world, wanted.name, wanted.rdtype, wanted.flags)
        message = await exchange(self._world, server.address, query, Transport.UDP, timeout)
        if is_cut(message):
            message = await exchange(self._world, server.address, query, Transport.TCP, timeout)
        return CUT if is_cut(message) else message


def is_cut(message: dns.message.Message | Failed) -> bool:
    """Whether it is an answer that lacks something, by its own word (TC)."""
    return isinstance(message, dns.message.Message) and bool(message.flags & dns.flags.TC)

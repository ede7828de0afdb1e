"""daneverify: the look-ups of DANE for one domain, then TLS, and the certificate against the TLSA
records.

daneverify <domain>

The hosts are tried by preference until one succeeds. It asks what a delivery under DANE Mandatory
asks, whatever is configured (AOS-33); insecure MX records are gone along with to show the rest, and
fail in the end as they would there. The lines of success are sourced, those of failure recalled or
inferred.
"""

from typing import TYPE_CHECKING

from seg_cli.commands.tls_lines import CHECKING, established, no_tls, unreached
from seg_cli.dialogue.entries import Host
from seg_cli.dialogue.hosts import HostForm, parse_host
from seg_cli.errors import Invalid
from seg_cli.events import (
    DaneAddressSeen,
    DaneMxSeen,
    DaneTlsaMissing,
    DaneTlsaSeen,
    Event,
)
from seg_cli.policy.facts import Failed
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session
from seg_cli.terms import Reason, Security

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seg_cli.delivery.dane import DaneLookups
    from seg_cli.delivery.dane_probe import Verified
    from seg_cli.delivery.network import Network
    from seg_cli.delivery.next_hops import NextHop
    from seg_cli.policy.outcome import NotReached

DOMAIN = frozenset({HostForm.HOSTNAME})
DOMAIN_QUESTION = "Enter the DANE domain to verify against:"
UNUSABLE = "There is no usable TLSA record to verify the certificate against."


async def run(session: Session, arguments: Arguments) -> None:
    """Try host after host, and say in the end whether one is authenticated."""
    domain = parse_line(arguments) if arguments.words else await ask_domain(session)
    network = await session.appliance.network()
    if not arguments.words:
        session.console.say()
    trial = Trial(session, network, domain)
    outcome = "SUCCESS" if await trial.succeeds() else "FAILED"
    trial.say(f"DANE {outcome} for {domain}")
    trial.say("DANE verification completed.")


async def ask_domain(session: Session) -> str:
    """The domain of the dialogue."""
    return await session.console.ask(Host("domain", DOMAIN_QUESTION, forms=DOMAIN))


def parse_line(arguments: Arguments) -> str:
    """The domain of a batch line; raises Invalid."""
    if len(arguments.words) != 1:
        typed = printable(" ".join(arguments.words))
        raise Invalid(f"Invalid arguments when processing daneverify: {typed}")
    try:
        return parse_host(arguments.words[0], DOMAIN)
    except Invalid as invalid:
        raise Invalid(f"Invalid arguments when processing daneverify: {invalid}") from None


class Trial:
    """One run of the command."""

    def __init__(self, session: Session, network: "Network", domain: str) -> None:
        self._session = session
        self._network = network
        self._domain = domain
        self._events: list[Event] = []

    def say(self, line: str) -> None:
        """Print one line at once."""
        self._session.console.write(f"{line}\n")

    async def succeeds(self) -> bool:
        """Whether one of the hosts passes, each step printed as it is taken."""
        from seg_cli.delivery.dane import DaneLookups  # noqa: PLC0415 - see dig.answer_lines
        from seg_cli.delivery.next_hops import NextHops  # noqa: PLC0415 - as above
        from seg_cli.policy.outcome import NotReached  # noqa: PLC0415 - as above

        resolver, world = self._network.resolver, self._network.world
        lookups = DaneLookups(resolver.validating, self._domain, self._events.append)
        hops = await NextHops(lookups.mx, world.chooser, self._events.append).of(self._domain, None)
        if isinstance(hops, NotReached):
            self.say(self._no_hosts(hops))
            return False
        for number, hop in enumerate(hops):
            if number:
                self.say(f"Trying next MX record in {self._domain}")
            if await self._host_succeeds(lookups, hop):
                return True
        return False

    def _no_hosts(self, why: "NotReached") -> str:
        if any(isinstance(event, DaneMxSeen) for event in self._events):
            return f"BOGUS MX record found for {self._domain}"
        return f"No MX record found for {self._domain}: {printable(why.detail)}."

    async def _host_succeeds(self, lookups: "DaneLookups", hop: "NextHop") -> bool:
        from seg_cli.delivery.addresses import BOTH  # noqa: PLC0415 - as above
        from seg_cli.delivery.dane_probe import verify  # noqa: PLC0415 - as above
        from seg_cli.policy.dane import NoTlsa, UnusableTlsa  # noqa: PLC0415 - as above

        appliance = self._session.appliance
        self._say_of(hop.host, mx_lines)
        seen = await lookups.look_at(hop, BOTH)
        self._say_of(hop.host, address_lines)
        if seen.tlsa == NoTlsa(Reason.DANE_ADDRESS_INSECURE):
            return False
        for address in seen.addresses:
            self.say(f"Connecting to {address} on port {hop.port}.")
            hostname = appliance.config.hostname
            verified = await verify(self._network.parts, hop, address, seen.tlsa, hostname)
            if isinstance(verified, Failed):
                self.say(unreached(address, hop.port, verified))
                continue
            interface = appliance.config.interfaces[0].address
            self.say(f"Connected to {address} from interface {interface}.")
            self._say_of(hop.host, tlsa_lines)
            if seen.tlsa == UnusableTlsa():
                self.say(UNUSABLE)
            for line in self._certificate_lines(verified):
                self.say(line)
            return verified.delivers
        return False

    def _say_of(self, host: str, lines: "Callable[[Event, str], Iterator[str]]") -> None:
        """The lines about a host that these make of what the look-ups told."""
        for event in self._events:
            for line in lines(event, host):
                self.say(line)

    def _certificate_lines(self, verified: "Verified") -> "Iterator[str]":
        """What became of TLS, where records bind the host."""
        seen = verified.seen
        if seen is None:
            return
        yield CHECKING
        if seen.facts.refusal is not None:
            yield no_tls(seen)
            return
        yield established(seen.facts)
        if seen.verdict.why:
            yield f"Certificate verification failed: {printable(seen.verdict.why)}."
            return
        yield "Certificate verification successful"
        yield f"TLS connection succeeded {self._domain}."


def mx_lines(event: Event, host: str) -> "Iterator[str]":
    """The MX record that names a host."""
    match event:
        case DaneMxSeen(domain, named, security) if named == host:
            yield f"{security.upper()} MX record({named}) found for {domain}"
            if security is not Security.SECURE:
                yield (
                    f"{security.upper()} MX record({named}) found. The command will still proceed."
                )


def address_lines(event: Event, host: str) -> "Iterator[str]":
    """The addresses of a host."""
    match event:
        case DaneAddressSeen(domain, named, rdtype, address, security) if named == host:
            shown = f" ({address})" if address else ""
            yield f"{security.upper()} {rdtype} record{shown} found for MX({named}) in {domain}"


def tlsa_lines(event: Event, host: str) -> "Iterator[str]":
    """The TLSA records of a host."""
    match event:
        case DaneTlsaSeen(domain, named, security) if named == host:
            yield f"{security.upper()} TLSA record found for MX({named}) in {domain}"
        case DaneTlsaMissing(domain, named) if named == host:
            yield f"No TLSA record found for MX({named}) in {domain}"

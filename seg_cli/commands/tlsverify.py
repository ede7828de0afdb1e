"""tlsverify: connect to a mail host, start TLS, and verify its certificate against a domain.

tlsverify <domain> <hostname>[:<port>]

It applies the Verify rules whatever is configured, never Hosted Verify (AOS-34). The wording of all
but the lines of connecting and of the established connection is inferred.
"""

from typing import TYPE_CHECKING

from seg_cli.commands.tls_lines import CHECKING, established, no_tls, unreached
from seg_cli.dialogue.entries import Host, Line
from seg_cli.dialogue.hosts import HostForm, parse_host
from seg_cli.errors import Invalid
from seg_cli.policy.facts import Failed
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session
from seg_cli.terms import Reason, TlsMode

if TYPE_CHECKING:
    from seg_cli.delivery.probe import Target
    from seg_cli.delivery.tls import Seen

DOMAIN = frozenset({HostForm.HOSTNAME})
HOST = frozenset({HostForm.HOSTNAME, HostForm.ADDRESS})
SMTP_PORT = 25
HOST_QUESTION = (
    "Enter the destination host to connect to.  Append the port (example.com:26) "
    "if you are not connecting on port 25:"
)
COMPLETED = "TLS verification completed."


async def run(session: Session, arguments: Arguments) -> None:
    """Probe the host's addresses in turn until one speaks SMTP."""
    from seg_cli.delivery.addresses import host_addresses  # noqa: PLC0415 - see dig.answer_lines
    from seg_cli.delivery.probe import probe  # noqa: PLC0415 - as above
    from seg_cli.policy.requirement import by_setting  # noqa: PLC0415 - as above
    from seg_cli.policy.tls_settings import TLS_SETTINGS  # noqa: PLC0415 - as above

    verify = by_setting(TLS_SETTINGS[TlsMode.REQUIRED_VERIFY])
    target = parse_line(arguments) if arguments.words else await ask_target(session)
    network = await session.appliance.network()
    config = session.appliance.config
    interface = config.interfaces[0].address
    console = session.console
    console.say()
    succeeded = False
    addresses = await host_addresses(network.resolver, target.host)
    if not addresses:
        console.write(f"Failed to look up {target.host}: {Reason.NO_ADDRESS.value}.\n")
    for address in addresses:
        console.write(f"Connecting to {address} on port {target.port}.\n")
        seen = await probe(network.parts, target, address, verify, config.hostname)
        if isinstance(seen, Failed):
            console.write(f"{unreached(address, target.port, seen)}\n")
            continue
        console.write(f"Connected to {address} from interface {interface}.\n")
        succeeded = not seen.verdict.why
        console.write("".join(f"{line}\n" for line in tls_lines(address, target, seen)))
        break
    outcome = "TLS successfully connected to" if succeeded else "Failed to connect to"
    console.say(f"{outcome} {target.host}.", COMPLETED)


def parse_line(arguments: Arguments) -> "Target":
    """The target of a batch line; raises Invalid."""
    try:
        domain, host = arguments.words
        return parse_target(parse_host(domain, DOMAIN), host)
    except ValueError:
        pass
    except Invalid as invalid:
        raise Invalid(f"Invalid arguments when processing tlsverify: {invalid}") from None
    typed = printable(" ".join(arguments.words))
    raise Invalid(f"Invalid arguments when processing tlsverify: {typed}")


async def ask_target(session: Session) -> "Target":
    """The target of the dialogue."""
    ask = session.console.ask
    domain = await ask(Host("domain", "Enter the TLS domain to verify against:", forms=DOMAIN))
    host = await ask(Line("host", HOST_QUESTION, default=domain, check=check_host))
    return parse_target(domain, host)


def check_host(text: str) -> str:
    """The text, if it is a host with or without a port; raises Invalid."""
    parse_target("", text)
    return text


def parse_target(domain: str, text: str) -> "Target":
    """A host, `host:port`, or an address; an IPv6 address with a port stands in brackets."""
    from seg_cli.delivery.probe import Target  # noqa: PLC0415 - see run

    host, port = text, ""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= 65_535):
        raise Invalid("The value must be an integer from 1 to 65535.")
    return Target(domain, parse_host(host, HOST), int(port or SMTP_PORT))


def tls_lines(address: str, target: "Target", seen: "Seen") -> list[str]:
    """What became of TLS on the connection."""
    facts, verdict = seen.facts, seen.verdict
    lines = [CHECKING]
    if facts.refusal is not None:
        return [*lines, no_tls(seen), f"TLS connection to {address} failed: {verdict.why}."]
    lines += [
        established(facts),
        "Verifying peer certificate.",
    ]
    if verdict.why:
        return [
            *lines,
            mismatch(target, seen),
            f"TLS connection to {address} failed: verify error.",
        ]
    name = verdict.peer.rpartition("=")[2]
    return [
        *lines,
        f"Verifying certificate common name {name}.",
        f"TLS certificate match {name}",
        "TLS certificate verified.",
        f"TLS connection to {address} succeeded.",
    ]


def mismatch(target: "Target", seen: "Seen") -> str:
    if seen.verdict.reasons[-1] is Reason.CERTIFICATE_HOST_MISMATCH:
        return f"TLS certificate does not match {target.domain}."
    return f"TLS certificate verification failed: {seen.verdict.why}."

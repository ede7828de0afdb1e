"""telnet: a raw TCP conversation with any host and port.

telnet host [port]
"""

import asyncio
import contextlib
import socket

from seg_cli.commands.interface_choice import interface_question
from seg_cli.dialogue.entries import Host, Number
from seg_cli.dialogue.hosts import HostForm, parse_host
from seg_cli.errors import EndOfInput, Invalid
from seg_cli.policy.facts import Failed
from seg_cli.printable import printable
from seg_cli.shell.command import Arguments
from seg_cli.shell.session import Session
from seg_cli.terms import Reason

HOST = frozenset({HostForm.HOSTNAME, HostForm.ADDRESS})
CHUNK = 4096
ESCAPE = "\x1d"


async def run(session: Session, arguments: Arguments) -> None:
    """Connect to the first address that answers, and talk until one side ends it."""
    if arguments.words:
        host, port = parse_line(arguments.words)
    else:
        host, port = await ask_target(session)
    sock = await connect(session, host, port)
    if sock is not None:
        await converse(session, sock)


def parse_line(words: tuple[str, ...]) -> tuple[str, int]:
    """Host and port of a batch line; raises Invalid."""
    opening = "Invalid arguments when processing telnet:"
    if len(words) > 2:
        raise Invalid(f"{opening} too many arguments")
    try:
        host = parse_host(words[0], HOST)
        port = Number("port", "", low=1, high=65_535, default=25).parse("".join(words[1:]))
    except Invalid:
        raise Invalid(f"{opening} {printable(' '.join(words))}") from None
    return host, port


async def ask_target(session: Session) -> tuple[str, int]:
    """Host and port of the dialogue; the interface is always the one that leads there."""
    ask = session.console.ask
    await ask(
        interface_question(
            "Please select which interface you want to telnet from.",
            session.appliance.config.interfaces,
        )
    )
    host = await ask(Host("host", "Enter the remote hostname or IP address.", forms=HOST))
    return host, await ask(Number("port", "Enter the remote port.", low=1, high=65_535, default=25))


async def connect(session: Session, host: str, port: int) -> socket.socket | None:
    """A connection to the first address that answers; None after saying why there is none."""
    from seg_cli.delivery.addresses import host_addresses  # noqa: PLC0415 - see dig.answer_lines
    from seg_cli.net.dialer import dial  # noqa: PLC0415 - as above

    network = await session.appliance.network()
    console = session.console
    addresses = await host_addresses(network.resolver, host)
    if not addresses:
        console.say(f"{host}: hostname nor servname provided, or not known")
    else:
        console.say(f"Trying {addresses[0]}...")
    for number, address in enumerate(addresses):
        if number:
            console.write(f"Trying {address}...\n")
        dialled = await dial(network.world, address, port)
        if not isinstance(dialled, Failed):
            console.write(f"Connected to {host}.\nEscape character is '^]'.\n")
            return dialled
        console.write(failure_text(address, dialled))
    return None


def failure_text(address: str, failed: Failed) -> str:
    if failed.reason is Reason.TIMED_OUT:
        return (
            f"telnet: connect to address {address}: Operation timed out\n"
            "telnet: Unable to connect to remote host: Operation timed out\n"
        )
    cause = "Connection refused" if failed.reason is Reason.REFUSED else failed.reason.value
    return f"telnet: Unable to connect to remote host: {cause}\n"


async def converse(session: Session, sock: socket.socket) -> None:
    """Show what the host sends and send what is typed, until either side has had enough."""
    hearing = asyncio.ensure_future(hear(session, sock))
    talking = asyncio.ensure_future(talk(session, sock))
    try:
        await asyncio.wait({hearing, talking}, return_when=asyncio.FIRST_COMPLETED)
        if hearing.done():
            session.console.write("Connection closed by foreign host.\n")
        else:
            talking.result()
    finally:
        for task in (hearing, talking):
            task.cancel()
        await asyncio.gather(hearing, talking, return_exceptions=True)
        sock.close()


async def hear(session: Session, sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := await asyncio.get_running_loop().sock_recv(sock, CHUNK):
            lines = data.replace(b"\r\n", b"\n").split(b"\n")
            session.console.write("\n".join(printable(line) for line in lines))


async def talk(session: Session, sock: socket.socket) -> None:
    with contextlib.suppress(OSError, EndOfInput):
        while (line := await session.console.raw_line()) != ESCAPE:
            await asyncio.get_running_loop().sock_sendall(sock, line.encode() + b"\r\n")

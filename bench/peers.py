"""What takes part in a benchmark of deliveries: the sink, and the clients that send into it.

Every client sends messages of the same content and reports how long the sink saw it at work, and
what CPU time it took.
"""

import asyncio
import resource
import ssl
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from seg_cli.lab.ca import CertificateAuthority
from seg_cli.lab.spec import Certificate
from seg_cli.net.clock import machine_time

DOMAIN, HOST, ADDRESS = "sink.example", "mx.sink.example", "198.51.100.77"
SENDER, RECIPIENT = "a@client.example", f"b@{DOMAIN}"
CONTENT = b"Subject: bench\r\n\r\n" + b"x" * 998 + b"\r\n" * 2
SINK = Path(__file__).with_name("sink.py")


@dataclass(frozen=True, slots=True)
class Sink:
    """A sink in a process of its own."""

    child: "subprocess.Popen[str]"
    port: int
    pem: Path

    def taken(self) -> tuple[int, int, float]:
        """Messages and connections since the last call, and the seconds they took."""
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        messages, connections, first, last = self.child.stdout.readline().split()
        return int(messages), int(connections), float(last) - float(first)


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of one client."""

    rate: float
    """Messages a second."""

    cpu: float
    """Microseconds of CPU time for a message."""

    connections: int


@contextmanager
def sink(directory: Path, delay: float = 0.0) -> Iterator[Sink]:
    """A sink whose replies come so many seconds late."""
    issued = CertificateAuthority(directory, machine_time).issue(Certificate((HOST,), HOST))
    pem = directory / "sink.pem"
    pem.write_bytes(issued.pem)
    command = [sys.executable, SINK, pem, str(delay)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        try:
            yield Sink(child, int(child.stdout.readline()), pem)
        finally:
            child.kill()


def own_cpu() -> float:
    """Seconds of CPU time that this process has taken."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def is_installed(package: str) -> bool:
    """Whether a peer from PyPI is there."""
    return find_spec(package) is not None


def measured(sink: Sink, messages: int, cpu: float) -> Measured:
    """What a run came to that took so many seconds of CPU time."""
    taken, connections, seconds = sink.taken()
    assert taken == messages, f"{taken} of {messages} messages arrived"
    return Measured(messages / seconds, cpu / messages * 1e6, connections)


def timed(
    sink: Sink, messages: int, run: Callable[[], Coroutine[object, object, None]]
) -> Measured:
    """A run on an event loop of this process."""
    sink.taken()
    before = own_cpu()
    asyncio.run(run())
    return measured(sink, messages, own_cpu() - before)


def bare(sink: Sink, messages: int, concurrency: int) -> Measured:
    """As little Python as it takes: asyncio streams, a connection for each message, from memory."""
    context = client_context()

    async def run() -> None:
        turns = asyncio.Semaphore(concurrency)

        async def one() -> None:
            async with turns:
                await bare_delivery(sink.port, context)

        await asyncio.gather(*(one() for _ in range(messages)))

    return timed(sink, messages, run)


def aiosmtplib(sink: Sink, messages: int, concurrency: int, per_connection: int = 1) -> Measured:
    """The asyncio client of PyPI, with so many messages to a connection."""
    import aiosmtplib as peer  # noqa: PLC0415 - not always there

    context = client_context()

    async def run() -> None:
        turns = asyncio.Semaphore(concurrency)

        async def one() -> None:
            async with (
                turns,
                peer.SMTP(
                    hostname="127.0.0.1", port=sink.port, start_tls=True, tls_context=context
                ) as client,
            ):
                for _ in range(per_connection):
                    await client.sendmail(SENDER, [RECIPIENT], CONTENT)

        await asyncio.gather(*(one() for _ in range(messages // per_connection)))

    return timed(sink, messages, run)


def client_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def bare_delivery(port: int, context: ssl.SSLContext) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def say(line: str) -> None:
        writer.write(line.encode())
        while (await reader.readline())[3:4] == b"-":
            pass

    await reader.readline()
    await say("EHLO bench\r\n")
    await say("STARTTLS\r\n")
    await writer.start_tls(context)
    for line in ("EHLO bench", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{RECIPIENT}>", "DATA"):
        await say(f"{line}\r\n")
    await say(CONTENT.decode() + ".\r\n")
    await say("QUIT\r\n")
    writer.close()
    with suppress(OSError):  # the sink is gone before it has read our goodbye
        await writer.wait_closed()

"""TLS deliveries a second into a sink: the engine beside a bare asyncio client, turn about."""

import asyncio
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from seg_cli.delivery.network import Network, Surroundings
from seg_cli.lab.ca import CertificateAuthority
from seg_cli.lab.first_config import first_config
from seg_cli.lab.internet import Lab
from seg_cli.lab.reading import parse_spec
from seg_cli.lab.spec import Certificate
from seg_cli.logs.bus import Bus
from seg_cli.logs.mail_logs import MailLogs
from seg_cli.logs.subscriptions import LogFiles
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import RunningClock, machine_time
from seg_cli.net.world import Patience
from seg_cli.smtp.handler import Envelope

RUNS = 5
MESSAGES = 400
CONCURRENCY = 20
DOMAIN, HOST, ADDRESS = "sink.example", "mx.sink.example", "198.51.100.77"
CONTENT = b"Subject: bench\r\n\r\n" + b"x" * 998 + b"\r\n" * 2
SINK = Path(__file__).with_name("sink.py")


@contextmanager
def sink(directory: Path) -> Iterator[int]:
    """The port of a sink that runs in a process of its own."""
    issued = CertificateAuthority(directory, machine_time).issue(Certificate((HOST,), HOST))
    pem = directory / "sink.pem"
    pem.write_bytes(issued.pem)
    with subprocess.Popen([sys.executable, SINK, pem], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield int(child.stdout.readline())
        finally:
            child.kill()


async def engine_rate(directory: Path, port: int) -> float:
    """Messages a second from the queue on the disk to the sink, every line logged."""
    spec = parse_spec(
        {
            "like": "tech-note-222782",
            "domains": {DOMAIN: {"shows": "A sink.", "mx": [f"10 {HOST}"]}},
            "hosts": {HOST: {"addresses": [ADDRESS], "certificate": {"names": [HOST]}}},
        }
    )
    base = first_config(spec)
    config = replace(base, delivery=replace(base.delivery, max_concurrency=CONCURRENCY))
    clock = RunningClock()
    bus = Bus(clock.now)
    logs = LogFiles(directory / "log", "BENCH", clock.now)
    logs.adopt(config.log_subscriptions, config.zone)
    bus.subscribe(MailLogs(logs).write)
    lab = await Lab(spec, directory / "lab", clock.now).open()
    world = lab.world(clock, SeededChooser(0))

    def where(address: str, number: int) -> tuple[str, int]:
        return ("127.0.0.1", port) if address == ADDRESS else world.where(address, number)

    surroundings = Surroundings(
        replace(world, where=where, patience=Patience(dns=5)),
        directory / "state.sqlite3",
        bus.emit,
        report,
        {},
    )
    network = await Network.bring_up(surroundings, config)
    try:
        for _ in range(MESSAGES):
            await take_in(network)
        started = time.perf_counter()
        network.engine.pump()
        await network.quiet()
        return MESSAGES / (time.perf_counter() - started)
    finally:
        await network.close()
        logs.close()
        await lab.close()


async def take_in(network: Network) -> None:
    mid = await network.engine.next_mid()
    await network.engine.accept(mid, Envelope("a@client.example", (f"b@{DOMAIN}",)), CONTENT)


def report(name: str, bug: BaseException) -> None:
    raise SystemExit(f"{name}: {bug!r}")


async def bare_rate(port: int) -> float:
    """Messages a second from memory to the sink, by as little Python as it takes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    turns = asyncio.Semaphore(CONCURRENCY)

    async def one() -> None:
        async with turns:
            await bare_delivery(port, context)

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(MESSAGES)))
    return MESSAGES / (time.perf_counter() - started)


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
    for line in ("EHLO bench", "MAIL FROM:<a@client.example>", f"RCPT TO:<b@{DOMAIN}>", "DATA"):
        await say(f"{line}\r\n")
    await say(CONTENT.decode() + ".\r\n")
    await say("QUIT\r\n")
    writer.close()
    await writer.wait_closed()


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as directory, sink(Path(directory)) as port:
        for number in range(RUNS):
            ours = asyncio.run(engine_rate(Path(directory) / str(number), port))
            rows.append((ours, asyncio.run(bare_rate(port))))
    ours, bare = (median(column) for column in zip(*rows, strict=True))
    ratio = median(ours / bare for ours, bare in rows)
    print(
        f"TLS deliveries a second, c={CONCURRENCY}: engine {ours:.0f}, bare asyncio client "
        f"{bare:.0f}, ratio {ratio:.2f}"
    )


if __name__ == "__main__":
    main()

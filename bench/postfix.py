"""Postfix's smtp client as a peer: an instance of its own in a directory of its own, no listener.

Needs Debian's postfix and root. All its processes count: those that have ended have left their CPU
time to the master, who is their parent.
"""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from peers import CONTENT, RECIPIENT, SENDER, Measured, Sink, measured
from postfix_instance import instance, queued, run

SETTINGS = {
    "myhostname": "bench.example",
    "mydestination": "",
    "smtp_tls_security_level": "encrypt",
    "smtp_tls_loglevel": "1",
    "smtp_connection_cache_on_demand": "yes",
    "default_process_limit": "{processes}",
    "smtp_destination_concurrency_limit": "{concurrency}",
    "initial_destination_concurrency": "{concurrency}",
    "relayhost": "[127.0.0.1]:{port}",
    "smtp_tls_connection_reuse": "{reuse}",
    "smtp_connection_reuse_count_limit": "0",
    "defer_transports": "smtp",
}


@dataclass(frozen=True, slots=True)
class Way:
    """How it sends: so many at once, connections reused or not."""

    concurrency: int
    reuse: bool = False
    processes: int = 100


def postfix(directory: Path, sink: Sink, messages: int, way: Way) -> Measured:
    """What Postfix does with so many messages that wait in its queue."""
    with instance(directory, settings_for(sink.port, way)) as configuration:
        inject(configuration, messages)
        master = int((directory / "queue/pid/master.pid").read_text())
        sink.taken()
        before = cpu_of(master)
        run("postconf", "-c", configuration, "-e", "defer_transports=")
        run("postfix", "-c", configuration, "reload")
        run("postqueue", "-c", configuration, "-f")
        wait_for_empty_queue(configuration)
        return measured(sink, messages, cpu_of(master) - before)


def settings_for(port: int, way: Way) -> dict[str, str]:
    fields = {
        "port": port,
        "concurrency": way.concurrency,
        "processes": way.processes,
        "reuse": "yes" if way.reuse else "no",
    }
    return {name: value.format_map(fields) for name, value in SETTINGS.items()}


def inject(configuration: Path, messages: int) -> None:
    """Messages into the queue, and into its deferred part, from where they all start at once."""
    for _ in range(messages):
        command = ["sendmail", "-C", configuration, "-f", SENDER, RECIPIENT]
        subprocess.run(command, input=CONTENT.replace(b"\r\n", b"\n"), check=True)
    while queued(configuration, "deferred") < messages:
        time.sleep(0.1)  # noqa: TID251 - a benchmark waits for a foreign program


def wait_for_empty_queue(configuration: Path) -> None:
    while queued(configuration, "deferred", "active", "incoming"):
        time.sleep(0.05)  # noqa: TID251 - as above


def cpu_of(master: int) -> float:
    """Seconds of CPU time of the master, of its children, and of those that have ended."""
    ticks = 0
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(process.name) == master:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == master:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")

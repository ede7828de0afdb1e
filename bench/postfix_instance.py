"""An instance of Debian's Postfix in a directory of its own, apart from the system's.

Needs root. A path in its settings may hold `{directory}`.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SERVICES = """\
cleanup   unix  n  -  n  -      0  cleanup
qmgr      unix  n  -  n  300    1  qmgr
pickup    unix  n  -  n  1      1  pickup
tlsmgr    unix  -  -  n  1000?  1  tlsmgr
tlsproxy  unix  -  -  n  -      0  tlsproxy
rewrite   unix  -  -  n  -      -  trivial-rewrite
bounce    unix  -  -  n  -      0  bounce
defer     unix  -  -  n  -      0  bounce
trace     unix  -  -  n  -      0  bounce
flush     unix  n  -  n  1000?  0  flush
proxymap  unix  -  -  n  -      -  proxymap
smtp      unix  -  -  n  -      -  smtp
showq     unix  n  -  n  -      -  showq
error     unix  -  -  n  -      -  error
retry     unix  -  -  n  -      -  error
scache    unix  -  -  n  -      1  scache
postlog   unix-dgram n - n  -      1  postlogd
"""

PLACES = {
    "compatibility_level": "3.6",
    "inet_interfaces": "loopback-only",
    "inet_protocols": "ipv4",
    "maillog_file_prefixes": "{directory}",
    "maillog_file": "{directory}/log",
    "queue_directory": "{directory}/queue",
    "data_directory": "{directory}/data",
}


def is_there() -> bool:
    """Whether this machine can run one."""
    return shutil.which("postfix", path="/usr/sbin:/usr/bin") is not None and os.geteuid() == 0


@contextmanager
def instance(
    directory: Path, settings: Mapping[str, str], services: str = SERVICES
) -> Iterator[Path]:
    """A running instance; its configuration directory."""
    configuration = directory / "etc"
    for path in (configuration, directory / "queue", directory / "data"):
        path.mkdir(parents=True)
    shutil.chown(directory / "data", "postfix")
    text = "".join(f"{name} = {value}\n" for name, value in (PLACES | dict(settings)).items())
    (configuration / "main.cf").write_text(text.replace("{directory}", str(directory)))
    (configuration / "master.cf").write_text(services)
    run("postfix", "-c", configuration, "start")
    try:
        yield configuration
    finally:
        run("postfix", "-c", configuration, "stop")


def queued(configuration: Path, *parts: str) -> int:
    """How many messages are in these parts of its queue."""
    queue = configuration.parent / "queue"
    return sum(len(files) for part in parts for _, _, files in os.walk(queue / part))


def run(*command: object) -> None:
    """A command of Postfix that must succeed."""
    program, *words = (str(word) for word in command)
    path = shutil.which(program, path="/usr/sbin:/usr/bin")
    assert path is not None
    subprocess.run([path, *words], check=True, capture_output=True)

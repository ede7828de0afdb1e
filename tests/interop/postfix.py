"""A real Postfix that takes mail, behind several ports that differ in their TLS, and what it has in
the end: its own `Received` fields tell how each message came."""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from time import monotonic
from typing import Final

from bench.postfix_instance import SERVICES, instance, queued
from tests.interop.processes import PATIENCE, free_port

NOBODY: Final = 65534

SETTINGS: Final[Mapping[str, str]] = {
    "myhostname": "mx.peer.example",
    "mydestination": "",
    "smtpd_relay_restrictions": "permit_auth_destination, reject",
    "smtpd_peername_lookup": "no",
    "smtpd_tls_received_header": "yes",
    "virtual_mailbox_domains": "regexp:{directory}/domains",
    "virtual_mailbox_maps": "static:inbox/",
    "virtual_mailbox_base": "{directory}/mail",
    "virtual_minimum_uid": "1",
    "virtual_uid_maps": f"static:{NOBODY}",
    "virtual_gid_maps": f"static:{NOBODY}",
}

MORE_SERVICES: Final = """\
virtual   unix  -  n  n  -      -  virtual
anvil     unix  -  -  n  -      1  anvil
"""


@dataclass(frozen=True, slots=True)
class Port:
    """One way to be reached: key and chain in a PEM file, and Postfix's own TLS level."""

    pem: Path
    level: str


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running instance: its ports by name, and the mail that it has taken."""

    configuration: Path
    ports: Mapping[str, int]

    def received(self) -> dict[str, str]:
        """How each recipient's mail came, once all of it is in the mailbox."""
        deadline = monotonic() + PATIENCE
        while queued(self.configuration, "maildrop", "incoming", "active"):
            assert monotonic() < deadline, "Postfix keeps mail"
        inbox = self.configuration.parent / "mail" / "inbox" / "new"
        files = sorted(inbox.iterdir()) if inbox.exists() else []
        return dict(read(file.read_bytes()) for file in files)


@contextmanager
def postfix(directory: Path, ports: Mapping[str, Port]) -> Iterator[Postfix]:
    """An instance that takes mail for every domain below `example`."""
    mail = directory / "mail"
    mail.mkdir(parents=True)
    shutil.chown(mail, NOBODY, NOBODY)
    (directory / "domains").write_text("/\\.example$/ yes\n")
    numbers = {name: free_port() for name in ports}
    services = "".join(service(numbers[name], port) for name, port in ports.items())
    with instance(directory, SETTINGS, SERVICES + MORE_SERVICES + services) as configuration:
        yield Postfix(configuration, numbers)


def service(number: int, port: Port) -> str:
    """The line of master.cf."""
    return (
        f"127.0.0.1:{number} inet n - n - - smtpd\n"
        f"    -o smtpd_tls_security_level={port.level}\n"
        f"    -o smtpd_tls_chain_files={port.pem}\n"
    )


def read(content: bytes) -> tuple[str, str]:
    """Recipient and manner of one message."""
    message = message_from_bytes(content)
    secured = re.search(r"\(using (TLSv[0-9.]+)", message.get_all("Received", [""])[0])
    manner = f"delivered over {secured[1]}" if secured else "delivered in clear text"
    return str(message["Delivered-To"]), manner

"""`lab certificates`: what the lab's authorities have for the appliance, put into its configuration
folder, where `certconfig` imports from.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from seg_cli.errors import Invalid
from seg_cli.lab.station import Station
from seg_cli.printable import printable
from seg_cli.shell.session import Session
from seg_cli.standards.identities import Identity, read_certificates, read_key, write_pkcs12

PASSPHRASE: Final = "lab"  # noqa: S105 - it protects nothing but a lab, and is printed

AUTHORITIES: Final = {
    "root.pem": "the root that is in the system's list",
    "intermediate.pem": "what it issued, and what issued most certificates of the lab",
    "private.pem": "a root that is in no list",
}
IDENTITIES: Final = {
    "client.p12": "a certificate for mail hosts that demand one",
    "client-expired.p12": "one that has expired",
}


async def run(station: Station, session: Session, words: tuple[str, ...]) -> None:
    """Write the files, and say what each is."""
    if words:
        word = printable(" ".join(words))
        raise Invalid(f"Invalid arguments when processing lab: certificates {word}")
    await station.lab()  # it keeps them in its directory
    for name, data in files(station.lab_directory):
        session.appliance.store.save_file(name, data)
    width = max(map(len, (*AUTHORITIES, *IDENTITIES)))
    session.console.say(
        "For certconfig, in the configuration folder:",
        *(f"{name:{width}}  {what}" for name, what in AUTHORITIES.items()),
        *(
            f"{name:{width}}  {what} (passphrase: {PASSPHRASE})"
            for name, what in IDENTITIES.items()
        ),
    )


def files(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Each file by its name."""
    for name in AUTHORITIES:
        yield name, (directory / name).read_bytes()
    for name in IDENTITIES:
        stem = name.removesuffix(".p12")
        pem = (directory / f"{stem}.pem").read_text("ascii")
        leaf, *above = read_certificates(pem)
        identity = Identity(leaf, read_key(pem), tuple(above))
        yield name, write_pkcs12(stem, identity, PASSPHRASE)

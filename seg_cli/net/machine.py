"""The machine, through which the appliance meets the real world: its roots, resolvers, address."""

import ipaddress
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from typing import Final

import certifi

from seg_cli.net.chooser import SecretChooser
from seg_cli.net.clock import Clock
from seg_cli.net.world import Patience, World
from seg_cli.policy.bounds import Bounds
from seg_cli.standards.dnssec.keys import ROOT

RESOLV_CONF: Final = Path("/etc/resolv.conf")
MOST_RESOLVERS: Final = 3
"""As many as the machine's own resolver heeds (MAXNS)."""

FAR_AWAY: Final = (("198.41.0.4", socket.AF_INET), ("2001:503:ba3e::2:30", socket.AF_INET6))
"""a.root-servers.net: addresses of the Internet that will stay. Nothing is sent there."""


def real_world(clock: Clock, bounds: Bounds) -> World:
    """The Internet: addresses are what they are, IANA's keys are the root of DNSSEC."""
    return World(
        clock=clock,
        patience=Patience(),
        chooser=SecretChooser(),
        system_roots=system_roots(),
        where=itself,
        whence=peer,
        trust_anchors=(ROOT,),
        bounds=bounds,
    )


def itself(address: str, port: int) -> tuple[str, int]:
    """Where an address of the real world leads."""
    return address, port


def peer(host: str, _port: int) -> str:
    """Whose a connection from a socket is."""
    return host


def system_roots() -> tuple[bytes, ...]:
    """The certificates (DER) that this machine trusts; Mozilla's where it has no list."""
    path = ssl.get_default_verify_paths().cafile or certifi.where()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(path)
    return tuple(context.get_ca_certs(binary_form=True))


def resolvers(path: Path = RESOLV_CONF) -> tuple[str, ...]:
    """The name servers of the machine, in its order; empty if it names none (resolv.conf(5))."""
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return ()
    words = [line.split() for line in lines]
    named = [word[1] for word in words if len(word) > 1 and word[0] == "nameserver"]
    return tuple(dict.fromkeys(filter(is_literal, named)))[:MOST_RESOLVERS]


def is_literal(text: str) -> bool:
    """Whether a text is an address without a zone."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def own_address() -> str:
    """The address that this machine reaches the Internet from; loopback if it does not."""
    for far_away, family in FAR_AWAY:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((far_away, 53))  # a datagram socket only looks up its route
            address: str = sock.getsockname()[0]
            return address
    return "127.0.0.1"

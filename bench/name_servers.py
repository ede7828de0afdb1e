"""Name servers of a benchmark: Unbound as the authority of a signed zone, and as a validator of it.

Each is a process of its own on loopback that ends with the block.
"""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import dns.dnssec
import dns.name
import dns.rdatatype
import dns.rrset
import dns.zone
from cryptography.hazmat.primitives.asymmetric import ec
from dns.dnssectypes import Algorithm, DSDigest

from seg_cli.net.clock import machine_time
from seg_cli.standards.dnssec.keys import TrustAnchor

ZONE = "bench."
SOA = "@ 3600 IN SOA ns.bench. root.bench. 1 7200 900 1209600 300\n@ 3600 IN NS ns.bench.\n"

COMMON = """\
server:
  interface: 127.0.0.1
  port: {port}
  directory: "{directory}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  do-daemonize: no
  verbosity: 0
  num-threads: 1
  do-ip6: no
  do-not-query-localhost: no
  minimal-responses: yes
  msg-cache-size: 64m
  rrset-cache-size: 128m
  outgoing-range: 4096
remote-control:
  control-enable: no
"""
AUTHORITY = """\
auth-zone:
  name: "{zone}"
  zonefile: "zone"
  for-upstream: no
  for-downstream: yes
"""
VALIDATOR = """\
server:
  module-config: "validator iterator"
  trust-anchor: "{anchor}"
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@{upstream}
"""


@dataclass(frozen=True)
class SignedZone:
    """A zone of many mail domains, each with one MX record, under an ECDSA P-256 key."""

    text: str
    ds: str

    @property
    def anchor(self) -> TrustAnchor:
        """The key of the zone itself: the way from a root down is walked once in a whole run."""
        return TrustAnchor.of(ZONE, self.ds)


def signed_zone(names: int) -> SignedZone:
    """The zone with `names` domains, `n0.bench` and so on."""
    origin = dns.name.from_text(ZONE)
    lines = "".join(f"n{number} 3600 IN MX 10 mx{number}\n" for number in range(names))
    zone = dns.zone.from_text(SOA + lines, origin, relativize=False)
    private = ec.generate_private_key(ec.SECP256R1())
    key = dns.dnssec.make_dnskey(private.public_key(), Algorithm.ECDSAP256SHA256, 0x0101)
    now = machine_time()
    begin, end = now - timedelta(hours=1), now + timedelta(days=1)
    with zone.writer() as changes:
        dns.dnssec.sign_zone(
            zone, changes, keys=[(private, key)], add_dnskey=True, inception=begin, expiration=end
        )
    ds = dns.dnssec.make_ds(origin, key, DSDigest.SHA256)
    return SignedZone(zone.to_text(relativize=False), ds.to_text())


@contextmanager
def authority(directory: Path, zone: SignedZone) -> Iterator[int]:
    """The port at which the zone is served."""
    directory.mkdir()
    (directory / "zone").write_text(zone.text)
    with unbound(directory, AUTHORITY.format(zone=ZONE)) as port:
        yield port


@contextmanager
def validator(directory: Path, zone: SignedZone, upstream: int) -> Iterator[int]:
    """The port of a resolver that validates what another server says."""
    directory.mkdir()
    text = VALIDATOR.format(anchor=f"{ZONE} DS {zone.ds}", upstream=upstream)
    with unbound(directory, text) as port:
        yield port


@contextmanager
def unbound(directory: Path, more: str) -> Iterator[int]:
    program = shutil.which("unbound", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        raise SystemExit("unbound is not installed: apt-get install unbound")
    port = free_port()
    file = directory / "unbound.conf"
    file.write_text(COMMON.format(port=port, directory=directory) + more)
    with subprocess.Popen((program, "-d", "-c", file)) as child:
        try:
            wait_for(port, child)
            yield port
        finally:
            child.terminate()


def free_port() -> int:
    """A port that nobody listens at now."""
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        number: int = sock.getsockname()[1]
        return number


def wait_for(port: int, child: "subprocess.Popen[bytes]") -> None:
    """Until the server takes connections."""
    while child.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.1):
            return
    raise SystemExit("unbound did not start")

"""A small internet that Debian's programs signed: zones by ldns-signzone and by Knot, all of them
served by Knot, from a root of their own down.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from seg_cli.net.clock import machine_time
from tests.interop.asking import Socket
from tests.interop.processes import command, free_port, output_in, output_of, server

APEX: Final = """\
$TTL 3600
@ SOA ns.{zone} mail.{zone} 1 7200 900 1209600 300
@ NS ns.{zone}
"""

LEAF: Final = """\
ns A 127.0.0.1
@ MX 10 mail
mail A 192.0.2.25
_25._tcp.mail TLSA 3 1 1 abababababababababababababababababababababababababababababababab
www CNAME mail
away CNAME mail.plain
elsewhere CNAME mail.unsigned.
other CNAME mail.safe
*.wild A 192.0.2.26
*.alias CNAME mail
old DNAME new
x.new A 192.0.2.27
deep.down A 192.0.2.28
loop CNAME pool
pool CNAME loop
"""

HOST: Final = """\
ns A 127.0.0.1
mail A 192.0.2.30
"""


@dataclass(frozen=True, slots=True)
class Denial:
    """How a zone says that a name is not there: by NSEC3 with these parameters."""

    iterations: int = 0
    salt: str = "-"
    opt_out: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to sign a zone; `digest` is that of its DS record."""

    algorithm: str
    denial: Denial | None = None
    digest: int = 2


BY_LDNS: Final[Mapping[str, Kind]] = {
    "nsec-rsasha256": Kind("RSASHA256"),
    "nsec-p384": Kind("ECDSAP384SHA384", digest=4),
    "nsec-ed25519": Kind("ED25519"),
    "nsec3-rsasha512": Kind("RSASHA512", Denial()),
    "nsec3-p256": Kind("ECDSAP256SHA256", Denial(iterations=10, salt="ab12")),
    "nsec3-ed25519": Kind("ED25519", Denial()),
    "opt-out-p256": Kind("ECDSAP256SHA256", Denial(opt_out=True)),
    "opt-out-ed25519": Kind("ED25519", Denial(iterations=5, opt_out=True)),
    "iterations-100": Kind("ECDSAP256SHA256", Denial(iterations=100)),
    "iterations-150": Kind("ECDSAP256SHA256", Denial(iterations=150)),
    "iterations-151": Kind("ECDSAP256SHA256", Denial(iterations=151)),
    "rsasha1": Kind("RSASHA1"),
    "ed448": Kind("ED448"),
    "expired": Kind("ECDSAP256SHA256"),
    "wrong-ds": Kind("ECDSAP256SHA256"),
}
BY_KNOT: Final[Mapping[str, Kind]] = {
    "knot-nsec-rsasha256": Kind("RSASHA256"),
    "knot-nsec3-p256": Kind("ECDSAP256SHA256", Denial(salt="cd")),
    "knot-opt-out-ed25519": Kind("ED25519", Denial(opt_out=True)),
}
UNSIGNED: Final = "unsigned"
STRIPPED: Final = "stripped"
"""Not signed, though its parent has a DS record for it."""

ROOT: Final = Kind("ECDSAP256SHA256")
CHILD: Final = Kind("ED25519")

CONFIGURATION: Final = """\
server:
    listen: 127.0.0.1@{port}
    rundir: "{directory}"
log:
  - target: stderr
    any: error
database:
    storage: "{directory}"
template:
  - id: default
    storage: "{directory}"
    journal-content: none
    zonefile-sync: -1
"""


@dataclass(frozen=True, slots=True)
class Internet:
    """Where Knot answers, and the DS record of the root."""

    server: Socket
    anchor: str


@contextmanager
def internet(directory: Path) -> Iterator[Internet]:
    """Every zone, signed and served."""
    directory.mkdir()
    port = free_port()
    configuration = directory / "knot.conf"
    configuration.write_text(configuration_for(directory, port))
    signer = Signer(directory)
    delegations = APEX.format(zone="ns.") + "ns. A 127.0.0.1\n"
    for name, kind in BY_LDNS.items():
        delegations += delegation(name, signer.family(name, kind))
    for name, kind in BY_KNOT.items():
        signer.unsigned(f"{name}.", LEAF + signer.children(name))
        delegations += delegation(name, knot_ds(configuration, name, kind))
    signer.unsigned(f"{UNSIGNED}.", HOST)
    signer.unsigned(f"{STRIPPED}.", HOST)
    foreign_key = signer.key(f"{STRIPPED}.", ROOT)
    delegations += delegation(UNSIGNED, "") + delegation(STRIPPED, signer.ds(foreign_key, 2))
    (directory / "root.text").write_text(delegations)
    anchor = signer.sign(".", ROOT, "root")
    with server(command("knotd", "-c", configuration), port):
        yield Internet(("127.0.0.1", port), anchor)


def delegation(name: str, ds: str) -> str:
    """The records in the root that lead to a zone below it."""
    return f"{name}. NS ns.{name}.\nns.{name}. A 127.0.0.1\n{ds}"


@dataclass(frozen=True, slots=True)
class Signer:
    """ldns in a directory: a zone is `<name>.text` there, signed `<name>.zone`."""

    directory: Path

    def family(self, name: str, kind: Kind) -> str:
        """A zone and its children; returns its DS record, a wrong one for the zone `wrong-ds`."""
        (self.directory / f"{name}.text").write_text(
            APEX.format(zone=f"{name}.") + LEAF + self.children(name)
        )
        ds = self.sign(f"{name}.", kind, name)
        return self.ds(self.key(f"{name}.", kind), 2) if name == "wrong-ds" else ds

    def children(self, name: str) -> str:
        """The zones `safe` and `plain` below one; the delegations to both."""
        safe, plain = f"safe.{name}", f"plain.{name}"
        (self.directory / f"{safe}.text").write_text(APEX.format(zone=f"{safe}.") + HOST)
        ds = self.sign(f"{safe}.", CHILD, safe)
        self.unsigned(f"{plain}.", HOST)
        return delegation(safe, ds) + delegation(plain, "")

    def unsigned(self, zone: str, text: str) -> None:
        (self.directory / f"{zone}zone").write_text(
            f"$ORIGIN {zone}\n" + APEX.format(zone=zone) + text
        )

    def key(self, zone: str, kind: Kind) -> str:
        words = ("-k", "-a", kind.algorithm, "-b", "2048", zone)
        return output_in(self.directory, "ldns-keygen", *words).strip()

    def ds(self, key: str, digest: int) -> str:
        return output_in(self.directory, "ldns-key2ds", "-n", f"-{digest}", f"{key}.key")

    def sign(self, zone: str, kind: Kind, name: str) -> str:
        """Sign `<name>.text`; returns the DS record."""
        text = self.directory / f"{name}.text"
        text.write_text(f"$ORIGIN {zone}\n{text.read_text()}")
        key = self.key(zone, kind)
        began = machine_time() - timedelta(days=30)
        ends = machine_time() + timedelta(days=-2 if name == "expired" else 30)
        dates = ("-i", f"{began:%Y%m%d}", "-e", f"{ends:%Y%m%d}")
        output_in(
            self.directory,
            "ldns-signzone",
            *dates,
            *hashing(kind.denial),
            *("-f", f"{name}.zone", text, key),
        )
        return self.ds(key, kind.digest)


def hashing(denial: Denial | None) -> tuple[str, ...]:
    """The options of ldns-signzone."""
    if denial is None:
        return ()
    salt = () if denial.salt == "-" else ("-s", denial.salt)
    return ("-n", *salt, "-t", str(denial.iterations), *(("-p",) if denial.opt_out else ()))


def configuration_for(directory: Path, port: int) -> str:
    """All zones, and a policy for each that Knot signs itself, its keys made by hand."""
    text = CONFIGURATION.format(port=port, directory=directory)
    text += "policy:\n" + "".join(policy(name, kind) for name, kind in BY_KNOT.items())
    text += "zone:\n  - domain: .\n    file: root.zone\n"
    below = [f"{child}.{name}" for name in (*BY_LDNS, *BY_KNOT) for child in ("safe", "plain")]
    for name in (*BY_LDNS, *below, UNSIGNED, STRIPPED):
        text += f"  - domain: {name}.\n    file: {name}.zone\n"
    for name in BY_KNOT:
        text += f"  - domain: {name}.\n    file: {name}.zone\n"
        text += f"    dnssec-signing: on\n    dnssec-policy: {name}\n    zonefile-load: whole\n"
    return text


def policy(name: str, kind: Kind) -> str:
    text = f"  - id: {name}\n    manual: on\n    single-type-signing: on\n"
    text += f"    algorithm: {kind.algorithm.lower()}\n"
    if kind.denial is not None:
        text += "    nsec3: on\n    nsec3-salt-length: 8\n"
        text += f"    nsec3-iterations: {kind.denial.iterations}\n"
        text += f"    nsec3-opt-out: {'on' if kind.denial.opt_out else 'off'}\n"
    return text


def knot_ds(configuration: Path, name: str, kind: Kind) -> str:
    """Make the key of a zone that Knot is to sign; its DS record with SHA-256."""
    keymgr = ("-c", configuration, f"{name}.")
    words = (f"algorithm={kind.algorithm.lower()}", "ksk=yes", "zsk=yes")
    output_of("keymgr", *keymgr, "generate", *words)
    lines = output_of("keymgr", *keymgr, "ds").splitlines()
    (line,) = [line for line in lines if line.split()[4] == "2"]
    return f"{line}\n"

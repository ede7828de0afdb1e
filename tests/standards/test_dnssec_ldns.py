"""The walk over a zone that a foreign signer made: `ldns-signzone` of Debian's ldnsutils."""

import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import dns.rdata
import dns.zone
import pytest
from dns.rdtypes.ANY.DS import DS

from seg_cli.standards.dnssec.keys import TrustAnchor
from seg_cli.standards.dnssec.walk import Walk
from seg_cli.terms import Reason, Security
from tests.standards.signed_zones import (
    LEAF,
    NOW,
    SOA,
    Internet,
    Nsec3,
    Records,
    Signatures,
    Zone,
    name,
    run,
    sets_of,
    wanted,
)

pytestmark = pytest.mark.skipif(
    shutil.which("ldns-signzone") is None, reason="ldns-signzone (ldnsutils) is not installed"
)

ORIGIN = "secure.test."


@dataclass(frozen=True)
class ForeignZone(Zone):
    """A zone that was signed elsewhere, as a file."""

    file: Path = Path()

    @cached_property
    def signed(self) -> tuple[Records, Signatures]:
        return sets_of(dns.zone.from_file(str(self.file), self.origin, relativize=False))


def ldns(folder: Path, *command: str) -> str:
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()


@pytest.mark.requirement("DNS-05")
@pytest.mark.parametrize("algorithm", ["RSASHA256", "ECDSAP256SHA256", "ED25519", "ED448"])
@pytest.mark.parametrize("nsec3", [None, Nsec3(iterations=3, salt=b"\xab")], ids=["NSEC", "NSEC3"])
def test_zone_of_a_foreign_signer(tmp_path: Path, algorithm: str, nsec3: Nsec3 | None) -> None:
    (tmp_path / "zone").write_text(f"$ORIGIN {ORIGIN}\n{SOA}{LEAF}")

    key = ldns(tmp_path, "ldns-keygen", "-k", "-a", algorithm, "-b", "2048", ORIGIN)
    hashed = () if nsec3 is None else ("-n", "-s", nsec3.salt.hex(), "-t", str(nsec3.iterations))
    dates = ("-i", "20260201", "-e", "20260401")
    ldns(tmp_path, "ldns-signzone", *dates, *hashed, "-f", "signed", "zone", key)
    ds = dns.rdata.from_text(
        "IN",
        "DS",
        ldns(tmp_path, "ldns-key2ds", "-n", "-2", f"{key}.key").split("DS", 1)[1].strip(),
    )
    assert isinstance(ds, DS)
    zone = ForeignZone(name(ORIGIN), "", None, nsec3, tmp_path / "signed")
    anchor = TrustAnchor(name(ORIGIN), (ds,))
    for owner, rdtype, absent in (
        ("mail", "A", None),
        ("_25._tcp.mail", "TLSA", None),
        ("a.wild", "A", None),
        ("x.old", "A", None),
        ("mail", "AAAA", Reason.DNS_NODATA),
        ("down", "A", Reason.DNS_NODATA),
        ("a.wild", "TXT", Reason.DNS_NODATA),
        ("a.b.no", "A", Reason.DNS_NXDOMAIN),
    ):
        question = wanted(f"{owner}.{ORIGIN}", rdtype)
        answer = run(Walk(question, (anchor,), NOW), Internet.of(zone))
        assert (answer.security, answer.reason) == (Security.SECURE, None), (owner, rdtype)
        assert answer.links[-1].reason is absent

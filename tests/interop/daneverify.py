"""`daneverify` in a session of its own, beside what Unbound and `openssl s_client` come to
together: RFC 7672 from MX to certificate, each step secure by Unbound's AD bit.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import dns.flags
import dns.rrset
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.MX import MX

from seg_cli.lab.internet import DNS_PORT
from seg_cli.lab.present import SMTP_PORT
from seg_cli.standards.tlsa import Tlsa, Usage
from tests.interop import openssl
from tests.interop.agreement import Agreement, Ground
from tests.interop.asking import Socket, ask, wanted
from tests.interop.unbound import unbound

SUCCESS, FAILED = "DANE SUCCESS", "DANE FAILED"
PATIENCE: Final = 120.0
SMTP_USAGES: Final = {Usage.DANE_TA, Usage.DANE_EE}
"""All others are unusable in SMTP (RFC 7672 s3.1.3), of which s_client knows nothing."""


def agreements(ground: Ground) -> Iterator[Agreement]:
    """Every recipient domain of the lab."""
    lab = ground.lab
    upstream = lab.where(lab.spec.appliance.resolvers[0], DNS_PORT)
    ours = verdicts(ground.directory, [domain.name for domain in lab.spec.domains])
    with unbound(ground.directory / "unbound-for-dane", upstream, lab.trust_anchor) as resolver:
        for domain in lab.spec.domains:
            theirs = SUCCESS if authenticates(ground, resolver, domain.name) else FAILED
            yield Agreement(domain.name, "daneverify", theirs, ours[domain.name])


def verdicts(directory: Path, domains: list[str]) -> dict[str, str]:
    """What `daneverify` ends with for each domain, in the lab that the appliance starts itself."""
    done = subprocess.run(
        [sys.executable, "-m", "seg_cli", "--appliance", directory / "appliance"],
        input="".join(f"daneverify {domain}\n" for domain in domains),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    found = re.findall(r"^(DANE SUCCESS|DANE FAILED) for (\S+)$", done.stdout, re.MULTILINE)
    return {domain: verdict for verdict, domain in found}


# The foreign programs


def authenticates(ground: Ground, resolver: Socket, domain: str) -> bool:
    """Whether a mail host of the domain is what secure TLSA records say, all the way down."""
    exchangers = [
        record.exchange.to_text(omit_final_dot=True)
        for rrset in secure(resolver, domain, "MX")
        for record in rrset
        if isinstance(record, MX)
    ]
    return any(is_authentic(ground, resolver, host) for host in exchangers)


def is_authentic(ground: Ground, resolver: Socket, host: str) -> bool:
    """One mail host: the records are at the end of its aliases or at its own name (s2.2.3)."""
    for rrset in secure(resolver, host, "A"):
        if rrset.rdtype != RdataType.A:
            continue
        for base in dict.fromkeys((rrset.name.to_text(omit_final_dot=True), host)):
            records = tuple(tlsa_records(resolver, base))
            if records:
                at = [str(record) for record in rrset]
                return any(shows(ground, at_one, base, records) for at_one in at)
    return False


def tlsa_records(resolver: Socket, base: str) -> Iterator[Tlsa]:
    for rrset in secure(resolver, f"_25._tcp.{base}", "TLSA"):
        for record in rrset:
            read = Tlsa.read(record.to_generic().data)
            if isinstance(read, Tlsa) and read.usage in SMTP_USAGES:
                yield read


def shows(ground: Ground, address: str, base: str, records: tuple[Tlsa, ...]) -> bool:
    """Whether s_client takes the certificate for one that the records name."""
    socket = ground.lab.where(address, SMTP_PORT)
    host = openssl.Host(base, socket, (), openssl.client_file(ground))
    return openssl.theirs(host, records) == openssl.AUTHENTICATED


def secure(resolver: Socket, name: str, rdtype: str) -> list[dns.rrset.RRset]:
    """The RRsets of a secure answer, aliases first; none where it is not secure."""
    answer = ask(resolver, wanted(name, rdtype))
    return answer.answer if answer is not None and answer.flags & dns.flags.AD else []

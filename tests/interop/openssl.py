"""`openssl s_client` as a DANE client of SMTP (RFC 7672), beside `standards.dane`.

Each mail host is asked under its own TLSA records, and under records made of the certificates it
shows.
"""

import re
import smtplib
import ssl
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256, sha512
from pathlib import Path
from typing import Final, cast

from cryptography import x509

from seg_cli.lab.internet import DNS_PORT, Lab
from seg_cli.lab.present import SMTP_PORT
from seg_cli.lab.spec import MailHost, Reach, Starttls, TlsVersion
from seg_cli.net.chooser import SeededChooser
from seg_cli.net.clock import RunningClock, machine_time
from seg_cli.net.starttls import client_context, peer_chain
from seg_cli.standards.dane import Authenticated, Shown, authenticate, usable_records
from seg_cli.standards.public_keys import subject_public_key_info
from seg_cli.standards.tlsa import Tlsa
from seg_cli.terms import Reason
from tests.interop.agreement import Agreement, Ground
from tests.interop.asking import Socket, ask, wanted
from tests.interop.processes import PATIENCE, command

AT_ONCE: Final = 4
AUTHENTICATED = "authenticated"
NOTHING_USABLE = "no usable record"

ERRORS: Final = {
    9: Reason.CERTIFICATE_NOT_YET_VALID,
    10: Reason.CERTIFICATE_EXPIRED,
    62: Reason.CERTIFICATE_HOST_MISMATCH,
    65: Reason.TLSA_INVALID,
}
"""X509_V_ERR_…, in our words."""


@dataclass(frozen=True, slots=True)
class Host:
    """A mail host of the lab, where it is on loopback, the chain it shows, and what it is shown."""

    name: str
    socket: Socket
    chain: tuple[bytes, ...]
    client: Path


def agreements(ground: Ground) -> Iterator[Agreement]:
    """Each host that shows a certificate."""
    (root,) = ground.lab.world(RunningClock(), SeededChooser(0)).system_roots
    for host in hosts(ground):
        cases = {"its own records": published(ground.lab, host), **cases_of(host.chain, root)}
        cases = {case: records for case, records in cases.items() if records}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = pool.map(partial(theirs, host), cases.values())
            for (case, records), answer in zip(cases.items(), answers, strict=True):
                yield Agreement(host.name, case, answer, ours(host, records))


def hosts(ground: Ground) -> Iterator[Host]:
    """Those that can be reached and speak TLS as s_client does; who asks for a certificate gets
    one of the lab's."""
    client = client_file(ground)
    for host in ground.lab.spec.hosts:
        if host.reach is Reach.OPEN and host.starttls is Starttls.NORMAL and speaks_tls(host):
            socket = ground.lab.where(host.addresses[0], SMTP_PORT)
            yield Host(host.name, socket, chain_at(socket, client), client)


def client_file(ground: Ground) -> Path:
    """Key and chain for a host that asks for a certificate."""
    return ground.directory / "lab" / "client.pem"


def speaks_tls(host: MailHost) -> bool:
    return TlsVersion.V1_2 in host.tls or TlsVersion.V1_3 in host.tls


def chain_at(socket: Socket, client: Path) -> tuple[bytes, ...]:
    context = client_context()
    context.load_cert_chain(client)
    with smtplib.SMTP(*socket, local_hostname="client.example.com") as smtp:
        smtp.ehlo()
        smtp.docmd("STARTTLS")
        assert smtp.sock is not None
        with context.wrap_socket(smtp.sock) as secured:
            return peer_chain(cast("ssl.SSLObject", secured))


def published(lab: Lab, host: Host) -> tuple[Tlsa, ...]:
    """The TLSA records in the lab's DNS; none where the look-up fails."""
    resolver = lab.where(lab.spec.appliance.resolvers[0], DNS_PORT)
    answer = ask(resolver, wanted(f"_25._tcp.{host.name}", "TLSA"))
    if answer is None:
        return ()
    read = [Tlsa.read(record.to_generic().data) for rrset in answer.answer for record in rrset]
    return tuple(record for record in read if isinstance(record, Tlsa))


# Records made of what a host shows


def cases_of(chain: tuple[bytes, ...], root: bytes) -> dict[str, tuple[Tlsa, ...]]:
    """TLSA RRsets by what they say."""
    leaf, top = chain[0], chain[-1]
    wrong = bytes(32)
    cases = {
        "3 1 1 of the leaf": [tlsa(3, 1, 1, leaf)],
        "3 0 1 of the leaf": [tlsa(3, 0, 1, leaf)],
        "3 1 2 of the leaf": [tlsa(3, 1, 2, leaf)],
        "3 0 0 of the leaf": [tlsa(3, 0, 0, leaf)],
        "3 1 0 of the leaf": [tlsa(3, 1, 0, leaf)],
        "3 1 1 of another key": [Tlsa(3, 1, 1, wrong)],
        "3 1 1 of another key, and of the leaf": [Tlsa(3, 1, 1, wrong), tlsa(3, 1, 1, leaf)],
        "3 1 1 of the leaf, 3 1 2 of another key": [tlsa(3, 1, 1, leaf), Tlsa(3, 1, 2, bytes(64))],
        "3 1 2 of the leaf, 3 1 1 of another key": [tlsa(3, 1, 2, leaf), Tlsa(3, 1, 1, wrong)],
        "3 1 1 of another key, 2 1 1 of the top": [Tlsa(3, 1, 1, wrong), tlsa(2, 1, 1, top)],
        "3 1 1 of the top": [tlsa(3, 1, 1, top)],
        "2 1 1 of the leaf": [tlsa(2, 1, 1, leaf)],
        "2 0 0 of the leaf": [tlsa(2, 0, 0, leaf)],
        "2 1 1 of the top": [tlsa(2, 1, 1, top)],
        "2 0 1 of the top": [tlsa(2, 0, 1, top)],
        "2 0 2 of the top": [tlsa(2, 0, 2, top)],
        "2 0 0 of the top": [tlsa(2, 0, 0, top)],
        "2 1 0 of the top": [tlsa(2, 1, 0, top)],
        "2 1 1 of the root": [tlsa(2, 1, 1, root)],
        "2 0 0 of the root": [tlsa(2, 0, 0, root)],
        "2 1 0 of the root": [tlsa(2, 1, 0, root)],
        "2 0 1 of another authority": [Tlsa(2, 0, 1, wrong)],
        "3 1 1 with half a digest": [Tlsa(3, 1, 1, bytes(16))],
        "3 1 9, a matching type nobody knows": [Tlsa(3, 1, 9, wrong)],
        "3 7 1, a selector nobody knows": [Tlsa(3, 7, 1, wrong)],
        "9 1 1, a usage nobody knows": [Tlsa(9, 1, 1, wrong)],
    }
    return {case: tuple(records) for case, records in cases.items()}


def tlsa(usage: int, selector: int, matching_type: int, der: bytes) -> Tlsa:
    """The record that says so of a certificate."""
    selected = der
    if selector == 1:
        selected = subject_public_key_info(x509.load_der_x509_certificate(der))
    match matching_type:
        case 1:
            selected = sha256(selected).digest()
        case 2:
            selected = sha512(selected).digest()
    return Tlsa(usage, selector, matching_type, selected)


# Both opinions


def ours(host: Host, records: tuple[Tlsa, ...]) -> str:
    if not usable_records(records):
        return NOTHING_USABLE
    answer = authenticate(records, Shown(host.chain, (host.name,), machine_time()))
    return AUTHENTICATED if isinstance(answer, Authenticated) else str(answer)


def theirs(host: Host, records: tuple[Tlsa, ...]) -> str:
    """What s_client ends with; no name is looked at under usage 3 (RFC 7672 s3.1.1)."""
    words = ["s_client", "-starttls", "smtp", "-name", "client.example.com"]
    words += ["-connect", "{}:{}".format(*host.socket), "-servername", host.name]
    words += ["-cert", str(host.client), "-cert_chain", str(host.client)]
    words += ["-dane_tlsa_domain", host.name, "-dane_ee_no_namechecks", "-verify_return_error"]
    words += [word for record in records for word in ("-dane_tlsa_rrdata", str(record))]
    done = subprocess.run(
        command("openssl", *words),
        input="QUIT\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if "Failed to import any TLSA records" in done.stderr:
        return NOTHING_USABLE
    if re.search(r"^DANE TLSA .* (matched|signed)", done.stdout, re.MULTILINE):
        return AUTHENTICATED
    codes = re.search(r"verify error:num=(\d+)", done.stderr)
    assert codes is not None, (records, done)
    number = int(codes[1])
    return str(ERRORS.get(number, f"X509 error {number}"))

"""What foreign clients (dnspython, http.client, smtplib) meet at a domain, one function each."""

import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdata
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from seg_cli.lab.internet import Lab
from seg_cli.lab.spec import TlsVersion
from seg_cli.lab.tls import offer_versions, speaks_tls_1_1
from seg_cli.standards.mta_sts import MAX_BODY, POLICY_PATH
from tests.lab.conftest import DEADLINE, NOW, dial, trusting
from tests.lab.test_mail_host import dialled
from tests.lab.test_nameserver import ask, over_udp, records
from tests.lab.test_policy_host import fetch

Check = Callable[[Lab, str], None]


# DNS


def mx_of(lab: Lab, domain: str) -> list[str]:
    return records(ask(lab, domain, "MX"))


def address_of(lab: Lab, name: str, rdtype: str = "A") -> str:
    *_aliases, address = records(ask(lab, name, rdtype))
    return address


def answers(rcode: dns.rcode.Rcode, lab: Lab, domain: str) -> None:
    for name, rdtype in ((domain, "MX"), (f"mx.{domain}", "A"), (f"_mta-sts.{domain}", "TXT")):
        assert ask(lab, name, rdtype).rcode() == rcode


def is_silent(lab: Lab, domain: str) -> None:
    query = dns.message.make_query(domain, "MX")
    host, port = lab.where("10.10.5.61", 53)
    with pytest.raises(dns.exception.Timeout):
        dns.query.udp(query, host, timeout=0.2, port=port)
    with pytest.raises(dns.exception.Timeout):
        dns.query.tcp(query, host, timeout=0.2, port=port)
    assert over_udp(lab, dns.message.make_query("domain.com", "MX")).rcode() == dns.rcode.NOERROR


def has_a_null_mx(lab: Lab, domain: str) -> None:
    assert mx_of(lab, domain) == ["0 ."]


def has_two_records(lab: Lab, domain: str) -> None:
    assert len(records(ask(lab, f"_mta-sts.{domain}", "TXT"))) == 2


# TLSA


def tlsa_of(lab: Lab, domain: str) -> dns.message.Message:
    """At the end of the alias that the MX host may be (RFC 7672 s2.2.3)."""
    host = mx_of(lab, domain)[0].split()[1]
    return ask(lab, f"_25._tcp.{ask(lab, host, 'A').answer[-1].name}", "TLSA")


def digests_shown(lab: Lab, domain: str) -> dict[str, bytes]:
    """What a TLSA record of the key shown (3 1 1), or of that of the lab's intermediate, holds."""
    path = lab._authority._directory / "intermediate.pem"
    shown = {
        "own": certificate_of(lab, domain),
        "ca": x509.load_pem_x509_certificate(path.read_bytes()),
    }
    return {
        word: sha256(
            one.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        ).digest()
        for word, one in shown.items()
    }


def publishes_tlsa(words: tuple[str, ...], lab: Lab, domain: str) -> None:
    """Records of SHA-256 over keys, each of one of the words or, where it is "old", of neither."""
    known = {digest: word for word, digest in digests_shown(lab, domain).items()}
    found = [known.get(wire_of(one)[3:], "old") for one in tlsa_of(lab, domain).answer[0]]
    assert sorted(found) == sorted(words)


def wire_of(record: dns.rdata.Rdata) -> bytes:
    wire = record.to_wire()
    assert wire is not None
    return wire


def publishes_tlsa_of_nobody(lab: Lab, domain: str) -> None:
    publishes_tlsa(("old",), lab, domain)


def publishes_nothing_usable(lab: Lab, domain: str) -> None:
    """PKIX-EE, and half a SHA-256: dnspython can read a message with it only record by record."""
    host = mx_of(lab, domain)[0].split()[1]
    query = dns.message.make_query(f"_25._tcp.{host}", "TLSA")
    address, port = lab.where("10.10.5.61", 53)
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.settimeout(DEADLINE)
        udp.sendto(query.to_wire(), (address, port))
        wire = udp.recv(4096)
    assert bytes((1, 1, 1)) + digests_shown(lab, domain)["own"] in wire
    assert bytes((3, 1, 1)) + bytes.fromhex("00112233445566778899aabbccddeeff") in wire
    with pytest.raises(dns.exception.DNSException):
        dns.message.from_wire(wire)


def fails_for_tlsa_alone(lab: Lab, domain: str) -> None:
    host = mx_of(lab, domain)[0].split()[1]
    assert tlsa_of(lab, domain).rcode() == dns.rcode.SERVFAIL
    assert ask(lab, host, "A").rcode() == dns.rcode.NOERROR


# Policy hosts


def policy_of(lab: Lab, domain: str) -> tuple[int, str | None, str]:
    name = f"mta-sts.{domain}"
    answer = fetch(lab, address_of(lab, name), name)
    return answer.status, answer.media_type, answer.body


def serves(lines: tuple[str, ...], lab: Lab, domain: str) -> None:
    status, media_type, body = policy_of(lab, domain)
    assert (status, media_type) == (200, "text/plain")
    assert body.splitlines()[1 : 1 + len(lines)] == list(lines)


def redirects(lab: Lab, domain: str) -> None:
    name = f"mta-sts.{domain}"
    sock = dial(lab, address_of(lab, name), 443)
    with sock, trusting(lab).wrap_socket(sock, server_hostname=name) as tls:
        tls.sendall(f"GET {POLICY_PATH} HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
        head = tls.recv(4096).decode()
    assert head.startswith("HTTP/1.1 302 Found\r\n")
    assert f"Location: https://www.{domain}/mta-sts.txt\r\n" in head


def shows_the_wrong_certificate(lab: Lab, domain: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        policy_of(lab, domain)


def serves_a_web_page(lab: Lab, domain: str) -> None:
    assert policy_of(lab, domain)[:2] == (200, "text/html")


def serves_too_much(lab: Lab, domain: str) -> None:
    status, _, body = policy_of(lab, domain)
    assert (status, len(body)) == (200, MAX_BODY + 1)
    assert body.startswith("version: STSv1\nmode: enforce\n")


def drips(lab: Lab, domain: str) -> None:
    name = f"mta-sts.{domain}"
    sock = dial(lab, address_of(lab, name), 443)
    with sock, trusting(lab).wrap_socket(sock, server_hostname=name) as tls:
        tls.sendall(f"GET {POLICY_PATH} HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
        started = time.monotonic()
        received = b""
        while not received.endswith(b"\r\n\r\nver"):
            part = tls.recv(4096)
            assert part
            received += part
        assert time.monotonic() - started > 0.15


# Mail hosts


def client_of(lab: Lab, domain: str, position: int = 0) -> smtplib.SMTP:
    name = mx_of(lab, domain)[position].split()[1].rstrip(".")
    return dialled(lab, address_of(lab, name), name)


def secured(client: smtplib.SMTP, context: ssl.SSLContext) -> ssl.SSLSocket:
    client.starttls(context=context)
    assert isinstance(client.sock, ssl.SSLSocket)
    return client.sock


def unverified(oldest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = oldest
    return context


def certificate_of(lab: Lab, domain: str) -> x509.Certificate:
    with client_of(lab, domain) as client:
        der = secured(client, unverified()).getpeercert(binary_form=True)
    assert der is not None
    return x509.load_der_x509_certificate(der)


def is_dated(first: timedelta, last: timedelta, lab: Lab, domain: str) -> None:
    found = certificate_of(lab, domain)
    noon = NOW.replace(microsecond=0)
    assert found.not_valid_before_utc == noon + first
    assert found.not_valid_after_utc == noon + last


def is_not_verified(why: str, lab: Lab, domain: str) -> None:
    with client_of(lab, domain) as client, pytest.raises(ssl.SSLCertVerificationError, match=why):
        client.starttls(context=trusting(lab))


def has_a_common_name_only(lab: Lab, domain: str) -> None:
    found = certificate_of(lab, domain)
    (name,) = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == f"mx.{domain}"
    with pytest.raises(x509.ExtensionNotFound):
        found.extensions.get_extension_for_class(x509.SubjectAlternativeName)


def offers_no_starttls(lab: Lab, domain: str) -> None:
    with client_of(lab, domain) as client:
        assert not client.has_extn("STARTTLS")


def refuses_starttls(lab: Lab, domain: str) -> None:
    with client_of(lab, domain) as client:
        assert client.has_extn("STARTTLS")
        assert client.docmd("STARTTLS")[0] == 454
        assert client.noop()[0] == 250


def injects(lab: Lab, domain: str) -> None:
    with client_of(lab, domain) as client:
        assert client.sock is not None
        client.putcmd("STARTTLS")
        received = b""
        while received.count(b"\r\n") < 2:
            received += client.sock.recv(4096)
        assert received.splitlines()[1] == b"250 2.0.0 injected"
        client.close()


def cuts_the_handshake(lab: Lab, domain: str) -> None:
    with client_of(lab, domain) as client:
        with pytest.raises((ssl.SSLEOFError, ConnectionResetError)):
            client.starttls(context=unverified())
        client.close()


def speaks_tls_1_1_only(lab: Lab, domain: str) -> None:
    with client_of(lab, domain) as client:
        with pytest.raises(ssl.SSLError, match=r"(?i)alert protocol version"):
            client.starttls(context=unverified())
        client.close()
    if speaks_tls_1_1():
        old = unverified()
        offer_versions(old, (TlsVersion.V1_1,))
        with client_of(lab, domain) as client:
            assert secured(client, old).version() == "TLSv1.1"


def greeted(client: smtplib.SMTP, context: ssl.SSLContext) -> None:
    """In TLS 1.3 a client hears only behind its handshake that its certificate is missing."""
    secured(client, context)
    client.ehlo()


def presenting(lab: Lab, file: str) -> ssl.SSLContext:
    context = trusting(lab)
    context.load_cert_chain(lab._authority._directory / file)
    return context


def demands_a_certificate(alert: str, lab: Lab, domain: str) -> None:
    client = client_of(lab, domain)
    with pytest.raises(OSError, match=alert):
        greeted(client, trusting(lab))
    client.close()
    with client_of(lab, domain) as client:
        secured(client, presenting(lab, "client.pem"))
        assert client.ehlo()[0] == 250
    with client_of(lab, domain) as client:
        secured(client, presenting(lab, "client-expired.pem"))
        assert client.ehlo() == (421, b"4.7.0 client certificate has expired")


def answers_recipients(codes: tuple[int, int], lab: Lab, domain: str) -> None:
    with client_of(lab, domain) as client:
        client.mail("me@example.com")
        assert tuple(client.rcpt(f"{user}@{domain}")[0] for user in ("user", "nobody")) == codes


def is_down(lab: Lab, domain: str) -> None:
    with pytest.raises(ConnectionRefusedError):
        client_of(lab, domain)


def has_one_host_down(preferences: tuple[str, str], lab: Lab, domain: str) -> None:
    assert tuple(text.split()[0] for text in mx_of(lab, domain)) == preferences
    is_down(lab, domain)
    with client_of(lab, domain, 1) as client:
        assert client.noop()[0] == 250


def has_an_ipv6_host_first(lab: Lab, domain: str) -> None:
    name = f"mx1.{domain}"
    assert mx_of(lab, domain)[0] == f"10 {name}."
    assert ask(lab, name, "A").answer == []
    with dialled(lab, address_of(lab, name, "AAAA"), name) as client:
        assert client.noop()[0] == 250


DAY = timedelta(days=1)

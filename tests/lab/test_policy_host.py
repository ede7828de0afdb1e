"""The policy hosts, asked by http.client, direct and through the proxy."""

import http.client
import socket
import ssl

import pytest

from seg_cli.lab.internet import Lab
from seg_cli.lab.journal import PolicyRequest, Tunnel
from seg_cli.standards.mta_sts import POLICY_PATH
from tests.lab.conftest import DEADLINE, OpenLab, dial, trusting

NAME = "mta-sts.domain.com"
ADDRESS = "10.1.1.4"
PROXY = ("10.1.1.80", 3128)


class Answer:
    """Status, media type and body of a response."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.media_type = response.getheader("Content-Type")
        self.body = response.read().decode()


def get(tls: ssl.SSLSocket, host: str, path: str = POLICY_PATH) -> Answer:
    tls.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    with http.client.HTTPResponse(tls) as response:
        response.begin()
        return Answer(response)


def fetch(lab: Lab, address: str, name: str, path: str = POLICY_PATH) -> Answer:
    with (
        dial(lab, address, 443) as sock,
        trusting(lab).wrap_socket(sock, server_hostname=name) as tls,
    ):
        return get(tls, name, path)


def connect(lab: Lab, target: str, patience: float = DEADLINE) -> tuple[socket.socket, str]:
    """A socket to the proxy, and the status line of its answer to CONNECT."""
    sock = dial(lab, *PROXY, patience)
    try:
        sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += sock.recv(1)
    except OSError:
        sock.close()
        raise
    return sock, head.decode().splitlines()[0]


def test_the_policy(lab: Lab) -> None:
    answer = fetch(lab, ADDRESS, NAME)
    assert (answer.status, answer.media_type) == (200, "text/plain")
    assert answer.body == lab.spec.policies[0].text
    assert lab.journal.policy_requests == [PolicyRequest(NAME, "GET", NAME, POLICY_PATH)]


def test_nothing_else_is_there(lab: Lab) -> None:
    assert fetch(lab, ADDRESS, NAME, "/").status == 404


def test_another_status_and_media_type(open_lab: OpenLab) -> None:
    lab = open_lab(policies={"domain.com": {"status": 500, "content_type": "text/html"}})
    answer = fetch(lab, ADDRESS, NAME)
    assert (answer.status, answer.media_type) == (500, "text/html")


def test_hosts_share_an_address_and_are_told_apart_by_name(open_lab: OpenLab) -> None:
    lab = open_lab(policies={"hosted.example": {"addresses": [ADDRESS]}})
    for policy in lab.spec.policies[:2]:
        assert fetch(lab, ADDRESS, policy.name).body == policy.text


def test_a_host_with_several_addresses(open_lab: OpenLab) -> None:
    addresses = [ADDRESS, "2001:db8::4"]
    lab = open_lab(policies={"domain.com": {"addresses": addresses}})
    assert [fetch(lab, address, NAME).status for address in addresses] == [200, 200]


@pytest.mark.parametrize(
    ("certificate", "why"),
    [
        ({"names": ["www.domain.com"]}, "Hostname mismatch"),
        ({"issuer": "self"}, "self-signed certificate"),
    ],
)
def test_a_certificate_that_is_wrong(
    open_lab: OpenLab, certificate: dict[str, object], why: str
) -> None:
    lab = open_lab(policies={"domain.com": {"certificate": certificate}})
    with pytest.raises(ssl.SSLCertVerificationError, match=why):
        fetch(lab, ADDRESS, NAME)


def test_tls_1_2_will_do(lab: Lab) -> None:
    context = trusting(lab)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with dial(lab, ADDRESS, 443) as sock, context.wrap_socket(sock, server_hostname=NAME) as tls:
        assert tls.version() == "TLSv1.2"


@pytest.mark.parametrize("request_bytes", [b"GET\r\n\r\n", b"x" * 70_000, b"GET / HTTP/1.1\r\n"])
def test_what_is_no_request_ends_the_connection(lab: Lab, request_bytes: bytes) -> None:
    with (
        dial(lab, ADDRESS, 443) as sock,
        trusting(lab).wrap_socket(sock, server_hostname=NAME, suppress_ragged_eofs=True) as tls,
    ):
        tls.sendall(request_bytes)
        if request_bytes.startswith(b"GET / "):
            tls.sendall(b"A: b\r\n" * 101)
        assert read_or_reset(tls) == b""
    assert lab.journal.policy_requests == []


def read_or_reset(tls: ssl.SSLSocket) -> bytes:
    """What comes; a connection that is cut is the same as one that ends."""
    try:
        return tls.recv(1)
    except ConnectionResetError:
        return b""


# Through the proxy


@pytest.mark.requirement("STS-16")
def test_through_the_proxy(lab: Lab) -> None:
    sock, status = connect(lab, f"{NAME}:443")
    with sock, trusting(lab).wrap_socket(sock, server_hostname=NAME) as tls:
        assert status == "HTTP/1.1 200 Connection established"
        assert get(tls, NAME).body == lab.spec.policies[0].text
    assert lab.journal.tunnels == [Tunnel(NAME, 443)]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("nobody.example:443", "HTTP/1.1 502 Bad Gateway"),
        ("a..b:443", "HTTP/1.1 502 Bad Gateway"),
        ("mx1.plain.example:443", "HTTP/1.1 502 Bad Gateway"),
        (NAME, "HTTP/1.1 400 Bad Request"),
        (f"{NAME}:https", "HTTP/1.1 400 Bad Request"),
    ],
)
def test_the_proxy_cannot(lab: Lab, target: str, status: str) -> None:
    sock, answer = connect(lab, target)
    with sock:
        assert answer == status


def test_the_proxy_takes_connect_only(lab: Lab) -> None:
    with dial(lab, *PROXY) as sock:
        sock.sendall(b"GET http://mta-sts.domain.com/ HTTP/1.1\r\n\r\n")
        assert sock.recv(99).startswith(b"HTTP/1.1 405 Method Not Allowed\r\n")


def test_the_proxy_waits_for_a_host_that_is_silent(lab: Lab) -> None:
    with pytest.raises(TimeoutError):
        connect(lab, "mta-sts.unreachable.example:443", patience=0.1)
    assert lab.journal.tunnels == [Tunnel("mta-sts.unreachable.example", 443)]

"""Mail into the listener from another program: Python's smtplib, and bytes by hand."""

import asyncio
import shutil
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Callable

import pytest

from tests.whole.conftest import Bench, OpenBench

MESSAGE = "From: a@client.example.com\r\nSubject: Grüße\r\n\r\nHello\r\n.dot\r\n".encode()
TO = ["user@domain.com", "other@domain.com"]


async def address_of(box: Bench) -> tuple[str, int]:
    return (await box.station.appliance.network()).listener_address


async def by_smtplib(box: Bench, talk: Callable[[smtplib.SMTP], object]) -> object:
    """What a conversation in a thread of its own comes to; the log is complete then."""
    host, port = await address_of(box)

    def hold() -> object:
        with smtplib.SMTP(host, port, "client.example.com", timeout=5) as client:
            return talk(client)

    try:
        return await asyncio.to_thread(hold)
    finally:
        await box.station.appliance.quiet()


async def test_a_message_for_two_recipients_is_delivered(bench: OpenBench) -> None:
    def talk(client: smtplib.SMTP) -> None:
        client.ehlo()
        assert client.esmtp_features.keys() == {"8bitmime", "size", "starttls"}
        assert client.esmtp_features["size"] == "10485760"
        options = ["BODY=8BITMIME", f"SIZE={len(MESSAGE)}"]
        assert client.sendmail("a@client.example.com", TO, MESSAGE, options) == {}

    async with bench() as box:
        await by_smtplib(box, talk)
        log = box.log()
        assert "MID 5444 ICID 1 RID 1 To: <other@domain.com>" in log
        assert "Message done DCID 834833 MID 5444 to RID [0, 1] " in log
        (received,) = (await box.seen()).received
        assert received.message.endswith(b"Hello\r\n.dot\r\n")


async def test_starttls_is_offered_and_logged(bench: OpenBench) -> None:
    def talk(client: smtplib.SMTP) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        client.starttls(context=context)
        client.ehlo()
        assert not client.has_extn("starttls")
        client.sendmail("a@client.example.com", TO, MESSAGE)

    async with bench() as box:
        await by_smtplib(box, talk)
        log = box.log()
        secured = "ICID 1 TLS success protocol TLSv1.3 cipher TLS_AES_256_GCM_SHA384"
        assert log.index(secured) < log.index("Start MID 5444 ICID 1")
        assert "MID 5444 queued for delivery" in log


async def test_a_handshake_that_fails_is_logged(bench: OpenBench) -> None:
    def talk(client: smtplib.SMTP) -> None:
        assert client.docmd("STARTTLS")[0] == 220
        assert client.sock is not None
        client.sock.sendall(b"garbage\r\n" * 10)
        with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
            client.docmd("NOOP")

    async with bench() as box:
        await by_smtplib(box, talk)
        log = box.log()
        assert any(line.startswith("ICID 1 TLS failed: ") for line in log)
        assert log[-2:] == ["ICID 1 lost", "ICID 1 close"]


async def test_commands_behind_starttls_are_no_part_of_it(bench: OpenBench) -> None:
    async with bench() as box:
        said = await by_hand(box, b"EHLO x\r\nSTARTTLS\r\nMAIL FROM:<evil@x.example>\r\nQUIT\r\n")
        assert b"503 #5.5.1 nothing may follow STARTTLS" in said
        assert not any("TLS" in line for line in box.log())


async def by_hand(box: Bench, data: bytes, caller: socket.socket | None = None) -> bytes:
    """Everything that is said to one burst of bytes."""
    address = await address_of(box)

    def talk() -> bytes:
        with caller or socket.socket() as sock:
            sock.settimeout(5)
            sock.connect(address)
            sock.sendall(data)
            said = b""
            while more := sock.recv(4096):
                said += more
            return said

    try:
        return await asyncio.to_thread(talk)
    finally:
        await box.station.appliance.quiet()


async def test_a_pipelined_message_is_taken(bench: OpenBench) -> None:
    async with bench() as box:
        said = await by_hand(
            box,
            b"EHLO x\r\nMAIL FROM:<a@client.example.com>\r\nRCPT TO:<user@domain.com>\r\nDATA\r\n"
            b"Subject: hi\r\n\r\nhi\r\n.\r\nQUIT\r\n",
        )
        assert said.splitlines()[-2:] == [
            b"250 ok: Message 5444 accepted",
            b"221 mail3.example.com",
        ]


@pytest.mark.parametrize("address", ["203.0.114.9", "2606:4700::1", "8.8.8.8"])
async def test_strangers_are_rejected(bench: OpenBench, address: str) -> None:
    async with bench() as box:
        with (await box.station.lab()).socket_from(address) as caller:
            said = await by_hand(box, b"", caller)
        assert said.startswith(b"554-mail3.example.com\r\n554 Your access to this mail system")
        log = box.log()
        assert f"ICID 1 REJECT SG BLOCKED_LIST match {address} SBRS not enabled" in log
        assert log[-1] == "ICID 1 close"
        assert not any(line.endswith("lost") for line in log)


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(b"\x1b[2J\x07\r\n\0\0\r\n\xff\xff\r\n", id="escape sequences and NUL"),
        pytest.param(b"x" * 100_000 + b"\r\n", id="a long line"),
        pytest.param(b"MAIL FROM:<\xc3\xa9@x.example>\r\nRCPT TO:<a\0b@x>\r\n", id="odd addresses"),
        pytest.param(b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@[192.0.2.1]>\r\n", id="a literal"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", id="TLS without STARTTLS"),
    ],
)
async def test_hostile_bytes_are_answered_and_nothing_is_taken(
    bench: OpenBench, hostile: bytes
) -> None:
    async with bench() as box:
        said = await by_hand(box, hostile + b"\r\nQUIT\r\n")
        assert all(line[:1] in b"245" for line in said.splitlines())
        assert not any(line.startswith("Start MID") for line in box.log())


@pytest.mark.skipif(shutil.which("swaks") is None, reason="swaks is not installed")
async def test_swaks(bench: OpenBench) -> None:
    async with bench() as box:
        host, port = await address_of(box)
        words = ["swaks", "--server", f"{host}:{port}", "--to", TO[0], "--tls", "--from", TO[1]]
        run = await asyncio.to_thread(subprocess.run, words, capture_output=True, timeout=20)
        assert run.returncode == 0, run.stdout
        await box.station.appliance.quiet()
        assert "MID 5444 queued for delivery" in box.log()


async def test_lab_hosts_says_where_mail_is_taken(bench: OpenBench) -> None:
    async with bench() as box:
        host, port = await address_of(box)
        assert f"at {host} port {port}:\nswaks --server {host}:{port} " in await box.type(
            "lab hosts"
        )

"""STARTTLS as the client does it: real handshakes, and what hostile hosts try."""

import socket
import ssl
from dataclasses import replace
from pathlib import Path

import pytest

from seg_cli.net.starttls import client_context
from seg_cli.net.world import LAB_PATIENCE
from seg_cli.policy.facts import Failed
from seg_cli.smtp.client import Hello, SmtpClient
from seg_cli.smtp.handler import Ending
from seg_cli.smtp.profile import Say, Scripted, ServerProfile, Then, TlsOffer
from seg_cli.smtp.replies import Reply
from seg_cli.smtp.wire import Wire
from seg_cli.terms import Reason
from tests.smtp.certificates import chain_in, server_context
from tests.smtp.conftest import IMPATIENT, HostFactory, connected, listening

NAME = "mx.example.com"


def offering(tls: ssl.SSLContext, starttls: Say | None = None) -> ServerProfile:
    profile = ServerProfile(NAME, tls=TlsOffer(tls))
    return profile if starttls is None else replace(profile, starttls=starttls)


@pytest.mark.requirement("TLS-08")
async def test_a_handshake_tells_protocol_cipher_chain_and_sends_the_name(
    mail_host: HostFactory, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    host = await mail_host(offering(tls))
    client = await host.greeted()
    facts = await client.start_tls(client_context(), NAME)
    assert facts.refusal is None
    assert (facts.protocol, facts.cipher) == ("TLSv1.3", "TLS_AES_256_GCM_SHA384")
    assert facts.chain == chain_in(tmp_path)
    await client.ehlo("client.example")
    assert (await client.send("a@x", ("b@x",), b"z" * 600_000)).answers[0] == Reply(
        250, ("ok: Message 1 accepted",)
    )
    await client.quit()
    assert host.sessions[-1].sni == NAME
    assert [(seen.protocol, seen.cipher) for seen in host.handshakes] == [
        ("TLSv1.3", "TLS_AES_256_GCM_SHA384")
    ]


async def test_a_pipelined_envelope_inside_tls_is_answered_at_once(
    mail_host: HostFactory, tls: ssl.SSLContext
) -> None:
    host = await mail_host(replace(offering(tls), extensions=("PIPELINING",)))
    client = await host.greeted(IMPATIENT)
    await client.start_tls(client_context(), NAME)
    await client.ehlo("client.example")
    recipients = tuple(f"{number}@x" for number in range(5))
    sent = await client.send("a@x", recipients, b"hi")
    assert sent.answers == (Reply(250, ("ok: Message 1 accepted",)),) * 5
    await client.quit()


@pytest.mark.requirement("TLS-08")
async def test_tls_1_2_is_spoken_where_the_host_has_no_more(
    mail_host: HostFactory, tls: ssl.SSLContext
) -> None:
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    client = await (await mail_host(offering(tls))).greeted()
    assert (await client.start_tls(client_context(), NAME)).protocol == "TLSv1.2"
    await client.quit()


@pytest.mark.requirement("TLS-02")
async def test_all_is_forgotten_after_tls_and_starttls_is_never_said_twice(
    mail_host: HostFactory, tls: ssl.SSLContext
) -> None:
    host = await mail_host(replace(offering(tls), extensions=("STARTTLS",)))
    client = await host.greeted()
    assert (await client.start_tls(client_context(), NAME)).refusal is None
    again = await client.ehlo("client.example")
    assert host.sessions[-1].hello == ""
    assert isinstance(again, Hello)
    assert again.offers("STARTTLS")  # a liar's word
    twice = await client.start_tls(client_context(), NAME)
    assert twice.refusal is Reason.STARTTLS_NOT_SUPPORTED
    assert client.usable
    await client.quit()
    assert await host.ending() is Ending.QUIT


@pytest.mark.requirement("TLS-01")
async def test_starttls_is_not_said_where_it_is_not_announced(mail_host: HostFactory) -> None:
    host = await mail_host()
    client = await host.greeted()
    facts = await client.start_tls(client_context(), NAME)
    assert (facts.refusal, facts.behind_220) == (Reason.STARTTLS_NOT_SUPPORTED, False)
    assert (await client.send("a@x", ("b@x",), b"hi")).answers[0].code == 250  # type: ignore[union-attr]  # a Failed fails here
    await client.quit()


@pytest.mark.requirement("TLS-03")
@pytest.mark.parametrize(
    ("refusal", "usable"),
    [
        pytest.param("454 4.7.0 TLS not available", True, id="454 leaves the connection"),
        pytest.param("554 no", True, id="so does 5yz"),
        pytest.param("250 fine", True, id="only 220 starts a handshake"),
        pytest.param("421 closing", False, id="421 ends the connection"),
    ],
)
async def test_a_refused_starttls(
    mail_host: HostFactory, tls: ssl.SSLContext, refusal: str, usable: bool
) -> None:
    client = await (await mail_host(offering(tls, Reply.parse(refusal)))).greeted()
    facts = await client.start_tls(client_context(), NAME)
    assert (facts.refusal, facts.behind_220) == (Reason.STARTTLS_REFUSED, False)
    assert facts.detail == refusal
    assert (client.usable, facts.lost) == (usable, not usable)
    if usable:
        assert (await client.command("NOOP")) == Reply(250, ("ok",))
    await client.quit()


@pytest.mark.requirement("TLS-04")
@pytest.mark.parametrize(
    "injected",
    [
        pytest.param(b"220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n", id="whole replies"),
        pytest.param(b"220 go\r\n2", id="one byte"),
    ],
)
async def test_bytes_behind_the_220_abort(
    mail_host: HostFactory, tls: ssl.SSLContext, injected: bytes
) -> None:
    host = await mail_host(offering(tls, Scripted(injected)))
    client = await host.greeted()
    facts = await client.start_tls(client_context(), NAME)
    assert (facts.refusal, facts.behind_220) == (Reason.STARTTLS_INJECTION, True)
    assert not client.usable
    assert isinstance(await client.command("NOOP"), Failed)
    await client.quit()


@pytest.mark.parametrize(
    ("answer", "refusal", "detail"),
    [
        pytest.param(Scripted(b"220 go\r\n", Then.CLOSE), Reason.DISCONNECTED, "EOF", id="closes"),
        pytest.param(
            Scripted(b"220 go\r\n", Then.HANG), Reason.TIMED_OUT, "timeout", id="falls silent"
        ),
    ],
)
async def test_a_host_that_fails_behind_its_220(
    mail_host: HostFactory, tls: ssl.SSLContext, answer: Say, refusal: Reason, detail: str
) -> None:
    client = await (await mail_host(offering(tls, answer))).greeted(IMPATIENT)
    facts = await client.start_tls(client_context(), NAME)
    assert (facts.refusal, facts.behind_220, facts.detail) == (refusal, True, detail)
    assert not client.usable
    await client.quit()


async def test_a_host_that_breaks_before_its_220(
    mail_host: HostFactory, tls: ssl.SSLContext
) -> None:
    client = await (await mail_host(offering(tls, Scripted(then=Then.CLOSE)))).greeted()
    facts = await client.start_tls(client_context(), NAME)
    assert (facts.refusal, facts.behind_220, facts.lost) == (Reason.DISCONNECTED, False, True)
    await client.quit()


@pytest.mark.requirement("TLS-06")
async def test_ehlo_refused_inside_tls_is_not_tried_as_helo(tls: ssl.SSLContext) -> None:
    heard: list[bytes] = []

    async def serve(sock: socket.socket) -> None:
        wire = Wire(sock)
        for answer in (b"220 hi\r\n", b"250-mx\r\n250 STARTTLS\r\n", b"220 go\r\n"):
            wire.write(answer)
            heard.append(await wire.read_line(100))
            if heard[-1] == b"STARTTLS":
                wire.write(b"220 go\r\n")
                await wire.accept_tls(tls)
                heard.append(await wire.read_line(100))
                wire.write(b"502 what?\r\n")
                heard.append(await wire.read_line(100))
                break
        await wire.close()

    async with listening(serve) as address:
        client = SmtpClient.over(connected(address), LAB_PATIENCE)
        await client.greet()
        await client.ehlo("me.example")
        await client.start_tls(client_context(), NAME)
        assert await client.ehlo("me.example") == Hello(Reply.parse("502 what?"))
        await client.quit()
    assert heard == [b"EHLO me.example", b"STARTTLS", b"EHLO me.example", b"QUIT"]


@pytest.mark.requirement("TLS-09")
async def test_quit_is_said_inside_tls(mail_host: HostFactory, tls: ssl.SSLContext) -> None:
    host = await mail_host(offering(tls))
    client = await host.greeted()
    await client.start_tls(client_context(), NAME)
    await client.quit()
    assert await host.ending() is Ending.QUIT
    assert host.messages == []


async def test_a_server_may_choose_its_certificate_by_the_name_asked_for(
    mail_host: HostFactory, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    other = server_context(tmp_path, "other.example.com")
    offer = TlsOffer(tls, {"other.example.com": other})
    client = await (await mail_host(ServerProfile(NAME, tls=offer))).greeted()
    facts = await client.start_tls(client_context(), "other.example.com")
    assert facts.chain == chain_in(tmp_path, "other.example.com")
    await client.quit()


@pytest.mark.parametrize("name", ["", "192.0.2.1", "mx..example.com", "x" * 64, "a\0b"])
async def test_without_a_name_no_sni_is_sent(
    mail_host: HostFactory, tls: ssl.SSLContext, name: str
) -> None:
    host = await mail_host(offering(tls))
    client = await host.greeted()
    assert (await client.start_tls(client_context(), name)).refusal is None
    await client.quit()
    assert host.sessions[-1].sni == ""


@pytest.mark.requirement("TLS-04")
async def test_the_server_begins_no_tls_where_something_follows_starttls_and_forgets_it(
    mail_host: HostFactory, tls: ssl.SSLContext
) -> None:
    host = await mail_host(offering(tls))
    wire = Wire(connected(host.address))
    await wire.read_line(100)
    wire.write(b"STARTTLS\r\nMAIL FROM:<evil@x>\r\n")
    assert await wire.read_line(100) == b"503 #5.5.1 nothing may follow STARTTLS"
    assert await wire.read_line(100) == b"250 sender <evil@x> ok"
    wire.write(b"STARTTLS\r\n")
    await wire.read_line(100)
    await wire.start_tls(client_context(), server_hostname=NAME)
    wire.write(b"MAIL FROM:<good@x>\r\nQUIT\r\n")
    assert await wire.read_line(100) == b"250 sender <good@x> ok"
    assert await wire.read_line(100) == b"221 mx.example.com"
    await wire.close()


async def test_a_client_that_speaks_no_tls_ends_the_connection(
    mail_host: HostFactory, tls: ssl.SSLContext
) -> None:
    host = await mail_host(offering(tls))
    wire = Wire(connected(host.address))
    await wire.read_line(100)
    wire.write(b"STARTTLS\r\n")
    await wire.read_line(100)
    wire.write(b"EHLO again\r\n")
    assert await host.ending() is Ending.TLS_FAILED
    await wire.close()
    (facts,) = host.handshakes
    assert facts.refusal is Reason.HANDSHAKE_FAILED

"""Our client against aiosmtpd, which nobody here wrote."""

import asyncio
import ssl
from collections.abc import AsyncIterator

import pytest
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, Envelope, Session

from seg_cli.net.starttls import client_context
from seg_cli.net.world import LAB_PATIENCE
from seg_cli.smtp.client import Hello, SmtpClient
from seg_cli.smtp.replies import Reply
from tests.smtp.conftest import connected


class Mailbox(Sink):
    """Keeps the last message; refuses one recipient."""

    def __init__(self) -> None:
        super().__init__()
        self.content: bytes | str | None = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds it by this name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.content = envelope.content
        return "250 2.0.0 queued"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def foreign(mailbox: Mailbox, tls: ssl.SSLContext) -> AsyncIterator[SmtpClient]:
    """A client behind the greeting of an aiosmtpd that demands TLS."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(mailbox, tls_context=tls, require_starttls=True, loop=loop, hostname="mx"),
        "127.0.0.1",
        0,
    )
    client = SmtpClient.over(connected(server.sockets[0].getsockname()), LAB_PATIENCE)
    greeting = await client.greet()
    assert isinstance(greeting, Reply)
    assert greeting.code == 220
    yield client
    client.close()
    server.close()


async def test_a_whole_delivery_inside_tls(foreign: SmtpClient, mailbox: Mailbox) -> None:
    hello = await foreign.ehlo("client.example")
    assert isinstance(hello, Hello)
    assert hello.offers("STARTTLS")
    facts = await foreign.start_tls(client_context(), "mx.example.com")
    assert (facts.refusal, facts.protocol, len(facts.chain)) == (None, "TLSv1.3", 2)
    again = await foreign.ehlo("client.example")
    assert isinstance(again, Hello)
    assert not again.offers("STARTTLS")
    sent = await foreign.send("a@x.example", ("nobody@y.example", "b@y.example"), b"S: 1\n\n.\n")
    assert sent.answers == (
        Reply(550, ("5.1.1 no such mailbox",)),
        Reply(250, ("2.0.0 queued",)),
    )
    assert mailbox.content == b"S: 1\r\n\r\n.\r\n"
    await foreign.quit()


async def test_mail_in_clear_text_is_refused_by_it(foreign: SmtpClient) -> None:
    await foreign.ehlo("client.example")
    (answer,) = (await foreign.send("a@x.example", ("b@y.example",), b"hi")).answers
    assert isinstance(answer, Reply)
    assert answer.code == 530
    await foreign.quit()

"""The client against our server, honest and scripted."""

import asyncio
import socket
from dataclasses import replace

import pytest

from seg_cli.net.world import LAB_PATIENCE
from seg_cli.policy.facts import Failed
from seg_cli.smtp.client import Hello, SmtpClient, parse_keywords
from seg_cli.smtp.handler import Ending, Envelope
from seg_cli.smtp.profile import Say, Scripted, ServerProfile, Then
from seg_cli.smtp.replies import Reply
from seg_cli.terms import Reason
from tests.smtp.conftest import IMPATIENT, HostFactory, connected, listening

PROFILE = ServerProfile("mx.example.com")
HANG = Scripted(then=Then.HANG)
CLOSE = Scripted(then=Then.CLOSE)
RESET = Scripted(then=Then.RESET)
OK = Reply(250, ("ok: Message 1 accepted",))


def refuses(text: str) -> Reply:
    return Reply.parse(text)


async def test_mail_is_delivered_over_one_connection_twice(mail_host: HostFactory) -> None:
    host = await mail_host()
    client = await host.greeted()
    first = await client.send("a@example.net", ("b@example.com",), b"Subject: 1\n\n.hi\n")
    second = await client.send("", ("c@example.com", "d@example.com"), b"x")
    await client.quit()
    assert first.answers == (OK,)
    assert not first.doubtful
    assert [answer.code for answer in second.answers if isinstance(answer, Reply)] == [250, 250]
    assert host.messages == [
        (Envelope("a@example.net", ("b@example.com",)), b"Subject: 1\r\n\r\n.hi\r\n"),
        (Envelope("", ("c@example.com", "d@example.com")), b"x\r\n"),
    ]
    assert await host.ending() is Ending.QUIT


async def test_an_empty_and_a_large_message_arrive_whole(mail_host: HostFactory) -> None:
    host = await mail_host()
    client = await host.greeted()
    large = b"." + b"y" * 70 + b"\r\n"
    for message in (b"", large * 20_000):
        assert (await client.send("a@b", ("c@d",), message)).answers[0].code == 250  # type: ignore[union-attr]  # a Failed fails here
        assert host.messages[-1][1] == message
    await client.quit()


async def test_each_recipient_has_the_answer_that_decided_it(mail_host: HostFactory) -> None:
    unknown, busy = refuses("550 5.1.1 unknown"), refuses("451 4.3.0 later")
    host = await mail_host(answers={"b@x": unknown, "c@x": busy})
    client = await host.greeted()
    sent = await client.send("a@x", ("b@x", "c@x", "d@x"), b"hi")
    assert sent.answers == (unknown, busy, OK)
    await client.quit()


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"a@x": refuses("550 go away")}, id="the sender is refused"),
        pytest.param({"b@x": refuses("550 go away")}, id="every recipient is refused"),
        pytest.param({"message": refuses("550 go away")}, id="the message is refused"),
    ],
)
async def test_after_a_refusal_the_connection_serves_the_next_message(
    mail_host: HostFactory, answers: dict[str, Say]
) -> None:
    host = await mail_host(answers=answers)
    client = await host.greeted()
    refused = await client.send("a@x", ("b@x",), b"hi")
    assert refused.answers == (refuses("550 go away"),)
    answers.clear()
    assert (await client.send("a@x", ("b@x",), b"hi")).answers[0].code == 250  # type: ignore[union-attr]  # a Failed fails here
    await client.quit()


PIPELINING = replace(PROFILE, extensions=("PIPELINING",))


@pytest.mark.parametrize("profile", [PROFILE, PIPELINING], ids=["one by one", "pipelined"])
@pytest.mark.parametrize(
    ("answers", "told"),
    [
        pytest.param({}, ("250", "250", "250"), id="all accepted"),
        pytest.param({"a@x": refuses("451 no")}, ("451", "451", "451"), id="sender refused"),
        pytest.param({"c@x": refuses("550 no")}, ("250", "550", "250"), id="one refused"),
        pytest.param(
            {to: refuses(f"45{number} no") for number, to in enumerate(("b@x", "c@x", "d@x"))},
            ("450", "451", "452"),
            id="every recipient refused",
        ),
        pytest.param({"message": refuses("552 no")}, ("552", "552", "552"), id="message refused"),
        pytest.param({"c@x": refuses("421 no")}, ("FAIL", "421", "FAIL"), id="421 on the way"),
    ],
)
async def test_each_reply_is_judged_apart_however_the_commands_went(
    mail_host: HostFactory, profile: ServerProfile, answers: dict[str, Say], told: tuple[str, ...]
) -> None:
    host = await mail_host(profile, answers=dict(answers))
    client = await host.greeted()
    sent = await client.send("a@x", ("b@x", "c@x", "d@x"), b"hi")
    assert tuple(_code(answer) for answer in sent.answers) == told
    assert not sent.doubtful
    if client.usable:
        host.answers.clear()
        assert [_code(a) for a in (await client.send("a@x", ("b@x",), b"hi")).answers] == ["250"]
    await client.quit()


def _code(answer: Reply | Failed) -> str:
    return str(answer.code) if isinstance(answer, Reply) else "FAIL"


class Commands:
    """A peer that takes what comes in pieces, and answers each piece with the next of `answers`."""

    def __init__(self, *answers: bytes) -> None:
        self.pieces: list[bytes] = []
        self._answers = iter(answers)

    async def serve(self, sock: socket.socket) -> None:
        with sock:
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(sock, b"220 hi\r\n")
            for answer in self._answers:
                self.pieces.append(await loop.sock_recv(sock, 65536))
                await loop.sock_sendall(sock, answer)


EHLO = b"250-mx\r\n250 PIPELINING\r\n"


async def test_a_pipelined_envelope_is_one_write() -> None:
    peer = Commands(
        EHLO, b"250 ok\r\n250 ok\r\n550 no\r\n354 go\r\n", b"250 done\r\n", b"221 bye\r\n"
    )
    async with listening(peer.serve) as address:
        client = SmtpClient.over(connected(address), LAB_PATIENCE)
        await client.greet()
        await client.ehlo("me")
        sent = await client.send("a@x", ("b@x", "c@x"), b"hi")
        await client.quit()
    assert sent.answers == (Reply(250, ("done",)), Reply(550, ("no",)))
    assert peer.pieces[1:] == [
        b"MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n",
        b"hi\r\n.\r\n",
        b"QUIT\r\n",
    ]


async def test_an_answer_to_a_message_that_was_not_sent_is_no_delivery() -> None:
    peer = Commands(EHLO, b"250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n")
    async with listening(peer.serve) as address:
        client = SmtpClient.over(connected(address), LAB_PATIENCE)
        await client.greet()
        await client.ehlo("me")
        sent = await client.send("a@x", ("b@x",), b"hi")
        await client.quit()
    (answer,) = sent.answers
    assert answer == Failed(Reason.PROTOCOL_ERROR, detail="a reply before the message")


async def test_a_host_that_wants_a_message_without_recipients_gets_an_empty_one() -> None:
    peer = Commands(EHLO, b"250 ok\r\n550 no\r\n354 go\r\n", b"554 nobody\r\n", b"221 bye\r\n")
    async with listening(peer.serve) as address:
        client = SmtpClient.over(connected(address), LAB_PATIENCE)
        await client.greet()
        await client.ehlo("me")
        sent = await client.send("a@x", ("b@x",), b"hi")
        await client.quit()
    assert sent.answers == (Reply(550, ("no",)),)
    assert peer.pieces[2] == b".\r\n"


async def test_a_data_command_that_is_answered_250_is_no_delivery(mail_host: HostFactory) -> None:
    host = await mail_host(replace(PROFILE, go_ahead=refuses("250 ok")))
    client = await host.greeted()
    (answer,) = (await client.send("a@x", ("b@x",), b"hi")).answers
    assert answer == Failed(Reason.PROTOCOL_ERROR, detail="unexpected reply 250 ok")
    assert not client.usable
    await client.quit()


@pytest.mark.requirement("TLS-10")
@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        pytest.param(CLOSE, Failed(Reason.DISCONNECTED, detail="EOF"), id="closed"),
        pytest.param(
            RESET,
            Failed(Reason.DISCONNECTED, detail="[Errno 104] Connection reset by peer"),
            id="reset",
        ),
        pytest.param(HANG, Failed(Reason.TIMED_OUT, detail="timeout"), id="silent"),
    ],
)
async def test_what_is_lost_after_the_final_dot_is_doubtful(
    mail_host: HostFactory, answer: Say, failed: Failed
) -> None:
    host = await mail_host(answers={"message": answer})
    client = await host.greeted(IMPATIENT)
    sent = await client.send("a@x", ("b@x", "c@x"), b"hi")
    assert sent.answers == (failed, failed)
    assert failed.temporary
    assert sent.doubtful
    assert not client.usable
    await client.quit()


async def test_what_is_lost_before_the_message_is_not_doubtful(mail_host: HostFactory) -> None:
    host = await mail_host(answers={"c@x": CLOSE})
    client = await host.greeted()
    sent = await client.send("a@x", ("b@x", "c@x", "d@x"), b"hi")
    assert sent.answers == (Failed(Reason.DISCONNECTED, detail="EOF"),) * 3
    assert not sent.doubtful
    await client.quit()


@pytest.mark.requirement("TLS-05")
@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(replace(PROFILE, greeting=HANG), id="before its greeting"),
        pytest.param(replace(PROFILE, ehlo=HANG), id="after EHLO"),
        pytest.param(replace(PROFILE, sender_ok=HANG), id="after MAIL"),
        pytest.param(replace(PROFILE, recipient_ok=HANG), id="after RCPT"),
        pytest.param(replace(PROFILE, go_ahead=HANG), id="after DATA"),
    ],
)
async def test_a_host_that_falls_silent_is_given_up(
    mail_host: HostFactory, profile: ServerProfile
) -> None:
    host = await mail_host(profile)
    client = await host.dial(IMPATIENT)
    steps: list[object] = [await client.greet(), await client.ehlo("client.example")]
    steps += (await client.send("a@x", ("b@x",), b"hi")).answers
    assert steps[-1] == Failed(Reason.TIMED_OUT, detail="timeout")
    client.close()


@pytest.mark.requirement("TLS-07")
@pytest.mark.parametrize(
    ("greeting", "answer"),
    [
        pytest.param(refuses("554 no"), refuses("554 no"), id="refusing"),
        pytest.param(refuses("421 busy"), refuses("421 busy"), id="busy"),
        pytest.param(CLOSE, Failed(Reason.DISCONNECTED, detail="EOF"), id="missing"),
        pytest.param(
            Scripted(b"SSH-2.0-x\r\n"),
            Failed(Reason.PROTOCOL_ERROR, detail="not an SMTP reply: SSH-2.0-x"),
            id="garbage",
        ),
    ],
)
async def test_a_bad_greeting_is_told(
    mail_host: HostFactory, greeting: Say, answer: Reply | Failed
) -> None:
    host = await mail_host(replace(PROFILE, greeting=greeting))
    client = await host.dial()
    assert await client.greet() == answer
    await client.quit()


async def test_after_421_nothing_is_sent(mail_host: HostFactory) -> None:
    host = await mail_host(answers={"a@x": refuses("421 shutting down")})
    client = await host.greeted()
    assert (await client.send("a@x", ("b@x",), b"hi")).answers == (refuses("421 shutting down"),)
    assert not client.usable
    assert await client.command("NOOP") == Failed(Reason.DISCONNECTED, detail="421 shutting down")
    await client.quit()


@pytest.mark.requirement("TLS-06")
async def test_a_host_without_ehlo_is_greeted_by_helo_and_offers_nothing(
    mail_host: HostFactory,
) -> None:
    host = await mail_host(replace(PROFILE, ehlo=refuses("502 what?")))
    client = await host.dial()
    await client.greet()
    hello = await client.ehlo("client.example")
    assert hello == Hello(Reply(250, ("mx.example.com",)))
    assert (await client.send("a@x", ("b@x",), b"hi")).answers == (OK,)
    await client.quit()


async def test_ehlo_refused_for_now_is_not_tried_as_helo(mail_host: HostFactory) -> None:
    host = await mail_host(replace(PROFILE, ehlo=refuses("450 later")))
    client = await host.dial()
    await client.greet()
    assert await client.ehlo("client.example") == Hello(refuses("450 later"))
    await client.quit()


@pytest.mark.requirement("TLS-01")
@pytest.mark.parametrize(
    ("lines", "offered"),
    [
        pytest.param(("mx", "STARTTLS"), True, id="announced"),
        pytest.param(("mx", "starttls"), True, id="in any case"),
        pytest.param(("STARTTLS",), False, id="not in the first line"),
        pytest.param(("mx", "XSTARTTLS", "STARTTLSX"), False, id="the exact word"),
        pytest.param(("mx", "HELP STARTTLS"), False, id="the keyword, not a parameter"),
        pytest.param(("mx", ""), False, id="nothing"),
    ],
)
def test_keywords_of_ehlo(lines: tuple[str, ...], offered: bool) -> None:
    reply = Reply(250, lines)
    assert Hello(reply, parse_keywords(reply)).offers("STARTTLS") is offered


@pytest.mark.parametrize("address", ["a@x>\r\nDATA", "a\0@x", "a\n@x"])
async def test_an_address_cannot_smuggle_a_command(mail_host: HostFactory, address: str) -> None:
    client: SmtpClient = await (await mail_host()).greeted()
    with pytest.raises(ValueError, match="not one line"):
        await client.send(address, ("b@x",), b"hi")
    await client.quit()

"""Mail hosts as bad as can be, through a whole appliance: one outcome for each recipient, told in
printable text, whatever they say at whatever moment.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seg_cli.dialogue.memory import Answer
from seg_cli.errors import EndOfInput
from seg_cli.smtp.profile import Say, Scripted, ServerProfile, TlsOffer
from seg_cli.smtp.replies import Reply
from tests.smtp.conftest import MailHost, listening
from tests.whole.detours import Abroad, abroad
from tests.whole.test_tech_note import assert_in_order

MAIL_HOSTS = ("192.0.2.25", "192.0.2.26")
TO, SENDER = "user@plain.example", "user@hosted.example"

ESCAPES = b"\x1b[2J\x1b]0;me\x07\xc2\x9b0m\xe2\x80\xa8\xff\0"
SPELT = r"\x1b[2J\x1b]0;me\x07\x9b0m\u2028\xff\x00"
IN_QUOTES = SPELT.replace("\\", "\\\\")
"""As it stands within the quotes of a list."""

REFUSAL, DEFERRAL = b"550 no " + ESCAPES + b"\r\n", b"451-no\r\n451 " + ESCAPES + b"\r\n"
BREACHES = {
    "an endless line": (b"250 " + b"x" * 5000, "reply line too long"),
    "endless lines": (b"250-x\r\n" * 1000, "reply has too many lines"),
    "another code in its last line": (b"250-a\r\n550 b\r\n", "reply code changed from 250 to 550"),
    "escape sequences": (ESCAPES + b"\r\n", f"not an SMTP reply: {SPELT}"),
    "a web server": (
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        "not an SMTP reply: HTTP/1.1 400 Bad Request",
    ),
    "a code of four digits": (b"2500 ok\r\n", "not an SMTP reply: 2500 ok"),
}

PENDING = "MID 5444 to RID [0] pending till Thu Sep 26 15:24:39 2024"

BEFORE_MAIL = ("greeting", "ehlo")
DURING_MAIL = ("sender_ok", "recipient_ok", "go_ahead")


@asynccontextmanager
async def among(directory: Path, moment: str, say: Say) -> AsyncIterator[Abroad]:
    """Both hosts of the recipient domain say this at this moment."""
    async with abroad(directory) as here:
        tls = TlsOffer(here.lab.context_of("mx1.plain.example")) if moment == "starttls" else None
        said: dict[str, Any] = {} if moment == "message" else {moment: say}
        profile = replace(ServerProfile("mx1.plain.example", tls=tls), **said)
        host = MailHost(profile, {} if said else {"message": say})
        async with listening(host.serve) as address:
            here.lab.detours |= {(each, 25): address for each in MAIL_HOSTS}
            yield here


def network_problem(dcid: int, why: str) -> str:
    said = why.replace("\\", "\\\\")
    problem = f"4.4.0 - Other network problem ('000', ['{said}'])[]"
    return f"Delayed: DCID {dcid} MID 5444 to RID 0 - {problem}"


@pytest.mark.parametrize("moment", BEFORE_MAIL)
@pytest.mark.parametrize("breach", BREACHES)
async def test_a_host_that_does_not_speak_smtp_is_not_reached(
    tmp_path: Path, breach: str, moment: str
) -> None:
    data, why = BREACHES[breach]
    async with among(tmp_path, moment, Scripted(data)) as here:
        await here.send(TO, SENDER)
        unreached = (
            "Connection Error: DCID 834834 domain: plain.example IP: 192.0.2.26 port: 25 "
            f"details: {why} interface: 10.1.1.2 reason: network error"
        )
        assert_in_order([unreached, network_problem(834834, why), PENDING], here.box.log())


@pytest.mark.parametrize("moment", DURING_MAIL)
@pytest.mark.parametrize("breach", BREACHES)
async def test_what_is_no_reply_holds_mail_back(tmp_path: Path, breach: str, moment: str) -> None:
    data, why = BREACHES[breach]
    async with among(tmp_path, moment, Scripted(data)) as here:
        await here.send(TO, SENDER)
        told = [network_problem(dcid, why) for dcid in (834833, 834834)]
        assert_in_order([*told, PENDING], here.box.log())


@pytest.mark.parametrize("breach", BREACHES)
async def test_what_is_no_reply_to_the_message_leaves_it_in_doubt(
    tmp_path: Path, breach: str
) -> None:
    """The host may have taken it, so no other is tried now."""
    data, why = BREACHES[breach]
    async with among(tmp_path, "message", Scripted(data)) as here:
        await here.send(TO, SENDER)
        doubt = "Possible Delivery: DCID: 834833 MID 5444 to [0]"
        assert_in_order([doubt, network_problem(834833, why), PENDING], here.box.log())


@pytest.mark.parametrize("moment", [*DURING_MAIL, "message"])
async def test_a_refusal_is_told_to_the_sender_in_printable_text(
    tmp_path: Path, moment: str
) -> None:
    async with among(tmp_path, moment, Scripted(REFUSAL)) as here:
        await here.send(TO, SENDER)
        bounced = (
            "Bounced: DCID 834833 MID 5444 to RID 0 - 5.1.0 - Unknown address error "
            f"('550', ['no {IN_QUOTES}']) []"
        )
        assert_in_order([bounced, "Message finished MID 5445 done"], here.box.log())
        (notice,) = (await here.box.seen()).received
        text = notice.message.decode("ascii")
        assert text.replace("\r\n", "").isprintable()
        assert f"Diagnostic-Code: smtp; 550 no {SPELT}" in text


@pytest.mark.parametrize("moment", [*DURING_MAIL, "message"])
async def test_a_deferral_is_told_by_line(tmp_path: Path, moment: str) -> None:
    async with among(tmp_path, moment, Scripted(DEFERRAL)) as here:
        await here.send(TO, SENDER)
        said = f"4.1.0 - Unknown address error ('451', ['no', '{IN_QUOTES}'])[]"
        delayed = f"Delayed: DCID 834834 MID 5444 to RID 0 - {said}"
        assert_in_order([delayed, PENDING], here.box.log())


async def test_a_message_that_is_taken_is_done_whatever_is_said(tmp_path: Path) -> None:
    async with among(tmp_path, "message", Scripted(b"250 " + ESCAPES + b"\r\n")) as here:
        await here.send(TO, SENDER)
        response = f"MID 5444 RID [0] Response '{IN_QUOTES}'"
        assert_in_order([response, "Message finished MID 5444 done"], here.box.log())


@pytest.mark.parametrize(
    ("say", "why"),
    [
        pytest.param(
            Reply(454, (ESCAPES.decode("latin-1"),)), "STARTTLS unexpected response", id="refused"
        ),
        pytest.param(Scripted(b"220-go\r\n" * 1000), "protocol error", id="endless lines"),
        pytest.param(Scripted(b"220 " + b"x" * 5000), "protocol error", id="an endless line"),
    ],
)
async def test_where_tls_is_but_preferred_mail_goes_in_clear_text(
    tmp_path: Path, say: Say, why: str
) -> None:
    async with among(tmp_path, "starttls", say) as here:
        await here.send(TO, SENDER)
        failed = f"DCID 834833 TLS failed: {why}"
        assert_in_order([failed, "Message finished MID 5444 done"], here.box.log())


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ("showrecipients all", ()),
        ("hoststatus plain.example", ()),
        ("tlsverify plain.example mx1.plain.example", ()),
        ("telnet mx1.plain.example 25", (EndOfInput,)),
        ("tail mail_logs", (EndOfInput,)),
        ("grep Delayed mail_logs", ()),
        ("lab explain plain.example", ()),
    ],
)
@pytest.mark.parametrize("moment", ["greeting", "ehlo", "recipient_ok"])
async def test_the_screen_is_not_driven(
    tmp_path: Path, moment: str, line: str, answers: tuple[Answer, ...]
) -> None:
    async with among(tmp_path, moment, Scripted(DEFERRAL)) as here:
        await here.send(TO, SENDER)
        shown = await here.box.type(line, *answers)
        assert shown
        assert shown.replace("\n", "").isprintable()

"""Mail that is not delivered, end to end: retries, bounces, delay warnings, double bounces."""

from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from errno import ECONNREFUSED

import pytest

from seg_cli.lab.journal import Received
from tests.whole.conftest import START, Bench, OpenBench, entry
from tests.whole.test_tech_note import assert_in_order

GONE: dict[str, object] = {
    "domains": {"gone.example": {"shows": "its host refuses", "mx": ["10 mx.gone.example"]}},
    "hosts": {"mx.gone.example": {"addresses": ["192.0.2.99"], "reach": "refused"}},
}
SENDER = "user@plain.example"


async def edit_default_profile(box: Bench, *answers: str) -> None:
    await box.type("bounceconfig", "edit", "1", *answers, "")
    await box.type("commit -y")


async def notices(box: Bench) -> list[Received]:
    """What the sender's host took from the null sender."""
    return [message for message in (await box.seen()).received if not message.sender]


def status_fields(message: Message) -> list[Message]:
    """The blocks of the report that programs read: the message's, then each recipient's."""
    (part,) = (p for p in message.walk() if p.get_content_type() == "message/delivery-status")
    blocks = part.get_payload()
    assert isinstance(blocks, list)
    return [block for block in blocks if isinstance(block, Message)]


@pytest.mark.parametrize(
    ("mx", "said"),
    [
        pytest.param(
            None,
            "5.1.2 - Bad destination host "
            "('000', ['DNS Hard Error looking up nope.example (MX):  NXDomain'])",
            id="a domain that does not exist",
        ),
        pytest.param(
            "0 .",
            "5.1.10 - Domain does not accept mail ('000', ['the domain accepts no mail'])",
            id="a null MX",
        ),
    ],
)
async def test_a_hard_bounce_without_a_connection_is_told_to_the_sender(
    bench: OpenBench, mx: str | None, said: str
) -> None:
    over: dict[str, object] = {"domains": {"nope.example": {"mx": [mx]}}} if mx else {}
    async with bench(**over) as box:
        await box.type(f"lab send from={SENDER} to=user@nope.example,other@nope.example")
        assert_in_order(
            [
                f"Bounced: DCID 0 MID 5444 to RID 0 - {said} []",
                f"Bounced: DCID 0 MID 5444 to RID 1 - {said} []",
                "Message finished MID 5444 done",
                "Start MID 5445 ICID 0",
                "MID 5445 was generated for bounce of MID 5444",
                "MID 5445 ICID 0 From: <>",
                f"MID 5445 ICID 0 RID 0 To: <{SENDER}>",
                "MID 5445 queued for delivery",
                "Delivery start DCID 834833 MID 5445 to RID [0]",
                "Message finished MID 5445 done",
            ],
            box.log(),
        )
        (notice,) = await notices(box)
        assert (notice.host, notice.recipients) == ("mx1.plain.example", (SENDER,))
        report = message_from_bytes(notice.message)
        assert report.get_content_type() == "multipart/report"
        _, *recipients = status_fields(report)
        assert [block["Final-Recipient"] for block in recipients] == [
            "rfc822; user@nope.example",
            "rfc822; other@nope.example",
        ]


async def test_recipients_that_the_host_refuses_share_a_notice(bench: OpenBench) -> None:
    over = {"hosts": {"mx1.plain.example": {"unknown": ["nobody", "ghost"]}}}
    async with bench(**over) as box:
        bounced = (
            "Bounced: DCID 834833 MID 5444 to RID {rid} - 5.1.0 - Unknown address error "
            "('550', ['5.1.1 <{name}@plain.example>: Recipient address rejected: User unknown']) []"
        )
        to = "nobody@plain.example,user@plain.example,ghost@plain.example"
        await box.type(f"lab send from=user@hosted.example to={to}")
        assert_in_order(
            [
                "Delivery start DCID 834833 MID 5444 to RID [0, 1, 2]",
                "Message done DCID 834833 MID 5444 to RID [1] ",
                bounced.format(rid=0, name="nobody"),
                bounced.format(rid=2, name="ghost"),
                "Message finished MID 5444 done",
                "MID 5445 was generated for bounce of MID 5444",
                "Message finished MID 5445 done",
            ],
            box.log(),
        )
        (notice,) = await notices(box)
        _, nobody, ghost = status_fields(message_from_bytes(notice.message))
        assert nobody["Remote-MTA"] == ghost["Remote-MTA"] == "dns; mx1.plain.example"
        assert ghost["Diagnostic-Code"] == (
            "smtp; 550 5.1.1 <ghost@plain.example>: Recipient address rejected: User unknown"
        )


async def test_what_a_host_said_last_is_said_at_expiry(bench: OpenBench) -> None:
    greylisting = {"recipients": "451 4.7.1 Greylisted"}
    both = {f"mx{number}.plain.example": greylisting for number in (1, 2)}
    async with bench(hosts=both) as box:
        await edit_default_profile(box, "1", *[""] * 8)
        await box.type("lab send from=user@hosted.example to=user@plain.example")
        await box.type("lab advance 1h")
        log = "\n".join(box.log())
        said = "- 4.1.0 - Unknown address error ('451', ['4.7.1 Greylisted'])[]"
        assert f" MID 5444 to RID 0 {said}" in log
        expired = "5.4.7 - Delivery expired (message too old) ('451', ['4.7.1 Greylisted']) []"
        assert f"MID 5444 to RID 0 - {expired}" in log
        (notice,) = await notices(box)
        assert b"5.4.7 - Delivery expired (message too old) 451-'4.7.1 Greylisted'" in (
            notice.message
        )


@pytest.mark.requirement("AOS-30")
async def test_retries_by_the_profile_and_then_expiry(bench: OpenBench) -> None:
    async with bench(**GONE) as box:
        await edit_default_profile(box, "", "900", "60", "240", "", "", "", "", "")
        await box.type(f"lab send from={SENDER} to=user@gone.example")
        await box.type("lab advance 1h")
        stamped = box.station.appliance.logs.path("mail_logs").read_text().splitlines()
        tried = [line[11:19] for line in stamped if " address 192.0.2.99 port 25" in line]
        assert tried == ["15:23:39", "15:24:39", "15:26:39", "15:30:39", "15:34:39", "15:38:39"]
        assert_in_order(
            [
                "MID 5444 to RID [0] pending till Thu Sep 26 15:24:39 2024",
                "MID 5444 to RID [0] pending till Thu Sep 26 15:38:39 2024",
                (
                    "Bounced: DCID 834838 MID 5444 to RID 0 - 5.4.7 - Delivery expired "
                    f"(message too old) ('000', ['[Errno {ECONNREFUSED}] Connection refused']) []"
                ),
                "Message finished MID 5444 done",
                "MID 5445 was generated for bounce of MID 5444",
                "Message finished MID 5445 done",
            ],
            box.log(),
        )
        (notice,) = await notices(box)
        report = message_from_bytes(notice.message)
        assert report["Subject"] == "Delivery Status Notification (Failure)"
        message, recipient = status_fields(report)
        assert message["Reporting-MTA"] == "dns; mail3.example.com"
        assert message["Arrival-Date"] == "Thu, 26 Sep 2024 15:23:39 +0000"
        assert recipient["Action"] == "failed"
        assert recipient["Status"] == "5.4.7"
        assert recipient["Remote-MTA"] is None


@pytest.mark.requirement("AOS-24")
@pytest.mark.requirement("STS-53")
async def test_the_sender_is_told_what_an_enforced_policy_held_back(bench: OpenBench) -> None:
    over: dict[str, object] = {
        "hosts": {"mx1.mail123.domain.com": {"certificate": {"names": ["other.example"]}}}
    }
    async with bench(**over) as box:
        await edit_default_profile(box, "", "600", "", "", "", "", "", "", "")
        await box.type("destconfig", *entry("domain.com"))
        await box.type("commit -y")
        await box.type(f"lab send from={SENDER}")
        await box.type("lab advance 10m")
        assert not [line for line in box.log() if line.startswith("Delayed: ")]
        (notice,) = await notices(box)
        report = message_from_bytes(notice.message)
        _, recipient = status_fields(report)
        assert recipient["Status"] == "5.4.7"
        assert recipient["Diagnostic-Code"] == "x-local; peer cert does not match"


async def test_delay_warnings_keep_their_interval_and_their_number(bench: OpenBench) -> None:
    async with bench(**GONE) as box:
        await edit_default_profile(box, *[""] * 6, "y", "7200", "2", "", "")
        await box.type(f"lab send from={SENDER} to=user@gone.example")
        await box.type("lab advance 1h")
        assert await notices(box) == []
        await box.station.restart()
        box.login()
        await box.type("lab advance 1d")
        assert_in_order(
            [
                "Start MID 5445 ICID 0",
                "MID 5445 was generated for delay warning of MID 5444",
                "MID 5445 ICID 0 From: <>",
                f"MID 5445 ICID 0 RID 0 To: <{SENDER}>",
                "MID 5445 queued for delivery",
                "Message finished MID 5445 done",
                "MID 5446 was generated for delay warning of MID 5444",
                "Message finished MID 5446 done",
            ],
            box.log(),
        )
        first, second = await notices(box)
        reports = [message_from_bytes(notice.message) for notice in (first, second)]
        sent = [parsedate_to_datetime(report["Date"]) for report in reports]
        assert sent[0] - START >= timedelta(hours=2)
        assert sent[1] - sent[0] >= timedelta(hours=2)
        _, recipient = status_fields(reports[0])
        assert reports[0]["Subject"] == "Delivery Status Notification (Delay)"
        assert recipient["Action"] == "delayed"
        assert recipient["Status"] == "4.4.0"
        assert recipient["Will-Retry-Until"] == "Sun, 29 Sep 2024 15:23:39 +0000"


async def test_a_double_bounce_is_dropped(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("lab send from=user@lost.example to=user@nope.example")
        hard_error = "'DNS Hard Error looking up lost.example (MX):  NXDomain'"
        assert_in_order(
            [
                "MID 5445 was generated for bounce of MID 5444",
                f"Double bounce: MID 5445 to 0 - 5.1.2 - Bad destination host {hard_error}",
                "Message finished MID 5445 done",
            ],
            box.log(),
        )
        assert not [line for line in box.log() if line.startswith("Start MID 5446 ")]


async def test_bounces_go_to_the_alternate_address_and_no_further(bench: OpenBench) -> None:
    async with bench() as box:
        to_lost = ("y", "postmaster@lost.example")
        await edit_default_profile(box, *[""] * 7, *to_lost, "")
        await box.type(f"lab send from={SENDER} to=user@nope.example")
        log = "\n".join(box.log())
        assert "MID 5445 ICID 0 RID 0 To: <postmaster@lost.example>" in log
        assert "Double bounce: MID 5445 to 0 - 5.1.2 " in log
        assert "Start MID 5446 " not in log
        assert await notices(box) == []


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        pytest.param(("n", "", "", "", ""), None, id="no message for a hard bounce"),
        pytest.param(("", "n", "", "", ""), "multipart/mixed", id="no DSN format"),
    ],
)
async def test_what_the_profile_says_of_bounces(
    bench: OpenBench, answers: tuple[str, ...], kind: str | None
) -> None:
    async with bench() as box:
        await edit_default_profile(box, *[""] * 4, *answers)
        await box.type(f"lab send from={SENDER} to=user@nope.example")
        told = [message_from_bytes(notice.message) for notice in await notices(box)]
        assert [report.get_content_type() for report in told] == ([kind] if kind else [])

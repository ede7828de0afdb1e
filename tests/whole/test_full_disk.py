"""The disk under the appliance fills while it runs: nothing is lost, nothing half taken."""

import smtplib

import pytest

from tests.full_disk import full_disk
from tests.whole.conftest import Bench, OpenBench
from tests.whole.test_injection import MESSAGE, TO, by_smtplib

SENDER = "a@client.example.com"


async def log_of(box: Bench, mid: int) -> list[str]:
    await box.station.appliance.quiet()
    return [line for line in box.log() if f"MID {mid} " in f"{line} "]


async def test_mail_is_refused_for_now_and_taken_once_there_is_room(bench: OpenBench) -> None:
    def talk(client: smtplib.SMTP) -> None:
        assert client.sendmail(SENDER, TO, MESSAGE) == {}
        with full_disk():
            for _ in range(2):
                with pytest.raises(smtplib.SMTPDataError) as refusal:
                    client.sendmail(SENDER, TO, MESSAGE)
                assert refusal.value.args == (452, b"#4.3.1 queue full")
        assert client.sendmail(SENDER, TO, MESSAGE) == {}

    async with bench() as box:
        await by_smtplib(box, talk)
        for mid in (5444, 5447):
            assert (await log_of(box, mid))[-1] == f"Message finished MID {mid} done"
        for mid in (5445, 5446):
            assert (await log_of(box, mid))[-2:] == [
                f"Message aborted MID {mid} Queue full",
                f"Message finished MID {mid} aborted",
            ]
        assert len((await box.seen()).received) == 2
        assert (await box.station.appliance.network()).engine.waiting == ()


async def test_a_connection_without_a_number_is_turned_away_for_now(bench: OpenBench) -> None:
    async with bench() as box:
        await box.station.appliance.network()
        with full_disk(), pytest.raises(smtplib.SMTPConnectError) as refusal:
            await by_smtplib(box, smtplib.SMTP.noop)
        assert refusal.value.args == (421, b"#4.3.1 queue full")
        assert await by_smtplib(box, smtplib.SMTP.noop) == (250, b"ok")

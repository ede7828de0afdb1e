"""hoststatus, tophosts and dnsstatus: what they print was counted."""

import re

import pytest

from seg_cli.dialogue.memory import Answer
from tests.whole.conftest import OpenBench
from tests.whole.test_queue import DOWN

FRESH = """\
Host mail status for: 'nobody.example'
Status as of:         Thu Sep 26 15:23:39 2024 GMT
Host up/down:         unknown

Counters:
  Queue
    Soft Bounced Events                            0
  Completion
    Completed Recipients                           0
      Hard Bounced Recipients                      0
        DNS Hard Bounces                           0
        5XX Hard Bounces                           0
        Filter Hard Bounces                        0
        Expired Hard Bounces                       0
        Other Hard Bounces                         0
      Delivered Recipients                         0
      Deleted Recipients                           0

Gauges:
  Queue
    Active Recipients                              0
      Unattempted Recipients                       0
      Attempted Recipients                         0
  Connections
    Current Outbound Connections                   0

Oldest Message        No Messages
Last Activity         Never

Virtual gateway information:
============================================================
mail3.example.com (Management):
    Host up/down:   unknown
    Last Activity   Never
    Recipients      0
"""

DELIVERED = """\
Oldest Message        No Messages
Last Activity         Thu Sep 26 15:23:39 2024
Ordered IP addresses: (expiring at Thu Sep 26 16:23:39 2024)
    Preference   IPs
    10           192.0.2.25
"""

MX_RECORDS = """\
MX Records:
    Preference   TTL       Hostname
    10           1h        mx1.plain.example
    20           1h        mx2.plain.example
"""

TABLE = """\
Status as of:         Thu Sep 26 15:23:39 2024 GMT

Hosts marked with '*' were down as of the last delivery attempt.

                             Active  Conn.     Deliv.       Soft       Hard
#   Recipient Host           Recip.    Out     Recip.    Bounced    Bounced

1*  down.example                 2      0          0          2          0
2   plain.example                0      1          1          0          0
"""


async def test_a_host_nobody_wrote_to(bench: OpenBench) -> None:
    async with bench() as box:
        assert await box.type("hoststatus Nobody.example") == FRESH
        asked = await box.type("hoststatus", "nobody.example")
        assert asked == f"Recipient host:\n[]> nobody.example\n\n{FRESH}"
        assert "Invalid arguments" in await box.type("hoststatus a b")


async def test_a_host_that_took_a_message(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("lab send to=user@plain.example")
        shown = await box.type("hoststatus plain.example")
        assert DELIVERED in shown
        assert MX_RECORDS in shown
        assert "Host up/down:         up\n" in shown
        assert "      Delivered Recipients                         1\n" in shown
        assert "    Current Outbound Connections                   1\n" in shown
        await box.type("lab advance 7m")
        shown = await box.type("hoststatus plain.example")
        assert "    10           53m       mx1.plain.example\n" in shown
        assert "    Current Outbound Connections                   0\n" in shown
        await box.type("dnsflush", "y")
        assert "MX Records:" not in await box.type("hoststatus plain.example")


async def test_a_host_that_is_down(bench: OpenBench) -> None:
    async with bench(**DOWN) as box:
        await box.type("lab send to=a@down.example,b@down.example")
        await box.type("lab advance 61s")
        shown = await box.type("hoststatus down.example")
        assert "Host up/down:         down\n" in shown
        assert "    Soft Bounced Events                            4\n" in shown
        assert "      Attempted Recipients                         2\n" in shown
        assert "\nOldest Message        1 min 1 sec\n" in shown


async def test_the_routes_stand_in_place_of_mx_records(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("smtproutes", "new", "domain.com", "[10.1.1.3], b.example /pri=5", "")
        await box.type("commit -y")
        shown = await box.type("hoststatus domain.com")
        assert (
            "SMTP Routes for this host:\n    Preference   Hostname\n"
            "    0            10.1.1.3\n    5            b.example\n"
        ) in shown
        assert "MX Records:" not in shown
        await box.type("smtproutes", "edit", "domain.com", "/dev/null", "")
        await box.type("commit -y")
        shown = await box.type("hoststatus domain.com")
        assert "SMTP Routes for this host:\n    /dev/null\n" in shown


async def test_a_refused_recipient_leaves_the_last_error(bench: OpenBench) -> None:
    async with bench(domains={"nope.example": {"mx": ["0 ."]}}) as box:
        await box.type("lab send to=a@nope.example")
        shown = await box.type("hoststatus nope.example")
        assert "        DNS Hard Bounces                           1\n" in shown
        assert "Last 5XX Error:" not in shown


@pytest.mark.parametrize(
    ("line", "typed"), [("tophosts active_rcpts", []), ("tophosts", [""]), ("tophosts", ["5"])]
)
async def test_the_busiest_hosts(bench: OpenBench, line: str, typed: list[Answer]) -> None:
    async with bench(**DOWN) as box:
        await box.type("lab send to=a@down.example,b@down.example,user@plain.example")
        shown = await box.type(line, *typed)
        assert shown.endswith(TABLE)


async def test_the_sort_is_by_what_was_asked(bench: OpenBench) -> None:
    async with bench(**DOWN) as box:
        await box.type("lab send to=a@down.example,b@down.example,user@plain.example")
        for word, first in (("deliv_recips", "plain"), ("SOFT_BOUNCED", "down"), ("conn_out", "p")):
            shown = await box.type(f"tophosts {word}")
            assert re.search(rf"^1\*? +{first}", shown, re.MULTILINE)
        menu = await box.type("tophosts", "3")
        assert menu.startswith("Sort results by:\n\n1. Active Recipients\n2. Connections Out\n")
        assert "Invalid arguments when processing tophosts: x" in await box.type("tophosts x")


def figures(shown: str) -> dict[str, list[int]]:
    """The columns of dnsstatus, by the name of the row."""
    rows = re.findall(r"^  (\w+ \w+) +([\d,]+) +([\d,]+) +([\d,]+)$", shown, re.MULTILINE)
    return {name: [int(text.replace(",", "")) for text in row] for name, *row in rows}


async def test_dns_counters_are_what_the_log_shows(bench: OpenBench) -> None:
    async with bench() as box:
        heading = (await box.type("dnsstatus")).splitlines()[:3]
        assert heading == [
            "Status as of:  Thu Sep 26 15:23:39 2024",
            "",
            "Counters:                       Reset          Uptime        Lifetime",
        ]
        await box.type("logconfig", "edit", "1", "", "5", *[""] * 6)
        await box.type("commit -y")
        before = figures(await box.type("dnsstatus"))
        for _ in range(2):
            await box.type("lab send to=user@plain.example")
        after = figures(await box.type("dnsstatus"))
        rose = {name: after[name][1] - before[name][1] for name in after}
        log = box.log()
        assert rose["DNS Requests"] == sum("DNS query: Q(" in line for line in log) > 0
        assert rose["Network Requests"] == sum("DNS query: QIP " in line for line in log) > 0
        assert rose["Cache Hits"] + rose["Cache Misses"] >= rose["DNS Requests"]


async def test_the_lifetime_goes_over_a_restart_and_uptime_does_not(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("lab send to=user@plain.example")
        before = figures(await box.type("dnsstatus"))["DNS Requests"]
        await box.station.restart()
        box.login()
        reset, uptime, lifetime = figures(await box.type("dnsstatus"))["DNS Requests"]
        assert (reset, uptime, lifetime) == (before[2], 0, before[2])

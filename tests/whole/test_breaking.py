"""`lab break`, `lab mend`, `lab hosts`, `lab browse`, `lab advance next` on the whole appliance."""

import asyncio
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from seg_cli.delivery.quiet import Quiet
from seg_cli.dialogue.console import Console
from seg_cli.dialogue.memory import MemoryTeletype
from seg_cli.lab.reading import load_spec
from seg_cli.lab.station import Plan, Station
from seg_cli.net.clock import RunningClock, SteppedClock, machine_time
from seg_cli.shell.loop import Status
from seg_cli.shell.session import Session
from tests.whole.conftest import LAB, Bench, OpenBench, entry, fail


async def configured(box: Bench) -> None:
    await box.type("destconfig", *entry("domain.com"))
    await box.type("commit -y")


async def test_what_hides_a_fault_is_read_from_the_caches(bench: OpenBench) -> None:
    async with bench() as box:
        await configured(box)
        fresh = await box.type("lab break domain.com txt-id")
        assert fresh == (
            "Broken: the TXT record _mta-sts.domain.com has a new id; nothing hides it.\n"
        )
        await box.type("lab send")
        assert await box.type("lab break domain.com no-txt") == (
            "Broken: there is no TXT record _mta-sts.domain.com; still hidden: "
            "TXT cached until 15:53: dnsflush; "
            "policy cached until 3 Oct: lab policies refetch domain.com.\n"
        )
        await box.type("dnsflush", "y")
        assert await box.type("lab break domain.com dns-servfail") == (
            "Broken: questions about domain.com and all names below it are answered SERVFAIL; "
            "still hidden: policy cached until 3 Oct: lab policies refetch domain.com.\n"
        )
        assert await box.type("lab break domain.com mx-down") == (
            "Broken: connections to mx1.mail123.domain.com are refused; "
            "still hidden: connection kept until 15:23:44: lab advance next.\n"
        )
        await box.type("lab advance next")
        assert await box.type("lab break domain.com refuse") == (
            "Broken: every recipient is refused with 550 by mx1.mail123.domain.com; "
            "nothing hides it.\n"
        )


async def test_a_cached_answer_hides_a_fault_until_it_is_flushed(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("lab send")
        await box.type("lab break domain.com dns-servfail")
        await box.type("lab send")
        assert "Message finished MID 5445 done" in box.log()
        await box.type("dnsflush", "y")
        await box.type("lab send")
        assert "Message finished MID 5446 done" not in box.log()


async def test_mended_it_is_delivered(bench: OpenBench) -> None:
    async with bench() as box:
        await configured(box)
        await box.type("lab break domain.com expired-certificate")
        await box.type("lab send")
        assert "DCID 834833 TLS deferring: verify error: certificate has expired" in box.log()
        assert await box.type("lab mend domain.com") == (
            "Mended: domain.com (expired-certificate); nothing hides it.\n"
        )
        assert await box.type("lab advance next") == "It is now Thu Sep 26 15:24:39 2024 GMT.\n"
        assert "Message finished MID 5444 done" in box.log()
        assert await box.type("lab mend domain.com") == "domain.com is not broken.\n"
        assert await box.type("lab mend") == "Nothing is broken.\n"


async def test_a_failed_fetch_hides_its_mending(bench: OpenBench) -> None:
    async with bench() as box:
        await configured(box)
        await box.type("lab break domain.com policy-500")
        await box.type("lab send")
        assert await box.type("lab mend") == (
            "Mended: domain.com (policy-500); still hidden: "
            "no new fetch until 15:28: lab policies refetch domain.com.\n"
        )
        assert "fetched the enforce policy" in await box.type("lab policies refetch domain.com")


async def test_broken_things_are_marked_and_outlive_a_restart(bench: OpenBench) -> None:
    mark = (
        "    broken (mx-down): connections to mx1.plain.example and mx2.plain.example are refused"
    )
    async with bench() as box:
        await box.type("lab break plain.example mx-down")
        await box.type("lab restart")
        await box.station.restart()
        box.login()
        assert mark in (await box.type("lab hosts")).splitlines()
        assert mark in (await box.type("lab hosts plain.example")).splitlines()
        await box.type("lab send to=user@plain.example")
        assert (await box.seen()).received == []
        await box.station.reset()
        box.login()
        assert "broken" not in await box.type("lab hosts plain.example")
        await box.type("lab send to=user@plain.example")
        assert len((await box.seen()).received) == 1


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("lab break", "policy-500                  the policy host answers with status 500"),
        ("lab break mars.example mx-down", "There is no domain mars.example in the lab; lab hosts"),
        ("lab break domain.com rust", "There is no fault rust; lab break lists the faults."),
        ("lab break domain.com", "Invalid arguments when processing lab: break domain.com"),
        ("lab mend a b", "Invalid arguments when processing lab: mend a b"),
        ("lab mend mars.example", "There is no domain mars.example in the lab; lab hosts"),
        ("lab hosts a b", "Invalid arguments when processing lab: hosts a b"),
        ("lab browse", "Invalid arguments when processing lab: browse which domain?"),
        ("lab browse mars.example", "There is no domain mars.example in the lab; lab hosts"),
        ("lab advance next", "Nothing is due: no message waits"),
    ],
)
async def test_one_sentence(bench: OpenBench, line: str, shown: str) -> None:
    async with bench() as box:
        assert shown in await box.type(line)
        understood = line in {"lab break", "lab advance next"}
        assert box.status is (Status.DONE if understood else Status.FAILED)


async def test_hosts_are_listed_by_group_with_one_line_each(bench: OpenBench) -> None:
    async with bench() as box:
        lines = (await box.type("lab hosts")).splitlines()
        spec = load_spec(LAB)
        for domain in spec.domains:
            assert lines.count(f"{domain.name}: {domain.shows}") == 1
        titles = [line for line in lines if line and ":" not in line and "(" not in line]
        assert titles == list(dict.fromkeys(domain.group for domain in spec.domains))


async def test_one_host_in_detail(bench: OpenBench) -> None:
    async with bench() as box:
        assert (await box.type("lab hosts domain.com")).splitlines()[1:] == [
            "    MX 10 mx1.mail123.domain.com 10.1.1.3",
            '    TXT _mta-sts.domain.com "v=STSv1; id=12345678598Z;"',
            "    policy host mta-sts.domain.com 10.1.1.4",
        ]


PAGE = """\
https://mta-sts.domain.com/.well-known/mta-sts.txt
Address: 10.1.1.4
Certificate: mta-sts.domain.com
Issued by: CN=Lab intermediate CA
Valid: Wed Sep 25 15:23:39 2024 GMT to Tue Dec 24 15:23:39 2024 GMT
HTTP/1.1 200 OK
Content-Type: text/plain
Content-Length: 70

version: STSv1
mode: enforce
mx: *.mail123.domain.com
max_age: 604800
"""


async def test_the_policy_as_a_browser_gets_it(bench: OpenBench) -> None:
    async with bench() as box:
        assert await box.type("lab browse domain.com") == PAGE
        assert "_mta-sts" not in "".join(box.log())
        (request,) = (await box.seen()).policy_requests
        assert (request.sni, request.host) == ("mta-sts.domain.com", "mta-sts.domain.com")


@pytest.mark.parametrize(
    ("domain", "fault", "shown"),
    [
        ("redirect.example", "", "Location: https://www.redirect.example/mta-sts.txt\n"),
        ("wrong-certificate.example", "", "Certificate: www.wrong-certificate.example\n"),
        ("wrong-certificate.example", "", "refuses this certificate: peer cert does not match.\n"),
        ("media-type.example", "", "Content-Type: text/html\n"),
        ("large-policy.example", "", " more lines; 65537 octets in all)\n"),
        ("slow-policy.example", "", "(The host has not finished: "),
        ("unreachable.example", "", "No connection: timeout.\n"),
        ("servfail.example", "", "the name server answers SERVFAIL.\n"),
        ("dns-timeout.example", "", "could not be looked up: timeout.\n"),
        ("plain.example", "", "mta-sts.plain.example: the name server answers NXDOMAIN.\n"),
        ("domain.com", "policy-404", "HTTP/1.1 404 Not Found\n"),
        ("domain.com", "policy-expired-certificate", "certificate: certificate has expired.\n"),
    ],
)
async def test_a_browser_is_told(bench: OpenBench, domain: str, fault: str, shown: str) -> None:
    async with bench() as box:
        if fault:
            await box.type(f"lab break {domain} {fault}")
        assert shown in await box.type(f"lab browse {domain}")


async def test_message_ids_are_unlike_within_a_second(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("lab send count=2")
        await box.type("lab send")
        ids = [line for line in box.log() if re.search(r"MID \d+ Message-ID", line)]
        assert len({line.partition("Message-ID ")[2] for line in ids}) == 3


async def test_advance_next_goes_to_the_close_of_a_connection_first(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("lab send to=user@plain.example")
        assert "15:23:44" in await box.type("lab advance next")
        assert box.log()[-1] == "DCID 834833 close"
        assert "Nothing is due" in await box.type("lab advance next")


async def test_advance_next_on_a_clock_that_runs(tmp_path: Path) -> None:
    station = Station(Plan(lambda: load_spec(LAB), tmp_path, RunningClock(), fail))
    box = Bench(station, Session(Console(MemoryTeletype()), station.appliance))
    try:
        assert "Nothing is due" in await box.type("lab advance next")
        await box.type("lab send to=user@down.example")
        assert "It is now " in await box.type("lab advance next")
        assert await station.appliance.quiet() == Quiet()
        assert sum("Connection Error" in line for line in box.log()) == 2
    finally:
        await station.close()


async def test_the_line_for_another_shell_works(tmp_path: Path) -> None:
    station = Station(
        Plan(lambda: load_spec(LAB), tmp_path / "an appliance", SteppedClock(machine_time()), fail)
    )
    box = Bench(station, Session(Console(MemoryTeletype()), station.appliance))
    try:
        shown = await box.type("lab hosts")
        (line,) = (line for line in shown.splitlines() if line.startswith("curl --proxy "))
        assert shown.endswith(f"{line}\n")
        if shutil.which("curl") is None:
            pytest.skip("there is no curl on this machine")
        shell = await asyncio.create_subprocess_shell(
            f"{line} --silent --show-error --max-time 10", stdout=asyncio.subprocess.PIPE
        )
        out, _ = await shell.communicate()
        policies = {policy.domain: policy.text for policy in load_spec(LAB).policies}
        assert out.decode() == policies["domain.com"]
    finally:
        await station.close()


async def test_a_lab_out_of_step_says_that_curl_will_not_like_it(bench: OpenBench) -> None:
    async with bench() as box:
        assert "by which curl judges certificates" in await box.type("lab hosts")


async def test_no_proxy_no_line_for_another_shell(tmp_path: Path) -> None:
    spec = replace(load_spec(LAB), proxy=None)
    clock = SteppedClock(machine_time() + timedelta(days=1))
    station = Station(Plan(lambda: spec, tmp_path, clock, fail))
    box = Bench(station, Session(Console(MemoryTeletype()), station.appliance))
    try:
        assert "curl" not in await box.type("lab hosts")
    finally:
        await station.close()

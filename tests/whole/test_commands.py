"""The other commands on the whole appliance: what they print is what was measured."""

import re

import pytest

from seg_cli.dialogue.memory import Answer
from seg_cli.errors import EndOfInput, Interrupted
from seg_cli.shell.loop import Status
from tests.whole.conftest import OpenBench, entry


async def test_dig_shows_the_record_with_its_ttl(bench: OpenBench) -> None:
    async with bench() as box:
        shown = await box.type("dig _mta-sts.domain.com txt")
        assert '_mta-sts.domain.com.\t0\tIN\tTXT\t"v=STSv1; id=12345678598Z;"' in shown
        assert "status: NOERROR" in shown
        assert ";; SERVER: 10.10.5.61#53(10.10.5.61)" in shown
        assert "status: NXDOMAIN" in await box.type("dig -t @10.10.5.62 MX nope.example")
        assert "mx1.mail123.domain.com." in await box.type("dig -x 10.1.1.3")
        assert "no servers could be reached" in await box.type("dig @192.0.2.53 domain.com")
        assert "10.1.1.3" in await box.type("dig", "mx1.mail123.domain.com", "", "", "", "")
        assert "PTR" in await box.type("dig", "10.1.1.3", "6", "2", "10.10.5.62", "y")


@pytest.mark.parametrize("line", ["dig -q x", "dig txt", "dig a.example b.example", "dig @-"])
async def test_dig_refuses_what_makes_no_sense(bench: OpenBench, line: str) -> None:
    async with bench() as box:
        assert (await box.type(line)).startswith("Invalid arguments when processing dig: ")
        assert box.status is Status.FAILED


@pytest.mark.parametrize(
    ("line", "answers", "shown"),
    [
        ("nslookup domain.com mx", (), "MX=10 mx1.mail123.domain.com TTL=1h\n"),
        ("nslookup 10.1.1.3", (), "PTR=mx1.mail123.domain.com TTL=1h\n"),
        ("nslookup", ("mx1.mail123.domain.com", ""), "A=10.1.1.3 TTL=1h\n"),
        ("nslookup nope.example", (), "DNS Hard Error looking up nope.example (A): NXDomain\n"),
        ("nslookup a b c", (), "Invalid arguments when processing nslookup: a b c\n"),
        ("nslookup domain.com zz", (), "Invalid arguments when processing nslookup: domain.com zz"),
        (
            "nslookup \x1b[31m \u202eb",
            (),
            "Invalid arguments when processing nslookup: \\x1b[31m \\u202eb\n",
        ),
        ("nslookup -", (), "Invalid arguments when processing nslookup: -\n"),
    ],
)
async def test_nslookup(
    bench: OpenBench, line: str, answers: tuple[Answer, ...], shown: str
) -> None:
    async with bench() as box:
        assert shown in await box.type(line, *answers)


async def test_telnet_reaches_the_policy_host_and_a_mail_host(bench: OpenBench) -> None:
    async with bench() as box:
        shown = await box.type("telnet mta-sts.domain.com 443", EndOfInput)
        assert "Trying 10.1.1.4...\nConnected to mta-sts.domain.com.\n" in shown
        assert "Escape character is '^]'." in shown
        dialogue = await box.type("telnet", "", "10.1.1.3", "", EndOfInput)
        assert "Connected to 10.1.1.3.\n" in dialogue


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("telnet nope.example", "nope.example: hostname nor servname provided, or not known\n"),
        ("telnet 10.1.1.3 26", "telnet: Unable to connect to remote host: Connection refused\n"),
        (
            "telnet mta-sts.unreachable.example 443",
            "telnet: connect to address 203.0.113.44: Operation timed out\n",
        ),
        ("telnet a b c", "Invalid arguments when processing telnet: too many arguments\n"),
        ("telnet domain.com port", "Invalid arguments when processing telnet: domain.com port\n"),
    ],
)
async def test_telnet_says_why_not(bench: OpenBench, line: str, shown: str) -> None:
    async with bench() as box:
        assert shown in await box.type(line)


async def test_tail_and_grep_read_the_log(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("lab send to=user@plain.example")
        tailed = await box.type("tail mail_logs", EndOfInput)
        assert "Press Ctrl-C to stop." in tailed
        assert "Message finished MID 5444 done" in tailed
        assert "Message finished" in await box.type("tail", "1", Interrupted)
        assert box.status is Status.INTERRUPTED
        found = await box.type('grep "MID 5444 (ready|queued) for" mail_logs')
        assert re.fullmatch(r"(.*Info: MID 5444 queued for delivery\n)", found)
        assert "No results were found." in await box.type("grep nothing_like_this mail_logs")
        wizard = await box.type("grep", "1", "MESSAGE FINISHED", "", "", "", "")
        assert "Message finished MID 5444 done" in wizard
        assert "Begin Logfile" in await box.type("grep -i -v -C 1 -e XYZ mail_logs")


@pytest.mark.parametrize(
    "line",
    ["grep ( mail_logs", "grep x", "grep -Z x mail_logs", "grep x no_logs", "tail no_logs"],
)
async def test_logs_that_are_not_and_patterns_that_are_none(bench: OpenBench, line: str) -> None:
    async with bench() as box:
        assert "Invalid arguments when processing" in await box.type(line)


async def test_lab_verbs(bench: OpenBench) -> None:
    async with bench() as box:
        hosts = await box.type("lab hosts")
        assert "domain.com: MTA-STS in enforce mode" in hosts
        assert "http://proxy.lab.example:3128" in hosts
        assert "Usage:" in await box.type("lab")
        assert "It is now Thu Sep 26 15:38:39 2024 GMT." in await box.type("lab advance 15m")
        for line in ("lab advance soon", "lab send x=1", "lab send count=0", "lab send to=a"):
            assert "Invalid arguments when processing lab" in await box.type(line)


async def test_destconfig_shows_what_was_entered(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("destconfig", *entry("domain.com"))
        listed = await box.type("destconfig", "list", "")
        assert "domain.com  On        On" in listed
        detail = await box.type("destconfig", "detail", "ALL", "")
        assert "    TLS: Preferred\n    DANE Support: Default\n    MTA STS Support: On\n" in detail
        assert "Default\n    Maximum messages per connection: 50\n" in detail
        assert "domain.com\n" in await box.type("destconfig", "detail", "domain.com", "")
        wrong = await box.type("destconfig", "detail", "nope.example", "default", "")
        assert "No destination control table action for nope.example." in wrong
        await box.type("destconfig", "default", *([""] * 10), "")
        again = await box.type("destconfig", "new", "domain.com", Interrupted)
        assert "already exists" in again
        unknown = await box.type("destconfig", "edit", "a.example", Interrupted)
        assert "was not found" in unknown
        assert "no entries configured" in await box.type("destconfig", "delete", "domain.com", "")
        await box.type("destconfig", *entry("b.example", tls="1", mta_sts="-")[:10], *[""] * 4)
        assert "no entries" in await box.type("destconfig", "clear", "")


async def test_ctrl_c_records_nothing(bench: OpenBench) -> None:
    async with bench() as box:
        shown = await box.type("destconfig", "new", "domain.com", Interrupted)
        assert shown.endswith("^C -- Changes not recorded.\n")
        assert not box.session.staged.changed


async def test_changes_are_staged_cleared_and_asked_about(bench: OpenBench) -> None:
    async with bench() as box:
        assert "There is no data to commit." in await box.type("commit")
        assert "No changes have been made" in await box.type("clear")
        await box.type("destconfig", *entry("domain.com"))
        assert "Exiting will lose" in await box.type("exit", "n")
        assert box.session.ending is None
        assert "Changes cleared: Thu Sep 26 15:23:39 2024 GMT" in await box.type("clear", "y")
        await box.type("destconfig", *entry("domain.com"))
        assert await box.type('commit "by batch" N') == ""
        assert 'with comments: "by batch"' in await box.type("commitdetail")
        await box.type("exit")
        assert box.session.ending is not None


async def test_a_login_sees_what_another_committed(bench: OpenBench) -> None:
    async with bench() as box:
        idle = box.session
        box.login()
        await box.type("destconfig", *entry("a.example"))
        await box.type("commit -y")
        box.session = idle
        assert "There is currently 1 entry configured." in await box.type("destconfig", "")


async def test_who_and_what(bench: OpenBench) -> None:
    async with bench() as box:
        assert "Version: 16.0.3-025" in await box.type("version")
        assert "Username: admin" in await box.type("whoami")
        assert "destconfig - Configure Destination Controls." in await box.type("help")
        assert "dig [-s" in await box.type("help dig")
        unknown = await box.type("showchanges")
        assert unknown == "Unknown command or missing feature key: showchanges\n"


async def test_routes_and_proxies(bench: OpenBench) -> None:
    async with bench() as box:
        shown = await box.type(
            "smtproutes", "new", "domain.com", "[10.1.1.3], b.example /pri=5", ""
        )
        assert "Mapping for domain.com to" in shown
        assert "There are currently 1 routes configured." in shown
        printed = await box.type("smtproutes", "print", "edit", "domain.com", "/dev/null", "")
        assert "domain.com" in printed
        again = await box.type("smtproutes", "new", "domain.com", Interrupted)
        assert "already exists" in again
        unknown = await box.type("smtproutes", "delete", "x.example", Interrupted)
        assert "no route" in unknown
        assert "no routes" in await box.type("smtproutes", "delete", "domain.com", "")
        await box.type("smtproutes", "new", "ALL", "USEDNS", "clear", "y", "")
        proxies = await box.type(
            "updateconfig", "setup", "y", "http://u:secret@p.example:1", "n", ""
        )
        assert "Proxy server: http://u@p.example:1" in proxies
        assert "HTTPS Proxy server: not enabled" in proxies


async def test_a_route_to_dev_null_drops_the_mail(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("smtproutes", "new", "domain.com", "/dev/null", "")
        await box.type("commit -y")
        await box.type("lab send")
        assert box.log()[-1] == "ICID 1 close" or "Message finished MID 5444 done" in box.log()
        assert (await box.seen()).received == []


@pytest.mark.parametrize(
    ("domain", "line"),
    [
        ("nope.example", "5.1.2 - Bad destination host ('000', ['DNS Hard Error looking up "),
        ("gone.example", "4.4.0 - Other network problem ('000', ["),
    ],
)
async def test_mail_that_cannot_arrive(bench: OpenBench, domain: str, line: str) -> None:
    gone = {"gone.example": {"shows": "its host refuses", "mx": ["10 mx.gone.example"]}}
    host = {"mx.gone.example": {"addresses": ["192.0.2.99"], "reach": "refused"}}
    async with bench(domains=gone, hosts=host) as box:
        await box.type(f"lab send to=user@{domain}")
        assert line in "\n".join(box.log())


async def test_every_question_of_the_chain(bench: OpenBench) -> None:
    async with bench() as box:
        shown = await box.type(
            "destconfig",
            *("new", "domain.com", "y", "0", "20", "y", "5", "y", "30", "100", "2", "2"),
            *("y", "6", "y", "2", "y", "1", "y", "y", "y", "2", "1st", "tight", "y", "2"),
            *("detail", "domain.com", ""),
        )
        assert "The value must be an integer from 1 to 1000." in shown
        assert "A bounce profile name must start with a letter or underscore" in shown
        assert shown.count("MTA STS is not enforced") == 0
        assert "100 recipients per 30 minutes" in shown
        assert "each mail exchanger IP address, for each virtual gateway" in shown
        assert "    Bounce Profile: tight\n    IP Sort Preference: Prefer IPv4\n" in shown
        assert "tight" in box.session.staged.config.bounce_profiles
        await box.type("destconfig", "edit", "domain.com", "n", "n", "n", *["n"] * 4, "")
        entry_now = box.session.staged.config.destinations.entries["domain.com"]
        assert entry_now.tls is None
        assert entry_now.concurrency is None


async def test_two_logins_and_one_area(bench: OpenBench) -> None:
    async with bench() as box:
        first = box.session
        await box.type("destconfig", *entry("a.example"))
        box.login()
        await box.type("destconfig", *entry("b.example"))
        await box.type("commit second")
        box.session = first
        assert "The following settings were changed by admin" in await box.type("commit batch")
        shown = await box.type("commit", "mine", "n", "n")
        assert "Commit your changes over them? [N]>" in shown
        assert box.session.staged.changed
        assert "Changes committed" in await box.type("commit", "mine", "n", "y")
        assert "too many arguments" in "".join(
            [await box.type("destconfig", *entry("c.example")), await box.type("commit a b c")]
        )


async def test_a_policy_fetched_through_the_proxy(bench: OpenBench) -> None:
    async with bench() as box:
        await box.type("destconfig", *entry("domain.com"))
        await box.type("updateconfig", "setup", "n", "y", "http://proxy.lab.example:3128", "")
        await box.type("commit -y")
        await box.type("lab send")
        assert "MTA-STS policy for the domain (domain.com) Successful." in box.log()
        (tunnel,) = (await box.seen()).tunnels
        assert (tunnel.host, tunnel.port) == ("mta-sts.domain.com", 443)


@pytest.mark.parametrize(("tls", "line"), [("2", "finished"), ("3", "could not be successfully")])
async def test_a_host_without_starttls(bench: OpenBench, tls: str, line: str) -> None:
    async with bench(hosts={"mx1.plain.example": {"tls": []}}) as box:
        await box.type("destconfig", *entry("plain.example", tls=tls, mta_sts="n"))
        await box.type("commit -y")
        await box.type("lab send to=user@plain.example")
        log = "\n".join(box.log())
        assert "DCID 834833 STARTTLS command not supported." in log
        assert line in log


async def test_tls_no_sends_in_clear_text(bench: OpenBench) -> None:
    async with bench() as box:
        answers = ("new", "plain.example", "", "", "", "", "", "", "y", "1", "", "", "")
        await box.type("destconfig", *answers, "")
        await box.type("commit -y")
        await box.type("lab send to=user@plain.example")
        (received,) = (await box.seen()).received
        assert received.protocol == ""


@pytest.mark.parametrize(
    "address", ["a\rDATA@domain.com", "\0@domain.com", "\x1b@domain.com", "@ü"]
)
@pytest.mark.parametrize("way", ["from", "to"])
async def test_lab_send_takes_only_what_can_stand_in_a_command(
    bench: OpenBench, way: str, address: str
) -> None:
    async with bench() as box:
        shown = await box.type(f"lab send '{way}={address}'")
        assert shown == "Invalid arguments when processing lab: an address is user@domain.com\n"

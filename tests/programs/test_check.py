"""seg-cli check from outside: what it prints in each form, and its exit status."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from seg_cli.__main__ import main
from seg_cli.config.disk import DirectoryLock
from seg_cli.programs.check import coloured
from seg_cli.programs.check.cures import CURES, cure_of
from seg_cli.programs.check.report import Cell, Report, Section, Tone
from seg_cli.terms import Reason

NEVER_FOUND = {
    # Choices of destconfig, which are not the domain's
    Reason.MTA_STS_OFF,
    Reason.MTA_STS_TLS_NO,
    Reason.MTA_STS_DANE,
    Reason.DANE_OFF,
    Reason.DANE_ROUTE,  # told of as MTA_STS_ROUTE
    Reason.DANE_TLS_NO,
    # Without MX records the domain itself is the mail host
    Reason.DNS_NODATA,
    # The emulator and its operator
    Reason.OUT_OF_BOUNDS,
    Reason.GIVEN_UP,
}

Check = Callable[..., tuple[int, str]]

DOCUMENTED = Path(__file__).parents[2] / "docs" / "check.md"


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    def run(*arguments: str) -> tuple[int, str]:
        status = main(["--appliance", str(tmp_path / "appliance"), *arguments])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


def test_a_domain_in_order(check: Check) -> None:
    status, shown = check("check", "Domain.COM")
    assert status == 0
    assert shown.startswith("domain.com\n\nMTA-STS TXT record  id ")
    assert "mode enforce, mx *.mail123.domain.com, max_age 604800 seconds" in shown
    assert shown.endswith("In order: every mail host can be authenticated.\n")
    rows = [re.split("  +", line) for line in shown.splitlines()]
    assert ["On", "Required", "verified", "verified", "held [1]"] in rows
    assert "\x1b" not in shown


def test_a_domain_that_is_to_be_mended(check: Check) -> None:
    status, shown = check("check", "expired.example", "--world", "lab")
    assert status == 1
    assert "problem  mx.expired.example: certificate has expired (192.0.2.110).\n" in shown
    assert "For whoever runs the mail host: give mx.expired.example a certificate" in shown
    assert "see: RFC 5280 s6.1.3" in shown
    assert shown.endswith("Something is to be mended.\n")


def test_the_same_for_programs(check: Check) -> None:
    status, shown = check("check", "--json", "dane-mismatch.example")
    answer = json.loads(shown)
    assert (status, answer["exit-status"]) == (1, 1)
    assert answer["mx"]["dnssec"] == "secure"
    host = answer["mx"]["hosts"][0]
    assert (host["host"], host["tlsa"]["status"]) == ("mx.dane-mismatch.example", "usable")
    assert host["addresses"][0]["certificate"]["dns-names"] == ["mx.dane-mismatch.example"]
    assert len(answer["decisions"]) == 36
    mandatory = [each for each in answer["decisions"] if each["dane"] == "mandatory"]
    fates = {(each["tls"], each["delivery"]) for each in mandatory}
    assert ("no", "clear") in fates
    assert ("required", "held") in fates
    assert "tlsa-invalid" in [each["reason"] for each in answer["findings"]]
    assert [each["reasons"] for each in mandatory if each["tls"] == "preferred"] == [
        ["tlsa-invalid"],
        ["tlsa-invalid"],
    ]


def test_every_key_is_documented(check: Check) -> None:
    documented = DOCUMENTED.read_text()
    for domain in ("domain.com", "dane.example", "no-starttls.example"):
        for key in keys_of(json.loads(check("check", domain, "--json")[1])):
            assert f"`{key}`" in documented, key


def keys_of(value: Any) -> set[str]:
    match value:
        case dict():
            return set(value).union(*map(keys_of, value.values()))
        case list():
            return set[str]().union(*map(keys_of, value))
        case _:
            return set()


def test_no_answer_and_no_domain_are_status_2(check: Check) -> None:
    status, shown = check("check", "servfail.example")
    assert (status, shown.splitlines()[-1]) == (2, "It could not be found out where mail goes.")
    status, shown = check("check", "not a domain")
    assert (status, shown.startswith("seg-cli: A hostname is a string")) == (2, True)
    with pytest.raises(SystemExit, match="2"):
        check("check")


def test_what_the_route_of_the_appliance_does(check: Check) -> None:
    check("run", "smtproutes new domain.com /dev/null; commit 'a route'")
    assert check("check", "domain.com") == (
        2,
        "seg-cli: The appliance discards mail for domain.com, by its SMTP route.\n",
    )
    check("run", "smtproutes delete domain.com; commit 'no route'")
    check("run", "smtproutes new domain.com mx1.mail123.domain.com; commit 'a route'")
    status, shown = check("check", "domain.com")
    assert status == 1
    assert "SMTP route          mx1.mail123.domain.com\n" in shown
    assert "For you, on this appliance: take the route away with smtproutes" in shown


def test_nothing_is_remembered(check: Check, tmp_path: Path) -> None:
    check("check", "domain.com")
    assert not (tmp_path / "appliance" / "state.sqlite3").exists()
    assert not (tmp_path / "appliance" / "log").exists()


def test_an_appliance_in_use_is_a_sentence(check: Check, tmp_path: Path) -> None:
    check("check", "domain.com")
    owner = DirectoryLock(tmp_path / "appliance")
    try:
        status, shown = check("check", "domain.com")
    finally:
        owner.release()
    assert (status, "is in use by process" in shown) == (2, True)


def test_there_is_a_cure_for_all_that_can_be_found() -> None:
    assert set(Reason) - set(CURES) == NEVER_FOUND


def test_a_host_and_the_dns_are_cured_by_different_people() -> None:
    of_host = cure_of(Reason.TIMED_OUT, "a.example", "mx.a.example")
    assert (
        of_host
        == "For whoever runs the mail host: let mx.a.example answer on this address and port."
    )
    assert "let the name servers of a.example answer" in cure_of(Reason.TIMED_OUT, "a.example", "")


def test_colours_on_a_terminal() -> None:
    cells = ((Cell("[red]host", Tone.BAD), Cell("verified", Tone.GOOD)),)
    whole = Report((Section("Hosts", ("Host", "Mail"), cells),), Cell("Done.", Tone.WARNING))
    screen = io.StringIO()
    coloured.write(whole, Console(file=screen, force_terminal=True, color_system="standard"))
    shown = screen.getvalue()
    assert "\x1b[31m[red]host" in shown
    assert "\x1b[32mverified" in shown
    assert "\x1b[33mDone." in shown

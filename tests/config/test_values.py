"""Values of the configuration: tables, proxies, changes and problems."""

from dataclasses import replace

import pytest

from seg_cli.config.bounce_profiles import BounceProfile, BounceSettings
from seg_cli.config.changes import Conflict, changed_areas, merge
from seg_cli.config.destinations import DestinationControl, DestinationSettings, DestinationTable
from seg_cli.config.dns import AlternateServer, DnsSettings, NameServer, servers_for
from seg_cli.config.problems import MOST_SHOWN, as_sentences, check_config
from seg_cli.config.smtp_routes import RouteHost, SmtpRoute, SmtpRoutes
from seg_cli.config.tree import Config
from seg_cli.config.updates import Proxy, UpdateSettings, parse_proxy
from seg_cli.errors import Invalid
from seg_cli.terms import DaneMode, MtaStsSupport, TlsMode


def table(*domains: str) -> DestinationTable:
    controls = DestinationTable()
    for domain in domains:
        controls = controls.with_entry(DestinationControl(domain))
    return controls


@pytest.mark.parametrize(
    ("domain", "entry"),
    [
        pytest.param("a.example.com", "a.example.com", id="its own"),
        pytest.param("b.example.com", ".example.com", id="partial"),
        pytest.param("c.b.example.com", ".b.example.com", id="nearest partial"),
        pytest.param("example.com", None, id="a partial is not its own parent"),
    ],
)
def test_the_nearest_entry_governs(domain: str, entry: str | None) -> None:
    found = table("a.example.com", ".example.com", ".b.example.com").find(domain)
    assert (found.domain if found else None) == entry


def test_default_is_a_state_of_its_own() -> None:
    default = DestinationSettings(tls=TlsMode.REQUIRED)
    entries = DestinationTable(default=default).with_entry(DestinationControl("a.com"))
    assert entries.settings_for("a.com").tls is TlsMode.REQUIRED
    own = entries.with_entry(DestinationControl("a.com", tls=TlsMode.PREFERRED))
    assert own.settings_for("a.com").tls is TlsMode.PREFERRED


def test_tls_no_switches_dane_and_mta_sts_off() -> None:
    entry = DestinationControl("a.com", tls=TlsMode.NO, mta_sts=MtaStsSupport.ON)
    settings = entry.effective(DestinationSettings(dane=DaneMode.MANDATORY))
    assert (settings.dane, settings.mta_sts) == (DaneMode.NONE, MtaStsSupport.OFF)


def test_tables_lose_what_is_taken_out() -> None:
    assert table("a.com", "b.com").without("a.com") == table("b.com")
    assert table("a.com").cleared() == DestinationTable()
    routes = SmtpRoutes().with_route(SmtpRoute("a.com", keyword="USEDNS"))
    assert routes.without("a.com") == SmtpRoutes()


def test_usedns_is_no_route_even_under_all() -> None:
    everywhere = SmtpRoute("ALL", (RouteHost("hub.example"),))
    routes = SmtpRoutes().with_route(everywhere).with_route(SmtpRoute(".a.com", keyword="USEDNS"))
    assert routes.find("b.com") is everywhere
    assert routes.find("x.a.com") is None


@pytest.mark.parametrize(
    ("own", "default", "effective"),
    [
        pytest.param(None, False, False, id="at Default the Default profile decides"),
        pytest.param(True, False, True, id="its own value comes first"),
        pytest.param(None, None, True, id="else the factory's"),
    ],
)
def test_a_switch_of_a_bounce_profile(
    own: bool | None, default: bool | None, effective: bool
) -> None:
    profile = BounceProfile("tight", 5, send_bounces=own)
    settings = profile.effective(BounceProfile("Default", send_bounces=default))
    assert settings == BounceSettings(max_retries=5, send_bounces=effective)


def test_an_entry_without_a_profile_has_the_default_one() -> None:
    default = BounceProfile("Default", 7, alternate_address="a@b.example")
    entries = table("b.com").with_entry(DestinationControl("a.com", bounce_profile="tight"))
    config = replace(
        Config(),
        bounce_profiles={"Default": default, "tight": BounceProfile("tight", 5)},
        destinations=entries,
    )
    assert config.bounce_profile_for("a.com").max_retries == 5
    assert config.bounce_profile_for("a.com").alternate_address == "a@b.example"
    for domain in ("b.com", "c.com"):
        assert config.bounce_profile_for(domain).max_retries == 7


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        pytest.param("http://proxy:3128", Proxy("proxy", 3128), id="host and port"),
        pytest.param("proxy", Proxy("proxy", 80), id="host alone"),
        pytest.param("http://u:p%40ss@proxy:1/", Proxy("proxy", 1, "u", "p@ss"), id="credentials"),
        pytest.param("http://[2001:db8::1]:3128", Proxy("2001:db8::1", 3128), id="IPv6"),
    ],
)
def test_proxies(url: str, proxy: Proxy) -> None:
    assert parse_proxy(url) == proxy


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://proxy",
        "http://u:secret@",
        "x:0",
        "x:99999",
        "a b",
        "http://u:\x1b@x",
        "\ufffe@x",
    ],
)
def test_a_bad_proxy_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_proxy(url)
    assert "secret" not in str(caught.value)


def test_passwords_are_not_in_representations() -> None:
    url = "http://u:secret@proxy"
    assert "secret" not in repr(UpdateSettings(url, url)) + repr(parse_proxy(url))


def test_changes_are_named_by_command_and_merged_by_area() -> None:
    base = Config()
    ours = replace(base, hostname="a.example", timezone="Asia/Seoul")
    theirs = replace(base, destinations=table("a.com"))
    assert changed_areas(base, ours) == ("sethostname", "settz")
    assert merge(base, ours, theirs) == replace(ours, destinations=table("a.com"))
    also = replace(base, hostname="b.example")
    assert merge(base, ours, also) == Conflict(("sethostname",))


def test_the_factory_configuration_has_no_problems() -> None:
    assert check_config(Config()) == ()


def test_of_many_problems_the_first_are_shown() -> None:
    problems = tuple(f"Problem {number}." for number in range(40_000))
    lines = as_sentences(problems).split("\n")
    assert (lines[0], lines[-2], lines[-1]) == (
        "Problem 0.",
        f"Problem {MOST_SHOWN - 1}.",
        f"There are {40_000 - MOST_SHOWN} more problems.",
    )
    assert as_sentences(problems[:MOST_SHOWN]) == "\n".join(problems[:MOST_SHOWN])


def test_problems_are_sentences() -> None:
    entry = DestinationControl("a.com", recipient_limit=5, bounce_profile="gone")
    config = replace(
        Config(),
        destinations=DestinationTable().with_entry(entry),
        dns=DnsSettings((NameServer("10.0.0.1"), NameServer("10.0.0.1", 1)), interface="Data 1"),
        bounce_profiles={"tight": BounceProfile("tight", initial_retry=60, max_retry_time=30)},
    )
    assert check_config(config) == (
        'The bounce profile "Default" is missing.',
        'The destination control "a.com" uses the bounce profile "gone", which does not exist.',
        'The longest wait of the bounce profile "tight" is shorter than its first.',
        'The destination control "a.com" limits recipients but does not say in how many minutes.',
        'The IP interface "Data 1" for DNS traffic does not exist.',
        'There is more than one DNS server "10.0.0.1".',
    )


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("example.com", "10.0.0.2"),
        ("Mail.Example.com.", "10.0.0.2"),
        ("a.b.corp.example.com", "10.0.0.3"),
        ("badexample.com", "10.0.0.1"),
        ("com", "10.0.0.1"),
        (".", "10.0.0.1"),
    ],
)
def test_the_nearest_alternate_is_asked_alone(name: str, address: str) -> None:
    alternates = (
        AlternateServer("example.com", "dns.example.com", "10.0.0.2"),
        AlternateServer("corp.example.com", "dns.example.com", "10.0.0.3"),
    )
    settings = DnsSettings(
        (NameServer("10.0.0.1"),), alternates={each.domain: each for each in alternates}
    )
    assert [server.address for server in servers_for(name, settings)] == [address]


def test_without_alternates_all_resolvers_are_asked() -> None:
    servers = (NameServer("10.0.0.1"), NameServer("10.0.0.4", 1))
    assert servers_for("example.com", DnsSettings(servers)) == servers

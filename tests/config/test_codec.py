"""Configuration as words and as XML: nothing is lost, and nothing unknown gets in."""

from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.config.bounce_profiles import BounceProfile
from seg_cli.config.certificates import CertificateProfile, Certificates
from seg_cli.config.changes import AREAS
from seg_cli.config.codec.areas import AREA_CODECS
from seg_cli.config.codec.keys import BOUNCE_PROFILE_KEYS, DESTINATION_KEYS
from seg_cli.config.codec.routes import parse_route
from seg_cli.config.codec.text_file import MOST_BYTES
from seg_cli.config.codec.words import as_words, with_words
from seg_cli.config.codec.xml_reader import MOST_ELEMENTS, _Tree, from_xml, read_file
from seg_cli.config.codec.xml_writer import to_xml
from seg_cli.config.destinations import DestinationControl, DestinationSettings, DestinationTable
from seg_cli.config.dns import AlternateServer, DnsSettings, NameServer
from seg_cli.config.interfaces import Interface
from seg_cli.config.logs import LogSubscription
from seg_cli.config.smtp_routes import RouteHost, SmtpRoute, SmtpRoutes
from seg_cli.config.tree import Config
from seg_cli.config.updates import UpdateSettings
from seg_cli.config.versions import version_from_xml
from seg_cli.errors import BadFile, Invalid
from seg_cli.terms import (
    DaneMode,
    IpSortPreference,
    LimitApply,
    LimitType,
    LogLevel,
    MtaStsSupport,
    TlsMode,
)

FACTORY_FILE = Path(__file__).parents[2] / "config_store" / "factory.xml"

domains = st.from_regex(r"\A\.?[a-z0-9]{1,8}\.(com|example|kr)\Z")
names = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_-]{0,9}\Z")


def settings() -> dict[str, st.SearchStrategy[object]]:
    return {
        "concurrency": st.integers(1, 1000),
        "messages_per_connection": st.integers(1, 1000),
        "limit_type": st.sampled_from(LimitType),
        "limit_apply": st.sampled_from(LimitApply),
        "tls": st.sampled_from(TlsMode),
        "dane": st.sampled_from(DaneMode),
        "mta_sts": st.sampled_from(MtaStsSupport),
        "bounce_validation": st.booleans(),
        "ip_sort": st.sampled_from(IpSortPreference),
    }


limits = {
    "recipient_minutes": st.none() | st.integers(1, 60),
    "recipient_limit": st.none() | st.integers(0, 1_000_000_000),
}
default_rows = st.builds(DestinationSettings, **settings(), **limits)
entries = st.builds(
    DestinationControl,
    domains,
    **{name: st.none() | strategy for name, strategy in settings().items()},
    **limits,
    bounce_profile=st.none() | names,
)
addresses = st.ip_addresses().map(str)
hosts = st.builds(
    RouteHost,
    domains.filter(lambda name: name[0] != "."),
    st.integers(0, 65_535),
    st.integers(1, 65_535),
    by_address=st.booleans(),
) | st.builds(RouteHost, addresses, st.integers(0, 65_535), st.integers(1, 65_535))
routes = st.builds(SmtpRoute, domains | st.just("ALL"), st.lists(hosts, min_size=1).map(tuple)) | (
    st.builds(SmtpRoute, domains, keyword=st.sampled_from(["USEDNS", "/dev/null"]))
)


def table_of(rows: st.SearchStrategy[object], name: str) -> st.SearchStrategy[object]:
    return st.lists(rows, max_size=4).map(
        lambda many: MappingProxyType({getattr(row, name): row for row in many})
    )


def pem(label: str) -> st.SearchStrategy[str]:
    lines = st.lists(st.from_regex(r"\A[A-Za-z0-9+/]{4}\Z"), min_size=1, max_size=2)
    return lines.map(
        lambda body: "\n".join((f"-----BEGIN {label}-----", *body, f"-----END {label}-----"))
    )


blocks, keys = pem("CERTIFICATE"), pem("PRIVATE KEY")

configs = st.builds(
    Config,
    hostname=st.from_regex(r"\A[A-Za-z0-9]{1,9}(\.[a-z]{1,9}){0,2}\Z"),
    timezone=st.sampled_from(["Etc/GMT", "Asia/Seoul", "Etc/GMT+5"]),
    interfaces=st.lists(
        st.builds(Interface, names, addresses, st.integers(0, 128), names),
        unique_by=lambda interface: interface.name,
    ).map(tuple),
    dns=st.builds(
        DnsSettings,
        st.lists(
            st.builds(NameServer, addresses, st.integers(0, 100)),
            unique_by=lambda server: server.address,
        ).map(tuple),
        st.integers(0, 86_400),
        st.integers(0, 60),
        table_of(
            st.builds(
                AlternateServer, domains.filter(lambda name: name[0] != "."), names, addresses
            ),
            "domain",
        ),
        st.none() | names,
    ),
    destinations=st.builds(DestinationTable, table_of(entries, "domain"), default_rows),
    smtp_routes=st.builds(SmtpRoutes, table_of(routes, "domain")),
    bounce_profiles=table_of(
        st.builds(
            BounceProfile,
            names,
            max_retries=st.integers(0, 10_000),
            send_bounces=st.none() | st.booleans(),
            dsn_format=st.none() | st.booleans(),
            send_warnings=st.none() | st.booleans(),
            warnings_interval=st.none() | st.integers(1, 31_536_000),
            warnings_count=st.none() | st.integers(1, 1000),
            alternate_address=st.none() | st.sampled_from(["", "postmaster@example.com"]),
            sign=st.none() | st.booleans(),
        ),
        "name",
    ),
    certificates=st.builds(
        Certificates,
        table_of(
            st.builds(CertificateProfile, names, blocks, keys, st.lists(blocks).map(tuple)), "name"
        ),
        st.booleans(),
        st.booleans(),
        st.lists(blocks, max_size=2).map(tuple),
    ),
    updates=st.builds(
        UpdateSettings,
        *[
            st.none()
            | st.from_regex(r"\Ahttp://[^\s:@/]+:p&<w@proxy:3128\Z").filter(str.isprintable)
        ]
        * 2,
    ),
    log_subscriptions=st.lists(
        st.builds(LogSubscription, names, level=st.sampled_from(LogLevel)),
        unique_by=lambda log: log.name,
    ).map(tuple),
)


@given(configs)
def test_xml_loses_nothing(config: Config) -> None:
    assert from_xml(to_xml(config, ["header -- line", "--"])) == config


@pytest.mark.parametrize("header", [[], ["no label"], ["User: x", "Committed: y"]])
def test_a_file_without_author_and_time_is_no_version(header: list[str]) -> None:
    with pytest.raises(BadFile, match="does not say who committed it"):
        version_from_xml(1, to_xml(Config(), header))


@given(configs)
def test_words_lose_nothing(config: Config) -> None:
    assert with_words(config, as_words(config)) == config


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_other_bytes_are_a_bad_file(data: bytes) -> None:
    with pytest.raises(BadFile):
        from_xml(data)


def test_factory_file_is_fresh() -> None:
    assert FACTORY_FILE.read_bytes() == to_xml(Config(), ["The factory configuration."])


def test_every_area_and_every_setting_has_its_spelling() -> None:
    assert set(AREA_CODECS) == set(AREAS)
    assert set(AREAS.values()) == {field.name for field in fields(Config)}
    spelt = {key.attribute for key in DESTINATION_KEYS}
    assert spelt == {field.name for field in fields(DestinationControl)} - {"domain"}
    spelt = {key.attribute for key in BOUNCE_PROFILE_KEYS}
    assert spelt == {field.name for field in fields(BounceProfile)} - {"name"}


def test_words_are_those_of_the_ini_file() -> None:
    entry = DestinationControl("domain.com", tls=TlsMode.PREFERRED, mta_sts=MtaStsSupport.ON)
    config = replace(Config(), destinations=DestinationTable().with_entry(entry))
    words = as_words(config)
    assert words["destconfig"]["domain.com"] == {"table_tls": "on", "mta_sts": "on"}
    assert words["updateconfig"] == {}


def test_only_named_settings_change() -> None:
    words = {
        "logconfig": {"mail_logs": {"log_level": "debug"}},
        "deliveryconfig": {"max_concurrency": 1},
    }
    config = with_words(Config(), words)
    assert config.log_subscriptions == (LogSubscription(level=LogLevel.DEBUG),)
    assert config.delivery.max_concurrency == 1
    assert config.dns == Config().dns


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param({"dest": {}}, '"dest" is not a command', id="no such area"),
        pytest.param({"destconfig": {"a.com": "x"}}, "a table is wanted", id="text for a table"),
        pytest.param(
            {"destconfig": {"a.com": {"tls": "on"}}},
            'destconfig "a.com": "tls" is not known',
            id="no such key",
        ),
        pytest.param(
            {"destconfig": {"a.com": {"table_tls": "maybe"}}},
            'table_tls: "maybe" is not one of off, on, require',
            id="no such word",
        ),
        pytest.param(
            {"destconfig": {"a.com": {"recipient_minutes": "٣"}}},
            "is not a number from 1 to 60",
            id="digits of another script",
        ),
        pytest.param({"destconfig": {"a b": {}}}, '"a b" is not a domain', id="no domain"),
        pytest.param(
            {"destconfig": {"a.com": {}, "A.com": {}}}, "is there twice", id="twice in other case"
        ),
        pytest.param(
            {"interfaceconfig": {"Data": {"netmask": "24"}}}, '"ip" is missing', id="missing field"
        ),
        pytest.param(
            {"smtproutes": {"a.com": "b.com, "}}, '"" is not a destination host', id="no host"
        ),
        pytest.param({"updateconfig": {"proxy_server": "ftp://x"}}, "A proxy is", id="no proxy"),
        pytest.param({"settz": {"timezone": "../x"}}, "is not a time zone", id="no zone"),
        pytest.param({"deliveryconfig": {"max_concurrency": True}}, "a text is", id="a boolean"),
        pytest.param(
            {"certconfig": {"profiles": {"a": {"key": "sesame"}}}},
            'certconfig, profiles "a", key: This is not a private key in PEM format.',
            id="a key that is none",
        ),
        pytest.param(
            {"certconfig": {"custom_authorities": "sesame"}},
            "custom_authorities: These are not certificates in PEM format.",
            id="authorities that are none",
        ),
    ],
)
def test_wrong_words_are_a_sentence(words: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadFile) as caught:
        with_words(Config(), words)
    assert sentence in str(caught.value)
    assert "sesame" not in str(caught.value)


def document(body: str, subset: str = "") -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE config SYSTEM "config.dtd"{subset}>{body}'.encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"", "not XML", id="empty"),
        pytest.param(b"<config>", "not XML: line 1, column 9", id="cut off"),
        pytest.param(b"<other/>", '"other", not a configuration', id="another root"),
        pytest.param(
            document("<config>&a;</config>", ' [<!ENTITY a "aaaa">]'), "declares", id="entity"
        ),
        pytest.param(
            document("<config/>", ' [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]'),
            "declares",
            id="parameter entity",
        ),
        pytest.param(
            document("<config/>", " [<!ELEMENT config ANY>]"), "declares", id="internal subset"
        ),
        pytest.param(b"<config>" + b"<dns>" * 9, "more than 8 deep", id="too deep"),
        pytest.param(b" " * (MOST_BYTES + 1), "larger than", id="too large"),
        pytest.param(
            document("<config><evil/></config>"), 'element "evil" in "config"', id="unknown element"
        ),
        pytest.param(
            document("<config><hostname><b/></hostname></config>"), "holds elements", id="nested"
        ),
        pytest.param(document("<config><dns/><dns/></config>"), '"dns" is there twice', id="twice"),
        pytest.param(
            document("<config><smtp_routes><x/></smtp_routes></config>"), '"x" stands', id="row"
        ),
        pytest.param(
            document("<config><hostname>a b</hostname></config>"), "not a host name", id="value"
        ),
        pytest.param(b'<?xml version="1.0" encoding="utf-32"?><config/>', "", id="encoding"),
    ],
)
def test_hostile_files_are_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(BadFile) as caught:
        from_xml(data)
    assert sentence in str(caught.value)


def test_the_number_of_elements_is_bounded() -> None:
    tree = _Tree()
    tree._elements = MOST_ELEMENTS
    with pytest.raises(BadFile, match=f"more than {MOST_ELEMENTS} elements"):
        tree.start("dns", {})


def test_a_partial_file_changes_only_what_it_holds() -> None:
    base = replace(Config(), timezone="Asia/Seoul")
    config = from_xml(document("<config><hostname>mail4.example.com</hostname></config>"), base)
    assert config == replace(base, hostname="mail4.example.com")


def test_an_empty_proxy_element_removes_the_proxy() -> None:
    base = replace(Config(), updates=UpdateSettings("http://proxy:3128"))
    assert from_xml(to_xml(Config()), base) == Config()


def test_header_comes_back_line_by_line() -> None:
    data = to_xml(Config(), ["Version: 16.0.3-025", "\x1b[2J--> <x>"])
    assert read_file(data).header == ("Version: 16.0.3-025", r"\x1b[2J\u002d\u002d> <x>")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param("MX1.Example.com", "mx1.example.com", id="lower case"),
        pytest.param("usedns", "USEDNS", id="keyword"),
        pytest.param("[a.com]:26 /pri=10,10.0.0.1", "[a.com]:26 /pri=10, 10.0.0.1", id="all parts"),
        pytest.param("2001:db8::1", "2001:db8::1", id="IPv6"),
        pytest.param("[2001:db8::1]:26", "[2001:db8::1]:26", id="IPv6 with port"),
    ],
)
def test_routes_are_read_and_shown(typed: str, shown: str) -> None:
    assert parse_route("domain.com", typed).destination == shown


@pytest.mark.parametrize("typed", ["", "a b", "a.com:0", "a.com:70000", "a.com /pri=x", "[x:y:z]"])
def test_routes_that_lead_nowhere_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_route("domain.com", typed)

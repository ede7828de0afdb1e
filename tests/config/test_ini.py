"""The INI file of destination controls: what is exported comes back, and nothing else gets in."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.config.bounce_profiles import BounceProfile
from seg_cli.config.codec.ini_reader import from_ini
from seg_cli.config.codec.ini_writer import to_ini
from seg_cli.config.codec.text_file import MOST_BYTES
from seg_cli.config.destinations import (
    MOST_ENTRIES,
    DestinationControl,
    DestinationSettings,
    DestinationTable,
)
from seg_cli.config.tree import Config
from seg_cli.errors import BadFile
from seg_cli.terms import (
    DaneMode,
    IpSortPreference,
    LimitApply,
    LimitType,
    MtaStsSupport,
    TlsMode,
)

CONFIG = replace(
    Config(),
    bounce_profiles={**Config().bounce_profiles, "tls_failed": BounceProfile("tls_failed")},
)

ROW = """\
[DEFAULT]
ip_sort_pref = PREFER_V6
max_host_concurrency = 500
max_messages_per_connection = 50
limit_type = host
limit_apply = VG
table_tls = off
bounce_validation = 0
send_tls_req_alert = 0
"""

# The sample of the reference (cli-core s2.10), but for the name of its certificate.
SAMPLE = """\
[DEFAULT]
ip_sort_pref = PREFER_V6
max_host_concurrency = 500
max_messages_per_connection = 50
recipient_minutes = 60
recipient_limit = 300
limit_type = host
limit_apply = VG
table_tls = off
bounce_validation = 0
send_tls_req_alert = 0
certificate = Demo

[example1.com]
ip_sort_pref = PREFER_V6
recipient_minutes = 60
recipient_limit = 100
table_tls = require_verify
limit_apply = VG
bounce_profile = tls_failed
limit_type = host
"""

domains = st.from_regex(r"\A\.?[a-z0-9]{1,8}\.(com|example|kr)\Z") | st.ip_addresses().map(str)


def limits(concurrency: st.SearchStrategy[int | None]) -> dict[str, st.SearchStrategy[object]]:
    """Settings that may stand together in a file; `concurrency` alone may be at Default."""
    return {
        "concurrency": concurrency,
        "messages_per_connection": st.integers(1, 1000),
        "recipient_minutes": st.integers(1, 60),
        "recipient_limit": st.none() | st.integers(0, 1_000_000_000),
        "limit_type": st.sampled_from(LimitType),
        "limit_apply": st.sampled_from(LimitApply),
        "bounce_validation": st.booleans(),
        "ip_sort": st.sampled_from(IpSortPreference),
    }


with_tls = {
    "tls": st.sampled_from([mode for mode in TlsMode if mode is not TlsMode.NO]),
    "dane": st.sampled_from(DaneMode),
    "mta_sts": st.sampled_from(MtaStsSupport),
}
default_rows = st.builds(
    DestinationSettings, **limits(st.integers(1, 1000)), **with_tls, tls_alert=st.booleans()
)
entries = st.builds(
    DestinationControl,
    domains,
    **limits(st.none() | st.integers(1, 1000)),
    **{name: st.none() | strategy for name, strategy in with_tls.items()},
    bounce_profile=st.sampled_from([None, "Default", "tls_failed"]),
) | st.builds(DestinationControl, domains, tls=st.sampled_from([None, TlsMode.NO]))
tables = st.builds(
    DestinationTable,
    st.lists(entries, max_size=4).map(
        lambda many: MappingProxyType({entry.domain: entry for entry in many})
    ),
    default_rows,
)


@given(tables)
def test_what_is_exported_is_imported(table: DestinationTable) -> None:
    assert from_ini(to_ini(table), CONFIG) == table


def test_the_sample_of_the_reference_is_read() -> None:
    table = from_ini(SAMPLE.encode(), CONFIG)
    assert table.default == DestinationSettings(
        recipient_minutes=60,
        recipient_limit=300,
        limit_apply=LimitApply.VIRTUAL_GATEWAY,
        tls=TlsMode.NO,
    )
    assert dict(table.entries) == {
        "example1.com": DestinationControl(
            "example1.com",
            recipient_minutes=60,
            recipient_limit=100,
            limit_type=LimitType.HOST,
            limit_apply=LimitApply.VIRTUAL_GATEWAY,
            tls=TlsMode.REQUIRED_VERIFY,
            bounce_profile="tls_failed",
            ip_sort=IpSortPreference.PREFER_V6,
        )
    }


def test_an_exported_file_is_like_the_sample() -> None:
    table = DestinationTable().with_entry(DestinationControl("b.com", tls=TlsMode.REQUIRED))
    assert to_ini(table.with_entry(DestinationControl("a.com"))).decode() == (
        "[DEFAULT]\n"
        "ip_sort_pref = PREFER_V6\n"
        "max_host_concurrency = 500\n"
        "max_messages_per_connection = 50\n"
        "limit_type = host\n"
        "limit_apply = system\n"
        "table_tls = on\n"
        "dane = none\n"
        "mta_sts = off\n"
        "bounce_validation = off\n"
        "send_tls_req_alert = off\n"
        "certificate = Demo\n"
        "\n"
        "[a.com]\n"
        "\n"
        "[b.com]\n"
        "table_tls = required\n"
    )


@pytest.mark.parametrize(
    ("line", "tls"),
    [
        pytest.param("table_tls = REQUIRED", TlsMode.REQUIRED, id="any case"),
        pytest.param("TABLE_TLS=require", TlsMode.REQUIRED, id="no blanks"),
        pytest.param("\ttable_tls\t=  2  \r", TlsMode.REQUIRED, id="number, blanks and CR"),
        pytest.param("table_tls = 5", TlsMode.REQUIRED_VERIFY_HOSTED, id="hosted domains"),
        pytest.param("# why\n; so\n\ntable_tls = on", TlsMode.PREFERRED, id="comments"),
        pytest.param("", None, id="default"),
    ],
)
def test_how_a_setting_may_be_written(line: str, tls: TlsMode | None) -> None:
    table = from_ini(f"{ROW}\n[A.example.]\n{line}\n".encode(), CONFIG)
    assert table.entries["a.example"].tls is tls


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_is_no_harm(encoding: str) -> None:
    assert from_ini(ROW.encode(encoding), CONFIG).default.tls is TlsMode.NO


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "There is no section [DEFAULT].", id="empty"),
        pytest.param("# nothing\n", "There is no section [DEFAULT].", id="only a comment"),
        pytest.param("a = b\n", "Line 1: [DEFAULT] must come before this.", id="no section"),
        pytest.param("\n[a.com]\n", "Line 2: [DEFAULT] must be the first section.", id="order"),
        pytest.param(
            "[DEFAULT]\n", 'Line 1: [DEFAULT] does not say "ip_sort_pref".', id="incomplete"
        ),
        pytest.param(
            f"{ROW}[default]\n",
            "Line 10: [DEFAULT] is there twice, first in line 1.",
            id="row twice",
        ),
        pytest.param(
            f"{ROW}[a.com]\n[A.com]\n",
            "Line 11: [a.com] is there twice, first in line 10.",
            id="domain twice",
        ),
        pytest.param(f"{ROW}[a b]\n", 'Line 10: "a b" is not a domain.', id="no domain"),
        pytest.param(f"{ROW}[пример.рф]\n", 'Line 10: "пример.рф" is not a domain.', id="U-label"),
        pytest.param(f"{ROW}[1.2.3]\n", 'Line 10: "1.2.3" is not an IP address.', id="no address"),
        pytest.param(f"{ROW}[]\n", 'Line 10: "" is not a domain.', id="no name"),
        pytest.param(f"{ROW}[a.com\n", 'Line 10: "[a.com" is not a section.', id="half a section"),
        pytest.param(
            f"{ROW}table_tls\n",
            'Line 10: "table_tls" is neither a section nor key = value.',
            id="no value",
        ),
        pytest.param(f"{ROW}tls = on\n", 'Line 10: "tls" is not known in [DEFAULT].', id="no key"),
        pytest.param(
            f"{ROW}bounce_profile = x\n",
            '"bounce_profile" is not known in [DEFAULT].',
            id="profile",
        ),
        pytest.param(
            f"{ROW}[a.com]\ncertificate = Demo\n",
            '"certificate" is not known in [a.com].',
            id="global setting of a domain",
        ),
        pytest.param(
            f"{ROW}table_tls = on\n",
            'Line 10: "table_tls" is there twice, first in line 7.',
            id="key twice",
        ),
        pytest.param(
            f"{ROW}[a.com]\ntable_tls = maybe\n",
            'Line 11: table_tls: "maybe" is not one of off, on, require',
            id="no such word",
        ),
        pytest.param(
            f"{ROW}[a.com]\nmax_messages_per_connection = 1001\n",
            'Line 11: max_messages_per_connection: "1001" is not a number from 1 to 1000.',
            id="too high",
        ),
        pytest.param(
            f"{ROW}recipient_limit = 5\n",
            'Line 10: "recipient_limit" needs "recipient_minutes" beside it.',
            id="no minutes",
        ),
        pytest.param(
            f"{ROW}[a.com]\nmax_host_concurrency = 5\nlimit_type = 0\n",
            'Line 11: "max_host_concurrency" needs "limit_apply" beside it.',
            id="no scope",
        ),
        pytest.param(
            f"{ROW}mta_sts = on\n",
            'Line 10: "mta_sts" needs a "table_tls" that is on.',
            id="no TLS",
        ),
        pytest.param(
            f"{ROW}[a.com]\nbounce_profile = gone\n",
            'Line 11: the bounce profile "gone" does not exist.',
            id="no such profile",
        ),
        pytest.param(
            f"{ROW}certificate = gone\n",
            'Line 10: the certificate "gone" does not exist.',
            id="no such certificate",
        ),
        pytest.param(
            f"{ROW}[a.com]\n\x1b[2J\x00 = 1\n", r'Line 11: "\x1b[2j\x00" is not known', id="control"
        ),
    ],
)
def test_a_wrong_line_is_named(text: str, sentence: str) -> None:
    with pytest.raises(BadFile) as caught:
        from_ini(text.encode(), CONFIG)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b" " * (MOST_BYTES + 1), f"larger than {MOST_BYTES} bytes", id="too large"),
        pytest.param(b"[DEFAULT]\n# \xff\n", "Line 2: this is not UTF-8.", id="Latin-1"),
        pytest.param(ROW.encode("utf-16"), "Line 1: this is not UTF-8.", id="UTF-16"),
    ],
)
def test_other_bytes_are_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(BadFile, match=sentence):
        from_ini(data, CONFIG)


def test_the_table_is_full_at_its_limit() -> None:
    domains = "".join(f"[d{number}.example]\n" for number in range(MOST_ENTRIES))
    assert len(from_ini(f"{ROW}{domains}".encode(), CONFIG).entries) == MOST_ENTRIES
    with pytest.raises(BadFile, match="Line 40010: there are more than 40000 entries"):
        from_ini(f"{ROW}{domains}[one.more.example]\n".encode(), CONFIG)


LINES = (
    *(ROW, "[DEFAULT]", "[a.com]", "[.b.c]", "[::1]", "[", "]", "=", "mta_sts", "dane = 2"),
    *("table_tls = on", "recipient_limit = 1", "max_host_concurrency = 0", "\r", "\ufeff", "\x00"),
)


def read(data: bytes) -> DestinationTable | str:
    """The table, or the sentence that refuses the file."""
    try:
        return from_ini(data, CONFIG)
    except BadFile as error:
        return str(error)


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(str.encode)
    | st.lists(st.sampled_from(LINES) | st.text(max_size=9), max_size=12).map(
        lambda many: "\n".join(many).encode()
    )
)
def test_nothing_but_bad_file_is_raised(data: bytes) -> None:
    match read(data):
        case str(sentence):
            assert sentence.isprintable()
        case table:
            assert from_ini(to_ini(table), CONFIG) == table

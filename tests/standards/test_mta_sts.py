"""The two texts of MTA-STS (RFC 8461 s3.1, s3.2): what is read, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.standards.mta_sts import (
    MAX_MAX_AGE,
    Policy,
    PolicyError,
    RecordError,
    StsRecord,
    parse_policy,
    parse_txt,
    policy_host,
    record_name,
)
from seg_cli.terms import PolicyMode, Reason


@pytest.mark.requirement("STS-01")
def test_where_a_domain_publishes() -> None:
    assert record_name("example.com") == "_mta-sts.example.com"
    assert policy_host("example.com") == "mta-sts.example.com"


def txt(*records: str) -> list[tuple[bytes, ...]]:
    """TXT records of one string each."""
    return [(record.encode("latin-1"),) for record in records]


def case(requirement: str, sentence: str, *columns: object) -> object:
    """One row of a table: the requirement it shows, and what it says of it."""
    return pytest.param(*columns, id=sentence, marks=pytest.mark.requirement(requirement))


RECORDS = [
    case("STS-01", "a record with final delimiter", "v=STSv1; id=1a;", "1a"),
    case("STS-01", "the final delimiter is optional", "v=STSv1;id=1a", "1a"),
    case("STS-01", "space before the last field", "v=STSv1; id=1a", "1a"),
    case("STS-01", "space and tab around delimiters", "v=STSv1; \tid=1a \t; \tx=y ; ", "1a"),
    case("STS-01", "id need not come first", "v=STSv1; x=y; id=1a;", "1a"),
    case("STS-02", "an id of 32", "v=STSv1; id=" + "aB3" * 10 + "zZ;", "aB3" * 10 + "zZ"),
    case("STS-04", "an unknown field is passed over", "v=STSv1; id=1a; x9_.-=a:b,!~;", "1a"),
    case("STS-04", "field names are case-sensitive", "v=STSv1; ID=other; id=1a;", "1a"),
    case("STS-05", "the first id counts", "v=STSv1; id=1a; id=2b;", "1a"),
    case("STS-05", "a later id need not be one", "v=STSv1; id=1a; id=not-one;", "1a"),
]


@pytest.mark.parametrize(("record", "expected"), RECORDS)
def test_reads_a_record(record: str, expected: str) -> None:
    assert parse_txt(txt(record)) == StsRecord(expected)


BROKEN_RECORDS = [
    case("STS-01", "no id", "v=STSv1; x=y;"),
    case("STS-01", "no field", "v=STSv1;"),
    case("STS-01", "two delimiters", "v=STSv1;; id=1a;"),
    case("STS-01", "two final delimiters", "v=STSv1; id=1a;;"),
    case("STS-01", "space at the end without delimiter", "v=STSv1; id=1a "),
    case("STS-02", "an empty id", "v=STSv1; id=;"),
    case("STS-02", "an id of 33", "v=STSv1; id=" + "a" * 33 + ";"),
    case("STS-02", "a hyphen in the id", "v=STSv1; id=2024-01-31;"),
    case("STS-02", "space in the id", "v=STSv1; id=1 a;"),
    case("STS-02", "space before the equals sign", "v=STSv1; id =1a;"),
    case("STS-02", "space behind the equals sign", "v=STSv1; id= 1a;"),
    case("STS-02", "only an ID in capitals", "v=STSv1; ID=1a;"),
    case("STS-02", "a field without equals sign", "v=STSv1; id=1a; flag;"),
    case("STS-02", "a second equals sign", "v=STSv1; id=1a; x=y=z;"),
    case("STS-02", "an extension name of 33", "v=STSv1; id=1a; " + "x" * 33 + "=y;"),
    case("STS-02", "an extension name that begins with a dot", "v=STSv1; id=1a; .x=y;"),
    case("STS-02", "an extension without value", "v=STSv1; id=1a; x=;"),
    case("STS-02", "an extension beyond ASCII", "v=STSv1; id=1a; x=\xe9;"),
    case("STS-02", "a non-breaking space", "v=STSv1;\xa0id=1a;"),
    case("STS-02", "a newline at the end", "v=STSv1; id=1a\n"),
    case("STS-02", "a newline behind the final delimiter", "v=STSv1; id=1a;\n"),
    case("STS-02", "a newline before the last field", "v=STSv1;\nid=1a"),
    case("STS-05", "the first id is not one", "v=STSv1; id=not-one; id=1a;"),
]


RECORD_SENTENCES = (
    "^field [1-3] of the TXT record is not name=value$"
    "|^the TXT record has no id$"
    "|^the id of the TXT record is not 1 to 32 letters and digits$"
)


@pytest.mark.parametrize("record", BROKEN_RECORDS)
def test_refuses_a_record(record: str) -> None:
    with pytest.raises(RecordError, match=RECORD_SENTENCES) as refused:
        parse_txt(txt(record))
    assert refused.value.reason is Reason.STS_RECORD_INVALID


@pytest.mark.requirement("STS-03")
def test_joins_the_strings_of_a_record_without_spaces() -> None:
    assert parse_txt([(b"v=STS", b"v1; id=1", b"", b"a;")]) == StsRecord("1a")


@pytest.mark.requirement("STS-03")
def test_drops_records_of_others() -> None:
    records = txt("v=spf1 -all", "V=STSV1; id=2b;", "v=STSv1 ; id=3c;", "v=STSv1; id=1a;", "")
    assert parse_txt(records) == StsRecord("1a")


ABSENT = [
    case("STS-03", "no record at all", []),
    case("STS-03", "a record without strings", [()]),
    case("STS-03", "records of others only", txt("v=spf1 -all", "v=STSv2; id=1a;")),
    case("STS-03", "the literal includes the delimiter", txt("v=STSv1 ; id=1a;")),
    case("STS-03", "the literal comes first", txt(" v=STSv1; id=1a;")),
    case("STS-02", "the version is case-sensitive", txt("v=stsv1; id=1a;")),
]


@pytest.mark.parametrize("records", ABSENT)
def test_finds_no_record(records: list[tuple[bytes, ...]]) -> None:
    with pytest.raises(RecordError, match=r"^no TXT record begins with v=STSv1;$") as refused:
        parse_txt(records)
    assert refused.value.reason is Reason.STS_NO_RECORD


@pytest.mark.requirement("STS-03")
@pytest.mark.parametrize("second", ["v=STSv1; id=1a;", "v=STSv1; broken"])
def test_does_not_choose_between_records(second: str) -> None:
    with pytest.raises(RecordError, match=r"^2 TXT records begin with v=STSv1;$") as refused:
        parse_txt(txt("v=STSv1; id=1a;", second))
    assert refused.value.reason is Reason.STS_SEVERAL_RECORDS


@pytest.mark.requirement("STS-02")
def test_says_which_field_is_wrong() -> None:
    with pytest.raises(RecordError, match="field 2 of the TXT record is not name=value"):
        parse_txt(txt("v=STSv1; id=1a; what"))


ENFORCE = Policy(PolicyMode.ENFORCE, ("mail.example.com",), 86400)
WHOLE = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 86400\n"


def but(old: str, new: str) -> bytes:
    """The whole policy with one piece replaced."""
    assert old in WHOLE
    return WHOLE.replace(old, new, 1).encode()


def then(more: str) -> bytes:
    """The whole policy with more behind it."""
    return (WHOLE + more).encode()


SAME_POLICIES = [
    case("STS-20", "lines end with LF", WHOLE.encode()),
    case("STS-20", "lines end with CRLF", WHOLE.replace("\n", "\r\n").encode()),
    case("STS-20", "line ends are mixed", but("STSv1\n", "STSv1\r\n")),
    case("STS-20", "the last line end is optional", WHOLE.rstrip("\n").encode()),
    case("STS-20", "no space behind the colon", WHOLE.replace(": ", ":").encode()),
    case("STS-20", "space and tab around the value", but(": enforce", ":\t enforce \t")),
    case("STS-21", "version comes last", but("version: STSv1\n", "") + b"version: STSv1\n"),
    case("STS-23", "an unknown key", then("x9_.-: a: value, of words\n")),
    case("STS-23", "an unknown key with a UTF-8 value", then("note: grüße 안녕\n")),
    case("STS-23", "a name of 32", then("n" * 32 + ": x\n")),
    case("STS-23", "known names in capitals are unknown", then("MODE: none\nMx: -\n")),
    case("STS-24", "a second version", then("version: STSv2\n")),
    case("STS-24", "a second mode", then("mode: none\n")),
    case("STS-24", "a second max_age", then("max_age: forever\n")),
    case("STS-28", "a blank line at the end", then("\n")),
    case("STS-28", "blank lines between", WHOLE.replace("\n", "\n\r\n").encode()),
    case("STS-28", "a line of spaces", then(" \t\n")),
    case("STS-29", "U+2028 ends no line", then("note: a\u2028mode: none\n")),
    case("STS-29", "U+0085 ends no line", then("note: a\u0085mode: none\n")),
]


@pytest.mark.parametrize("body", SAME_POLICIES)
def test_reads_a_policy(body: bytes) -> None:
    assert parse_policy(body) == ENFORCE


POLICIES = [
    case("STS-22", "testing", but("enforce", "testing"), ("testing", 86400)),
    case("STS-22", "none", but("enforce", "none"), ("none", 86400)),
    case("STS-25", "max_age 0", but("86400", "0"), ("enforce", 0)),
    case("STS-25", "zeros up to ten digits", but("86400", "0000086400"), ("enforce", 86400)),
    case("STS-25", "the maximum", but("86400", "31557600"), ("enforce", MAX_MAX_AGE)),
]


@pytest.mark.parametrize(("body", "expected"), POLICIES)
def test_reads_mode_and_max_age(body: bytes, expected: tuple[str, int]) -> None:
    policy = parse_policy(body)
    assert (policy.mode, policy.max_age) == expected


MX_LINES = [
    case(
        "STS-24", "several mx in their order", "mx: b.example\nmx: a.example", "b.example a.example"
    ),
    case("STS-24", "an mx that is repeated", "mx: a.example\nmx: a.example", "a.example a.example"),
    case("STS-27", "a wildcard", "mx: *.example.com", "*.example.com"),
    case("STS-27", "an A-label", "mx: xn--bcher-kva.example", "xn--bcher-kva.example"),
    case("STS-27", "labels of digits", "mx: 192.0.2.1", "192.0.2.1"),
]


@pytest.mark.parametrize(("lines", "expected"), MX_LINES)
def test_reads_mx(lines: str, expected: str) -> None:
    assert parse_policy(but("mx: mail.example.com", lines)).mx == tuple(expected.split())


@pytest.mark.requirement("STS-26")
def test_a_policy_of_mode_none_needs_no_mx() -> None:
    body = b"version: STSv1\nmode: none\nmax_age: 60\n"
    assert parse_policy(body) == Policy(PolicyMode.NONE, (), 60)


LINE = "line 5 of the policy"
VERSION = "the policy's version is not STSv1"
MODE = "the policy's mode is not enforce, testing or none"
MAX_AGE = "the policy's max_age is not a number from 0 to 31557600"
MX = "an mx of the policy is not a host name, nor one behind '\\*\\.'"

BROKEN_POLICIES = [
    case("STS-20", "space before the colon", then("note : x\n"), LINE),
    case("STS-20", "space before the name", then(" note: x\n"), LINE),
    case("STS-20", "not UTF-8", WHOLE.encode() + b"note: \xff\n", "the policy is not UTF-8"),
    case("STS-20", "a byte order mark", b"\xef\xbb\xbf" + WHOLE.encode(), "line 1 of the policy"),
    case("STS-20", "a lone CR at the end", then("note: x\r"), LINE),
    case("STS-20", "a CR too many", then("note: x\r\r\n"), LINE),
    case("STS-21", "an empty body", b"", VERSION),
    case("STS-21", "no version", but("version: STSv1\n", ""), VERSION),
    case("STS-21", "another version", but("STSv1", "STSv2"), VERSION),
    case("STS-21", "version in capitals", but("STSv1", "STSV1"), VERSION),
    case("STS-22", "no mode", but("mode: enforce\n", ""), MODE),
    case("STS-22", "another mode", but("enforce", "report"), MODE),
    case("STS-22", "mode in capitals", but("enforce", "Enforce"), MODE),
    case("STS-22", "mode with more behind it", but("enforce", "enforce now"), MODE),
    case("STS-23", "a line without colon", then("note\n"), LINE),
    case("STS-23", "a name of 33", then("n" * 33 + ": x\n"), LINE),
    case("STS-23", "a name beyond ASCII", then("größe: x\n"), LINE),
    case("STS-23", "an empty value", then("note: \n"), LINE),
    case("STS-23", "a tab in the value", then("note: a\tb\n"), LINE),
    case("STS-23", "a NUL in the value", then("note: a\0b\n"), LINE),
    case("STS-24", "the first mode is the bad one", but("mode:", "mode: x\nmode:"), MODE),
    case("STS-25", "no max_age", but("max_age: 86400\n", ""), MAX_AGE),
    case("STS-25", "above the maximum", but("86400", "31557601"), MAX_AGE),
    case("STS-25", "eleven digits", but("86400", "00000086400"), MAX_AGE),
    case("STS-25", "a negative max_age", but("86400", "-1"), MAX_AGE),
    case(
        "STS-26", "no mx under enforce", but("mx: mail.example.com\n", ""), "the policy lists no mx"
    ),
    case("STS-27", "a U-label", but("mail", "bücher"), MX),
    case("STS-27", "a trailing dot", but("example.com", "example.com."), MX),
    case("STS-27", "an underscore", but("mail", "mx_1"), MX),
    case("STS-27", "an address literal", but("mail.example.com", "[192.0.2.1]"), MX),
    case("STS-27", "an IPv6 address", but("mail.example.com", "2001:db8::1"), MX),
    case("STS-27", "a partial wildcard", but("mail", "mail*"), MX),
    case("STS-27", "a wildcard inside", but("mail", "mail.*"), MX),
    case("STS-27", "two wildcards", but("mail", "*.*"), MX),
    case("STS-27", "a wildcard alone", but("mail.example.com", "*"), MX),
    case("STS-27", "two names in one mx", but("mail.example.com", "a.example, b.example"), MX),
    case("STS-29", "a vertical tab ends no line", then("note: a\x0bb: c\n"), LINE),
    case("STS-29", "a form feed ends no line", then("note: a\x0cb: c\n"), LINE),
    case("STS-29", "a file separator ends no line", then("note: a\x1cb: c\n"), LINE),
    case("STS-29", "a vertical tab is no blank line", then("\x0b\n"), LINE),
    case("STS-29", "a non-breaking space is no blank line", then("\xa0\n"), LINE),
    case("STS-29", "a lone CR ends no line", then("note: a\rb: c\n"), LINE),
    case("STS-29", "a non-breaking space is no space", but(": enforce", ":\xa0enforce"), MODE),
    case("STS-29", "a plus sign is no digit", but("86400", "+86400"), MAX_AGE),
    case("STS-29", "an underscore is no digit", but("86400", "86_400"), MAX_AGE),
    case("STS-29", "Arabic-Indic digits are none", but("86400", "\u0661\u0662"), MAX_AGE),
]


@pytest.mark.parametrize(("body", "sentence"), BROKEN_POLICIES)
def test_refuses_a_policy(body: bytes, sentence: str) -> None:
    with pytest.raises(PolicyError, match=f"^{sentence}"):
        parse_policy(body)


LISTED = {
    "a name that is listed": ("mail.example.com", True),
    "case does not count": ("MAIL.Example.COM", True),
    "a label under the wildcard": ("mx1.backup.example.com", True),
    "two labels under the wildcard": ("a.mx1.backup.example.com", False),
    "the parent of the wildcard": ("backup.example.com", False),
    "a name that is not listed": ("mx.example.net", False),
    "labels of digits never match": ("192.0.2.1", False),
}


@pytest.mark.requirement("STS-50")
@pytest.mark.parametrize(("host", "expected"), LISTED.values(), ids=LISTED)
def test_lists_a_host(host: str, expected: bool) -> None:
    patterns = ("192.0.2.1", "mail.example.com", "*.backup.example.com")
    assert Policy(PolicyMode.ENFORCE, patterns, 60).lists(host) is expected


PIECES = st.sampled_from([*b"=;: \t\r\n.*", *b"id", *b"mx"]).map(lambda byte: bytes([byte]))
OUTSIDE = st.one_of(st.binary(), st.lists(PIECES).map(b"".join))


def record_or_sentence(records: list[list[bytes]]) -> StsRecord | str:
    try:
        return parse_txt(records)
    except RecordError as refused:
        return str(refused)


def policy_or_sentence(body: bytes) -> Policy | str:
    try:
        return parse_policy(body)
    except PolicyError as refused:
        return str(refused)


@pytest.mark.requirement("STS-02")
@given(st.lists(st.lists(OUTSIDE.map(b"v=STSv1;".__add__) | OUTSIDE)))
def test_any_records_are_read_or_refused(records: list[list[bytes]]) -> None:
    match record_or_sentence(records):
        case StsRecord(id=identifier):
            assert identifier.isalnum()
        case sentence:
            assert sentence.isprintable()


@pytest.mark.requirement("STS-23")
@given(OUTSIDE.map(WHOLE.encode().__add__) | OUTSIDE)
def test_any_body_is_read_or_refused(body: bytes) -> None:
    match policy_or_sentence(body):
        case Policy(max_age=max_age):
            assert max_age <= MAX_MAX_AGE
        case sentence:
            assert sentence.isprintable()

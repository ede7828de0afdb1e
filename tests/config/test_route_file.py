"""The text file of SMTP routes: what is exported comes back, and nothing else gets in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.config.codec.route_file import from_route_file, to_route_file
from seg_cli.config.smtp_routes import MOST_ROUTES, SmtpRoutes
from seg_cli.errors import BadFile


def destinations(data: bytes) -> dict[str, str]:
    return {name: route.destination for name, route in from_route_file(data).routes.items()}


def test_the_table_form_of_the_reference_is_read() -> None:
    data = b"\xef\xbb\xbf# why\r\nexample.com exchange.example.com\r\n\r\n.example.com\tUSEDNS\n"
    assert destinations(data) == {
        "example.com": "exchange.example.com",
        ".example.com": "USEDNS",
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("a.com", "Line 1: a domain and a destination are wanted here.", id="one word"),
        pytest.param(
            "\na.com b.com\nA.com c.com",
            'Line 3: "a.com" is there twice, first in line 2.',
            id="twice",
        ),
        pytest.param("a_b b.com", 'Line 1: "a_b" is not a domain.', id="no domain"),
        pytest.param("a.com b.com:0", 'Line 1: "b.com:0" has a port', id="no port"),
        pytest.param("a.com b c", 'Line 1: "b c" is not a destination host.', id="no comma"),
        pytest.param("all x.com\nALL y.com", 'Line 2: "ALL" is there twice', id="ALL twice"),
    ],
)
def test_a_wrong_line_is_named(text: str, sentence: str) -> None:
    with pytest.raises(BadFile) as caught:
        from_route_file(text.encode())
    assert str(caught.value).startswith(sentence)


@pytest.mark.requirement("AOS-32")
def test_the_table_is_full_at_its_limit() -> None:
    lines = "".join(f"d{number}.example USEDNS\n" for number in range(MOST_ROUTES))
    table = from_route_file(lines.encode())
    assert len(table.routes) == MOST_ROUTES
    assert from_route_file(to_route_file(table)) == table
    with pytest.raises(BadFile, match="Line 40001: there are more than 40000 routes"):
        from_route_file(f"{lines}one.more.example USEDNS\n".encode())


def read(data: bytes) -> SmtpRoutes | str:
    """The table, or the sentence that refuses the file."""
    try:
        return from_route_file(data)
    except BadFile as error:
        return str(error)


WORDS = (
    "a.com",
    ".b.c",
    "ALL",
    "USEDNS",
    "/dev/null",
    "[a.com]:26",
    "::1",
    "/pri=1",
    ",",
    "#",
    "\r",
)


@given(
    st.binary(max_size=100)
    | st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=9).map(
        lambda many: " ".join(many).encode()
    )
)
def test_nothing_but_bad_file_is_raised(data: bytes) -> None:
    match read(data):
        case str(sentence):
            assert sentence.isprintable()
        case table:
            assert from_route_file(to_route_file(table)) == table

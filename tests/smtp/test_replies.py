"""Bytes to replies and back."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.smtp.replies import (
    MAX_LINE,
    MAX_LINES,
    ProtocolError,
    Reply,
    ReplyParser,
    format_reply,
)

PRINTABLE_LINES = st.text(st.characters(exclude_categories=["C", "Z"])).filter(str.isprintable)
REPLIES = st.builds(
    Reply,
    st.integers(200, 599),
    st.lists(PRINTABLE_LINES, min_size=1, max_size=5).map(tuple),
)


def parse_all(*pieces: bytes) -> list[Reply]:
    parser = ReplyParser()
    found = []
    for piece in pieces:
        parser.feed(piece)
        while (reply := parser.next_reply()) is not None:
            found.append(reply)
    return found


@pytest.mark.parametrize(
    ("wire", "reply"),
    [
        pytest.param(b"250 ok\r\n", Reply(250, ("ok",)), id="one line"),
        pytest.param(b"250-a\r\n250-b\r\n250 c\r\n", Reply(250, ("a", "b", "c")), id="three"),
        pytest.param(b"354\r\n", Reply(354, ("",)), id="a bare code is a last line"),
        pytest.param(b"250-\r\n250 \r\n", Reply(250, ("", "")), id="empty text"),
        pytest.param(b"220 hi\n", Reply(220, ("hi",)), id="LF alone ends a line too"),
        pytest.param(b"550 \x1b[2J\r\n", Reply(550, (r"\x1b[2J",)), id="text is made printable"),
    ],
)
def test_a_reply_is_read(wire: bytes, reply: Reply) -> None:
    assert parse_all(wire) == [reply]


@pytest.mark.requirement("TLS-07")
@pytest.mark.parametrize(
    "wire",
    [
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n", id="another protocol"),
        pytest.param(b"\r\n", id="an empty line"),
        pytest.param(b"250ok\r\n", id="no separator"),
        pytest.param(b"150 ok\r\n", id="no such first digit"),
        pytest.param("٢٥٠ ok\r\n".encode(), id="digits that are not ASCII"),
        pytest.param(b"250-a\r\n251 b\r\n", id="the code changes"),
        pytest.param(b"250 " + b"x" * MAX_LINE, id="a line without end"),
        pytest.param(b"250-x\r\n" * (MAX_LINES + 1), id="a reply without end"),
    ],
)
def test_garbage_is_refused_for_good(wire: bytes) -> None:
    parser = ReplyParser()
    parser.feed(wire)
    with pytest.raises(ProtocolError):
        parser.next_reply()
    parser.feed(b"250 ok\r\n")
    with pytest.raises(ProtocolError):
        parser.next_reply()


def test_pending_tells_of_bytes_that_belong_to_no_returned_reply() -> None:
    parser = ReplyParser()
    assert not parser.pending
    parser.feed(b"220 go\r\n2")
    assert parser.next_reply() == Reply(220, ("go",))
    assert parser.pending


@given(st.lists(REPLIES, max_size=4), st.data())
def test_replies_do_not_depend_on_how_the_bytes_were_cut(
    replies: list[Reply], data: st.DataObject
) -> None:
    wire = b"".join(map(format_reply, replies))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=6)))
    edges = [0, *cuts, len(wire)]
    pieces = [wire[a:b] for a, b in pairwise(edges)]
    assert parse_all(*pieces) == replies


@given(st.binary(max_size=200))
def test_any_bytes_are_replies_or_a_protocol_error(noise: bytes) -> None:
    parser = ReplyParser()
    parser.feed(noise)
    shown: list[str] = []
    try:
        while (reply := parser.next_reply()) is not None:
            shown.extend(reply.lines)
    except ProtocolError as error:
        shown.append(str(error))
    assert all(map(str.isprintable, shown))


def test_a_template_fills_only_its_own_fields() -> None:
    template = Reply.parse("250 sender <{address}> ok {what}")
    assert (
        template.filled({"address": "{x}{address}@a"}).text == "sender <{x}{address}@a> ok {what}"
    )

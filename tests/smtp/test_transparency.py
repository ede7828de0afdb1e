"""Line ends and leading dots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.smtp.transparency import CRLF, END_OF_DATA, dot_stuff, dot_unstuff


@pytest.mark.parametrize(
    ("message", "wire"),
    [
        pytest.param(b"", b"", id="empty"),
        pytest.param(b"a", b"a\r\n", id="the last line is ended"),
        pytest.param(b"a\nb\rc\r\n", b"a\r\nb\r\nc\r\n", id="bare LF and CR become CRLF"),
        pytest.param(b".\r\n", b"..\r\n", id="a first dot is doubled"),
        pytest.param(b"a\n.\nb\r\n", b"a\r\n..\r\nb\r\n", id="so is a smuggled one"),
        pytest.param(b"a\r\n\r\n.b", b"a\r\n\r\n..b\r\n", id="after an empty line"),
    ],
)
def test_dot_stuff(message: bytes, wire: bytes) -> None:
    assert dot_stuff(message) == wire


@given(st.lists(st.sampled_from([b".", b"\r\n", b"\n", b"\r", b"a"])).map(b"".join))
def test_no_message_can_end_itself_and_all_come_back(message: bytes) -> None:
    wire = dot_stuff(message)
    assert END_OF_DATA not in CRLF + wire
    normal = dot_unstuff(wire)
    assert dot_unstuff(dot_stuff(normal)) == normal

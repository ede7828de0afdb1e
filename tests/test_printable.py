"""Text from outside made safe to show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.printable import printable, whole


@pytest.mark.parametrize(
    ("outside", "shown"),
    [
        pytest.param("250 ok", "250 ok", id="plain text is unchanged"),
        pytest.param("안녕 Grüße", "안녕 Grüße", id="other scripts are unchanged"),
        pytest.param("안녕".encode(), "안녕", id="bytes are read as UTF-8"),
        pytest.param(b"caf\xe9", r"caf\xe9", id="a byte that is not UTF-8 is spelt"),
        pytest.param("\x1b[2J", r"\x1b[2J", id="no escape sequence gets through"),
        pytest.param("ok\r\nSun Oct 1", r"ok\r\nSun Oct 1", id="no line can be forged"),
        pytest.param("a\tb\0", r"a\tb\x00", id="tab and NUL are spelt"),
        pytest.param("\x9b31m", r"\x9b31m", id="C1 controls are spelt"),
        pytest.param("a\u202eb\u2028", r"a\u202eb\u2028", id="bidi and line separators are spelt"),
    ],
)
def test_printable(outside: bytes | str, shown: str) -> None:
    assert printable(outside) == shown


@given(st.binary() | st.text())
def test_whatever_comes_can_be_shown_and_shown_again(outside: bytes | str) -> None:
    shown = printable(outside)
    assert shown.isprintable()
    assert printable(shown) == shown


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("abc", "abc"),
        ("b\u00fccher \U0001f600", "b\u00fccher \U0001f600"),
        ("\udcff\udcfe", "\ufffd\ufffd"),
        ("a\ud800", "a\ufffd"),
    ],
)
def test_halves_of_surrogate_pairs_are_replaced(typed: str, text: str) -> None:
    assert whole(typed) == text

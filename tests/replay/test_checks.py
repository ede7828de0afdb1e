"""The check blocks: a log held against lines in order, a configuration against settings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seg_cli.replay.config_check import differences
from seg_cli.replay.log_check import Matched, Missed, check_log
from seg_cli.replay.log_items import parse_check

STAMP = "Thu Sep 26 15:23:39 2024 Info: "


def checked(block: str, log: str, start: int = 0) -> Matched | Missed:
    """Blocks and logs are written with a slash between lines; the log gets time and level."""
    lines = [STAMP + line for line in log.split("/")]
    return check_log(parse_check(block.split("/"), 1), lines, start, {})


@pytest.mark.parametrize(
    ("block", "log", "position"),
    [
        pytest.param("a/c", "a/b/c/d", 3, id="plain lines in order, others between"),
        pytest.param("a//c", "a/c", 2, id="blank lines are passed over"),
        pytest.param("a/next: b", "a/c/a/b", 4, id="the earliest place where the next line fits"),
        pytest.param("a/next: b/next: c", "a/b/c", 3, id="three adjacent lines"),
        pytest.param("next: a", "a/b", 1, id="adjacent to the start"),
        pytest.param("any: a/any: b", "b/x/a/c", 3, id="a group free in order"),
        pytest.param("any: a/any: a", "a/a", 2, id="each of a group has its own line"),
        pytest.param("x/any: a/any: b/y", "x/b/a/y", 4, id="a group between lines"),
        pytest.param("any: a/any: b/next: c", "b/a/c", 3, id="adjacent to a group"),
        pytest.param("a/not: bad/b", "bad/a/b/bad", 3, id="absent only until the next match"),
        pytest.param("a/not: bad", "bad/a/b", 2, id="absent to the end"),
        pytest.param(
            "not: bad/any: a/any: b", "b/bad/a", 3, id="absent until the first of a group"
        ),
        pytest.param("count 2: x/b", "x/a/x/b/x", 4, id="counted until the next match"),
        pytest.param("a/count 2: x", "x/a/x/b/x/c", 5, id="what was counted is behind us"),
        pytest.param("count 0: x", "a", 0, id="none is a count"),
        pytest.param("Info: a", "a", 1, id="the level may be shown"),
        pytest.param(STAMP + "a", "a", 1, id="the time stamp may be shown"),
        pytest.param("<t:ts> Info: a", "a", 1, id="the time stamp may be captured"),
        pytest.param("D <d:int> a/D <d:int> b", "D 1 a/D 2 b/D 1 b", 3, id="captures agree"),
        pytest.param("not: D <d:int> c/D <d:int> a", "D 1 a", 1, id="not, with a fresh capture"),
        pytest.param("<x:text>", "a b", 1, id="text does not swallow the time stamp"),
    ],
)
def test_a_log_fits(block: str, log: str, position: int) -> None:
    result = checked(block, log)
    assert isinstance(result, Matched)
    assert result.position == position


@pytest.mark.parametrize(
    ("block", "log", "number", "sentence"),
    [
        pytest.param("a/b", "b/a", 2, "no later line is: b", id="out of order"),
        pytest.param("a/a", "a", 2, "no later line is: a", id="one line is matched once"),
        pytest.param("a", "a b", 1, "no later line is: a", id="a part of a line is not the line"),
        pytest.param("a/next: b", "a/x/b", 2, "the next line is not: b", id="not adjacent"),
        pytest.param("not: bad/any: a/any: b", "bad/b/a", 1, "must be absent", id="before a group"),
        pytest.param("next: a", "b/a", 1, "the next line is not: a", id="not at the start"),
        pytest.param(
            "any: a/any: b", "a", 2, "no later line is: b", id="one of a group is missing"
        ),
        pytest.param("a/not: bad/b", "a/so bad it is/b", 2, "must be absent: ", id="present"),
        pytest.param("a/not: bad", "a/b/bad", 2, "must be absent: ", id="present at the end"),
        pytest.param("count 2: x", "x/x/x", 1, "3 lines instead of 2 are: x", id="too many"),
        pytest.param("count 2: x/b", "x/b/x", 1, "1 lines instead of 2 are: x", id="too few"),
        pytest.param(
            "Thu Sep 26 15:23:40 2024 Info: a", "a", 1, "no later line is", id="another time"
        ),
        pytest.param("Debug: a", "a", 1, "no later line is", id="another level"),
        pytest.param("D <d:int> a/D <d:int> b", "D 1 a/D 2 b", 2, "D 1 b", id="captures differ"),
    ],
)
def test_a_log_does_not_fit(block: str, log: str, number: int, sentence: str) -> None:
    result = checked(block, log)
    assert isinstance(result, Missed)
    assert result.number == number
    assert sentence in result.sentence


def test_a_check_begins_where_the_last_one_ended() -> None:
    assert isinstance(checked("a", "a/b", start=1), Missed)
    assert checked("a", "a/b/a", start=1) == Matched(3, {})


@given(st.lists(st.sampled_from("abc"), min_size=1), st.data())
def test_any_selection_of_a_log_in_order_fits_it(log: list[str], data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.booleans(), min_size=len(log), max_size=len(log)))
    block = [line for line, is_chosen in zip(log, chosen, strict=True) if is_chosen]
    result = check_log(parse_check(block, 1), [STAMP + line for line in log], 0, {})
    assert isinstance(result, Matched)


ENTRY = {"table_tls": "on", "limit": "500"}


@pytest.mark.parametrize(
    ("expected", "sentences"),
    [
        pytest.param({"destconfig": {"d.com": {"table_tls": "on"}}}, [], id="a part fits"),
        pytest.param({"destconfig": {"d.com": {"limit": 500}}}, [], id="numbers as spelt"),
        pytest.param({"destconfig": {"d.com": {}}}, [], id="an entry that is there"),
        pytest.param(
            {"destconfig": {"d.com": {"table_tls": "off"}}},
            ['destconfig / d.com / table_tls is "on" instead of "off"'], id="another value",
        ),
        pytest.param(
            {"destconfig": {"e.com": {}}}, ["destconfig / e.com is missing"], id="no such entry"
        ),
        pytest.param(
            {"destconfig": {"d.com": {"dane": "none"}}},
            ["destconfig / d.com / dane is missing"], id="no such setting",
        ),
        pytest.param(
            {"destconfig": {"d.com": "x"}},
            ['destconfig / d.com is a table instead of "x"'], id="a table, not a value",
        ),
    ],
)  # fmt: skip
def test_a_configuration_contains(expected: dict[str, object], sentences: list[str]) -> None:
    assert differences(expected, {"destconfig": {"d.com": ENTRY}}) == sentences

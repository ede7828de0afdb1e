"""Every requirement that was brought so far has a test that is marked with it."""

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
ID = re.compile(r'"([A-Z]+-\d\d)"')
"""Tables hand the id of each row to the mark, so any quoted id counts."""


def ids(area: str, *numbers: int) -> set[str]:
    return {f"{area}-{number:02}" for number in numbers}


BROUGHT = (
    ids("STS", *range(1, 17), *range(20, 30), *range(40, 49), *range(50, 56))
    | ids("DNS", *range(1, 9))
    | ids("TLS", *range(1, 11))
    | ids("AOS", *range(1, 9), *range(11, 14), *range(20, 35))
    | ids("DANE", *range(1, 30))
)
"""DNS, MTA-STS, STARTTLS, DANE, and the appliance's rules about them."""


def test_each_has_a_test() -> None:
    marked = {
        found[1] for file in TESTS.rglob("test_*.py") for found in ID.finditer(file.read_text())
    }
    assert sorted(BROUGHT - marked) == []

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
    | ids("DNS", 5)
    | ids("TLS", *range(1, 11))
    | ids("AOS", *range(1, 9), *range(11, 14), *range(20, 33), 34)
    | ids("DANE", 1, *range(3, 8), 10, *range(12, 16), 17, 18, *range(20, 29))
)
"""MTA-STS, STARTTLS and the appliance's rules about them; of DANE what is decided, not what is
looked up (DANE-02, 08, 09, 11, 16, 19, 29) and not `daneverify` (AOS-33)."""


def test_each_has_a_test() -> None:
    marked = {
        found[1] for file in TESTS.rglob("test_*.py") for found in ID.finditer(file.read_text())
    }
    assert sorted(BROUGHT - marked) == []

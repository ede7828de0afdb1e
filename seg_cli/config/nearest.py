"""How a table of domains is searched: the exact name first, then `.partial` domains by suffix.

At most one probe a label: the time of a look-up does not grow with the table.
"""

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def nearest(rows: Mapping[str, T], domain: str) -> T | None:
    """The row of `domain` itself, else that of the longest `.partial` domain it lies below."""
    row = rows.get(domain)
    _, dot, parent = domain.partition(".")
    while row is None and dot:
        row = rows.get(f".{parent}")
        _, dot, parent = parent.partition(".")
    return row

"""Tables in the appliance's manner: two blanks between columns, a rule of = under the headings."""

from collections.abc import Sequence

GAP = "  "


def format_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of the table; a heading of several lines stands on the rule."""
    heads = [heading.split("\n") for heading in headings]
    height = max(len(head) for head in heads)
    above = list(zip(*([""] * (height - len(head)) + head for head in heads), strict=True))
    widths = [max(map(len, column)) for column in zip(*above, *rows, strict=True)]
    rule = ["=" * width for width in widths]
    return [_join(cells, widths) for cells in [*above, rule, *rows]]


def _join(cells: Sequence[str], widths: Sequence[int]) -> str:
    return GAP.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()

"""The agreement table: what it takes for an agreement, and what it tells of the rest."""

from dataclasses import replace

from tests.interop.agreement import Agreement, Table, Tool
from tests.interop.differences import Difference
from tests.interop.report import Report

SAME = Agreement("a.example", "MX", "secure", "secure")
OTHER = Agreement("a.example", "TXT", "secure", "insecure")
TOOL = Tool("Tool", (), lambda _ground: ())
TABLE = Table("A table", "About it.", (TOOL,))
LISTED = Difference("Tool", ("*.example",), ("TXT",), "secure", "insecure", "It must.")


def report(*agreements: Agreement, listed: tuple[Difference, ...] = ()) -> Report:
    made = Report(listed)
    made.add(TOOL, agreements)
    return made


def test_agreements_are_counted() -> None:
    made = report(SAME, replace(SAME, case="A"))
    assert list(made.unlisted()) == []
    assert "| a.example | 2 |" in made.text((TABLE,))


def test_a_single_agreement_stands_with_its_words() -> None:
    assert "| a.example | secure |" in report(SAME).text((TABLE,))


def test_a_difference_without_a_reason_is_a_fault() -> None:
    made = report(SAME, OTHER)
    assert list(made.unlisted()) == ["Tool: a.example: TXT: secure / we: insecure"]
    assert "| a.example | 1 [unlisted] |" in made.text((TABLE,))


def test_a_listed_difference_is_none() -> None:
    made = report(SAME, OTHER, listed=(LISTED,))
    assert list(made.unlisted()) == []
    assert list(made.stale()) == []
    assert "| a.example | 1 [1] |" in made.text((TABLE,))
    assert "It must." in made.text((TABLE,))


def test_a_listed_difference_that_is_none_any_more_is_a_fault() -> None:
    made = report(SAME, listed=(LISTED,))
    assert list(made.stale()) == ["Tool: *.example (TXT): agreed"]


def test_a_listed_difference_of_a_tool_that_was_not_asked_is_none() -> None:
    made = Report((LISTED,))
    assert list(made.stale()) == []

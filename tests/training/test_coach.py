"""What the coach says, and what it costs."""

import pytest

from seg_cli.errors import UserError
from seg_cli.training.coach import Coach, lesson_table
from seg_cli.training.grade import Evidence, grade
from seg_cli.training.lesson import Language, lesson_names, load_lesson

LESSON = "mta-sts-on"


@pytest.fixture(params=Language)
def coach(request: pytest.FixtureRequest) -> Coach:
    return Coach(load_lesson(LESSON), request.param)


def test_hints_come_one_by_one_and_cost_points(coach: Coach) -> None:
    hints = coach.lesson.hints
    said = [coach.hint() for _ in hints]
    for hint, text in zip(hints, said, strict=True):
        assert hint.text[coach.language] in text
    assert coach.cost == sum(hint.cost for hint in hints) <= 100
    assert coach.hint() not in said
    assert coach.cost == sum(hint.cost for hint in hints)


def test_the_score_is_what_was_reached_less_the_hints(coach: Coach) -> None:
    settings = {"destconfig": {"domain.com": {"table_tls": "on", "mta_sts": "on"}}}
    coach.hint()
    marks = grade(coach.lesson, Evidence(settings, settings, []))
    lines = coach.marks(marks)
    assert any(line.startswith("switch") for line in lines)
    assert "45" in lines[-1]


def test_what_is_staged_only_is_nearly_there(coach: Coach) -> None:
    staged = {"destconfig": {"domain.com": {"table_tls": "on", "mta_sts": "on"}}}
    marks = grade(coach.lesson, Evidence({}, staged, []))
    assert marks[0].sentence == coach.lesson.goals[0].nearly


def test_the_ticket_fits_a_terminal(coach: Coach) -> None:
    assert coach.ticket()
    assert all(len(line) <= 80 for line in coach.ticket())


def test_the_list_of_lessons() -> None:
    heading, *rows = lesson_table(lesson_names(), Language.ENGLISH)
    assert heading.split() == ["lesson", "level", "minutes", "title"]
    assert [row.split()[0] for row in rows if not row.startswith(" ")] == list(lesson_names())


def test_a_lesson_that_does_not_exist() -> None:
    with pytest.raises(UserError, match="mta-sts-on"):
        load_lesson("nothing")

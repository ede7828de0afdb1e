"""seg-cli train [LESSON]: a lesson at the console, in a world of its own."""

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from seg_cli.fronts.paint import has_terminal
from seg_cli.fronts.plain import PlainTeletype
from seg_cli.lab.elapsed import running_clock
from seg_cli.lab.station import ReportBug, Station
from seg_cli.net.clock import Clock
from seg_cli.programs.coaching import coached
from seg_cli.programs.console import Front, console, nothing
from seg_cli.programs.ending import run_to_end
from seg_cli.programs.location import appliance_directory
from seg_cli.programs.opening import Logins, Opening
from seg_cli.programs.stage import plan_of
from seg_cli.shell.greeting import with_notices
from seg_cli.training.coach import Coach, lesson_table
from seg_cli.training.lesson import Language, lesson_names, load_lesson

COACH_NOTICES = {
    Language.ENGLISH: """\
[coach] {title}
[coach] Type 'lesson' for the ticket, 'lesson check' to see how you stand, 'lesson hint' for help.
""",
    Language.KOREAN: """\
[coach] {title}
[coach] 과제는 'lesson', 진행 상황은 'lesson check', 도움말은 'lesson hint'를 입력하십시오.
""",
}


def main(name: str | None, language: Language, logins: Logins[Station], on_bug: ReportBug) -> int:
    """Train a lesson, or list the lessons there are; UserError for a name that is none."""
    if name is None:
        sys.stdout.write("".join(f"{line}\n" for line in lesson_table(lesson_names(), language)))
        return 0
    coach = Coach(load_lesson(name), language)
    notices = COACH_NOTICES[language].format(title=coach.lesson.title[language])
    place = appliance_directory(None).with_name(f"lesson-{name}")
    opening = Opening(
        partial(open_station, coach, place, running_clock(place / "lab"), on_bug),
        coached(logins, coach),
        with_notices(notices),
        modules=(),
    )
    return run_to_end(console(opening, front(), opening.greeting, nothing))


def open_station(coach: Coach, place: Path, clock: Clock, on_bug: ReportBug) -> Station:
    """The world of the lesson, with the appliance in it, at the machine's time."""
    plan = plan_of(coach.lesson.world, place, on_bug)
    return Station(replace(plan, clock=clock))


def front() -> Front:
    """The terminal, or a pipe."""
    if not has_terminal():
        return PlainTeletype()
    from seg_cli.fronts.terminal import TerminalTeletype  # noqa: PLC0415 - a pipe needs none

    return TerminalTeletype()
